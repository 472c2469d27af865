# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the jobs before this one have done, in a workflow of AWX or Automation Controller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.base.end_states import REFUSED
from ..module_utils._core.release.export import key_of
from .owner import AWX_WORKFLOW


def of_workflow(variables: Mapping[str, Any], service: str) -> dict[str, Any]:
    """Options of traffic_return, so that it takes back what these jobs have released: a workflow passes the artifacts
    of its jobs on as extra variables (AWX documentation, "Workflows"). A job that is launched again by itself still has
    them, and takes back whatever is there."""
    outcome = variables.get(key_of(service))
    if not variables.get(AWX_WORKFLOW) or not isinstance(outcome, Mapping):
        return {}
    released = outcome.get("to")
    image = released.get("image_id") if isinstance(released, Mapping) else None
    if outcome.get("end_state") == REFUSED:
        return {"only_image": image or "", "spare_others": True}
    return {"only_image": image} if image else {}
