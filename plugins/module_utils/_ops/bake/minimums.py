# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads how many targets are to be healthy while a release bakes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._args.bake.bake import HealthOptions
from ..._aws.group import autoscaling
from ..._core.group.least_healthy import least_healthy
from ..base.run import Run


def read_minimums(run: Run, wanted: Sequence[HealthOptions]) -> list[int]:
    """How many healthy targets each is to have, all groups in one call: ``minimum_healthy``, or so much of the
    ``capacity`` of its ``group``."""
    names = [each.group for each in wanted if each.group and each.minimum_healthy is None]
    found = autoscaling.describe_groups(run.client("autoscaling"), names=names) if names else []
    groups = {group["AutoScalingGroupName"]: group for group in found}
    return [_minimum(each, groups.get(each.group or "")) for each in wanted]


def _minimum(wanted: HealthOptions, group: Mapping[str, Any] | None) -> int:
    if wanted.minimum_healthy is not None:
        return wanted.minimum_healthy
    if group is None:
        return 1 if wanted.group else 0  # one that is gone serves nobody
    return least_healthy(group, wanted.capacity, wanted.percent)
