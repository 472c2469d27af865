# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looks whether target groups can carry what they are to be given."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._core.traffic.requirements import Requirement, refuse_to_raise
from ..base.run import Run, together
from ..base.wait import poll
from ..launch.templates import read_images
from ..targets.health import read_targets

# DescribeTargetHealth is eventually consistent: a healthy target may be reported as something else for a moment.
PATIENCE_SECONDS = 3.0


def require_carriers(run: Run, requirements: Sequence[Requirement]) -> bool:
    """An error unless all are met. Whether that took more than one look, so that what was read before may be old."""
    if not requirements:
        return False
    looks: list[list[str]] = []

    def look() -> list[str]:
        looks.append(_findings(run, requirements))
        return looks[-1]

    doing = "waiting until it can carry the traffic"
    refuse_to_raise(poll(run, doing, look, lambda found: not found, PATIENCE_SECONDS, first=0.5, standing=" ".join))
    return len(looks) > 1


def _findings(run: Run, requirements: Sequence[Requirement]) -> list[str]:
    names = [name for each in requirements for name in (each.group, each.zones_of) if name]
    groups, *targets = together(
        partial(_groups, run, names), *[partial(read_targets, run, each.target_group) for each in requirements]
    )
    asked = [groups[each.group] for each in requirements if each.image_id and each.group in groups]
    images = read_images(run, asked) if asked else {}
    found = [
        each.finding(its, groups.get(each.group or ""), images.get(each.group or ""), groups.get(each.zones_of or ""))
        for each, its in zip(requirements, targets, strict=True)
    ]
    return [finding for finding in found if finding]


def _groups(run: Run, names: Sequence[str]) -> dict[str, Any]:
    found = autoscaling.describe_groups(run.client("autoscaling"), names=list(names)) if names else []
    return {group["AutoScalingGroupName"]: group for group in found}
