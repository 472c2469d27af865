# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the jobs before this one have done, in a workflow of AWX or Automation Controller."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..module_utils._core.release.export import key_of
from ..module_utils._core.release.outcome import REFUSED
from .owner import AWX_WORKFLOW


def image_of_workflow(variables: Mapping[str, Any], service: str) -> str | None:
    """The image that they have released: a workflow passes the artifacts of its jobs on as extra variables (AWX
    documentation, "Workflows"). Empty if the last one was refused, and so has released nothing. None for any image;
    also for a job that is launched again by itself, which still has them."""
    outcome = variables.get(key_of(service))
    if not variables.get(AWX_WORKFLOW) or not isinstance(outcome, Mapping):
        return None
    if outcome.get("end_state") == REFUSED:
        return ""
    released = outcome.get("to")
    return (released.get("image_id") or None) if isinstance(released, Mapping) else None
