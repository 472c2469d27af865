# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares a candidate that a release would continue with, and the live group that it was built from."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._core.base.tags import COPYING, SERVICE, tags_of
from ..._core.group.clone_parts import follow_up
from ..._core.group.drift import attached, drifted, launched, settings
from ..._core.group.repointing import Repointing
from ..._core.launch.templates import Contents, Data
from ..._core.targets.members import target_groups_of
from ..base.run import Run, together
from ..launch.templates import read_launch_data
from .parts import read_attached
from .repointing import read_target_groups, read_twins

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it


def read_drift(
    run: Run,
    source: Group,
    data: Data,
    image: Mapping[str, Any],
    candidate: str,
    pairs: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """``data`` is what the source launches; ``pairs``: the candidate's target groups by the source's, by ARN. A
    candidate with another image is built again, so nothing drifted."""
    found = autoscaling.describe_groups(run.client("autoscaling"), names=[candidate])
    launches = read_launch_data(run, found)
    group = next((each for each in found if launches[candidate].get("ImageId") == image["ImageId"]), None)
    if group is None:
        return []
    accepted = autoscaling.accepted_fields(run.client("autoscaling"))
    contents = Contents(image["ImageId"], image.get("RootDeviceName"))
    before = settings(source, accepted["group"]) | launched(source, data, contents)
    after = settings(group, accepted["group"]) | launched(group, launches[candidate], contents)
    if COPYING not in tags_of(group):  # it still gets the rest
        before_rest, after_rest = _attached(run, source, group, accepted, pairs or {})
        before, after = before | before_rest, after | after_rest
    return drifted(candidate, before, after)


def _attached(
    run: Run, source: Group, candidate: Group, accepted: Mapping[str, frozenset[str]], pairs: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the candidate would get of the source now, and what it has."""
    name, service = candidate["AutoScalingGroupName"], tags_of(candidate).get(SERVICE, "")
    parts, its_parts, target_groups = together(
        partial(read_attached, run, source["AutoScalingGroupName"]),
        partial(read_attached, run, name),
        partial(read_target_groups, run, target_groups_of(candidate)),
    )
    twins, now = read_twins(run, source, parts, target_groups, pairs), run.clock.now()
    repointing = Repointing.between(source["AutoScalingGroupName"], name, twins)
    wanted = follow_up(source, parts, service, repointing, accepted, now)
    has = follow_up(candidate, its_parts, service, Repointing(name, name, {}), accepted, now)
    return attached(wanted, accepted["hook"]), attached(has, accepted["hook"])
