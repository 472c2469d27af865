# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finder: whether the group that a release removes first can be removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..._aws.group import autoscaling
from ..._core.group.guards import retained_message
from ..base.run import Run
from .release_inputs import ReleaseInputs


def find_retained(_options: Mapping[str, Any], run: Run, inputs: ReleaseInputs) -> list[str]:
    """Everything else that guards it is taken off when it is removed."""
    if not inputs.release.replaces:
        return []
    found = autoscaling.describe_groups(run.client("autoscaling"), names=[str(inputs.release.candidate)])
    return [said for group in found if (said := retained_message(group))]
