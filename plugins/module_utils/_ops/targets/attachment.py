# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attaches an Auto Scaling group to a target group, and detaches it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.targets.members import Members
from ..._core.targets.registration import Registration, Target, TargetGroup, missing, present
from ..base.lost_answers import unless_done
from ..base.run import Run
from .health import Waiting, await_drained, read_targets, require_in_use, result_of, watch
from .instance_wait import InstanceWait
from .members import read_members


def attach(run: Run, name: str, group: TargetGroup, waiting: Waiting | None) -> dict[str, Any]:
    """The group registers its instances itself: those that it has now, and those that it launches later."""
    members = read_members(run, name)
    before = after = read_targets(run, group.arn)
    attached = group.arn in members.target_groups
    joining = [] if attached else missing([Registration(each.id, group.port) for each in members.serving], before)
    if not run.check_mode:
        waits = waiting if members.desired > 0 else None
        if waits:
            require_in_use([group, *_read_others(run, members, group)])
        if not attached:
            autoscaling.attach_target_group(run.client("autoscaling"), name, group.arn)
        if waits:
            after = watch(run, "healthy", InstanceWait(run, name, group).look, waits).targets
    return _result(before, after, joining, [], was=attached, now=True)


def detach(run: Run, name: str, group: TargetGroup, waiting: Waiting | None) -> dict[str, Any]:
    """The group deregisters its instances itself; what others registered in the target group stays there."""
    members = read_members(run, name)
    before = after = read_targets(run, group.arn)
    attached = group.arn in members.target_groups
    leaving = present(members.everyone, before) if attached else []
    if not run.check_mode:
        awaited = members.everyone
        if attached:
            write_detached(run, name, group.arn)
            # an instance that came up between the read and the detachment leaves with the others
            awaited = list({*awaited, *read_members(run, name).everyone})
        if waiting:
            after = await_drained(run, group, awaited, replace(waiting, times=1))
        else:
            after = read_targets(run, group.arn)
    return _result(before, after, [], leaving, was=attached, now=False)


def write_detached(run: Run, group: str, target_group: str) -> None:
    """AWS refuses to detach what is not attached (any more) with a ValidationError."""

    def is_detached() -> bool | None:
        return target_group not in read_members(run, group).target_groups or None

    def write() -> bool:
        autoscaling.detach_target_group(run.client("autoscaling"), group, target_group)
        return True

    unless_done(write, "ValidationError", is_detached)


def _read_others(run: Run, members: Members, group: TargetGroup) -> list[TargetGroup]:
    """The other target groups that the group's instances have to be healthy in."""
    others = [arn for arn in members.target_groups if arn != group.arn]
    return list(map(TargetGroup.read, elbv2.describe_target_groups_by_arn(run.client("elbv2"), others)))


def _result(
    before: Sequence[Target],
    after: Sequence[Target],
    joining: Sequence[Registration],
    leaving: Sequence[Target],
    *,
    was: bool,
    now: bool,
) -> dict[str, Any]:
    """A group without instances is attached or detached all the same."""
    result = result_of(before, after, joining, leaving)
    sides = {"before": was, "after": now}
    diff = {side: {**result["diff"][side], "attached": attached} for side, attached in sides.items()}
    return result | {"changed": was != now, "diff": diff}
