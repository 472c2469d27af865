# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Attaches an Auto Scaling group to a target group, and detaches it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.base.arns import is_arn
from ..._core.base.errors import BluegreenError
from ..._core.targets.members import Members
from ..._core.targets.registration import Look, Registration, Target, TargetGroup, missing, present
from ..._core.targets.sight import Sight
from ..base.lost_answers import unless_done
from ..base.run import Run
from .health import Waiting, await_drained, read_targets, require_in_use, result_of, watch
from .instance_wait import InstanceWait
from .members import read_members
from .target_groups import require_target_group


def attach(run: Run, name: str, target_group: str, waiting: Waiting | None) -> dict[str, Any]:
    """The group registers its instances itself: those that it has now, and those that it launches later.

    ``target_group`` is a name or an ARN. One that is attached, with every target healthy, is in use for certain, and
    nothing more has to be known about it.
    """
    arn = target_group if is_arn(target_group) else require_target_group(run, target_group).arn
    wait = InstanceWait(run, name, arn)
    sight = wait.read()
    members, before = sight.members, sight.targets[arn]
    attached, waits = arn in members.target_groups, waiting if members.desired > 0 else None
    joining: list[Registration] = []
    if not (attached and sight.look().reached):
        groups = _read_target_groups(run, [arn, *members.target_groups])
        if waits and not run.check_mode:
            require_in_use(list(groups.values()))
        if not attached:
            joining = missing([Registration(each.id, groups[arn].port) for each in members.serving], before)
    if run.check_mode:
        return _result(before, before, joining, [], was=attached, now=True)
    if not attached:
        run.before_write()
        autoscaling.attach_target_group(run.client("autoscaling"), name, arn)
    after = _await_healthy(run, wait, waits, sight if attached else None) if waits else before
    return _result(before, after, joining, [], was=attached, now=True)


def await_members(run: Run, name: str, waiting: Waiting, seen: Members | None = None) -> Sequence[Target]:
    """Until every instance is healthy in each target group that its group is attached to, and these targets.

    ``seen``: the group, if it was read just now.
    """
    members = seen or read_members(run, name)
    if not members.target_groups:
        raise BluegreenError(
            f"{name} is attached to no target group, so AWS checks the health of none of its instances. Attach it "
            "(module target_registration), or do not wait."
        )
    wait = InstanceWait(run, name, members.target_groups[0])
    return _await_healthy(run, wait, waiting, wait.read(members))


def _await_healthy(run: Run, wait: InstanceWait, waiting: Waiting, seen: Sight | None) -> Sequence[Target]:
    """``seen`` is the first look, if that was taken already."""
    ahead = [seen] if seen else []

    def look() -> Look:
        sight = ahead.pop() if ahead else wait.read()
        _require_in_use(run, sight)
        return wait.look(sight)

    return watch(run, "healthy", look, waiting, wait.confirm, explain=wait.explain).targets


def _require_in_use(run: Run, sight: Sight) -> None:
    """Asked only where a target says that it is not in use, which it also is in a zone that its load balancer does not
    have (TargetHealth in the API reference)."""
    if arns := [arn for arn, found in sight.targets.items() if any(target.unused for target in found)]:
        require_in_use(list(_read_target_groups(run, arns).values()))


def detach(run: Run, name: str, group: TargetGroup, waiting: Waiting | None) -> dict[str, Any]:
    """The group deregisters its instances itself; what others registered in the target group stays there."""
    members = read_members(run, name)
    before = after = read_targets(run, group.arn)
    attached = group.arn in members.target_groups
    leaving = present(members.everyone, before) if attached else []
    if not run.check_mode:
        awaited = members.everyone
        if attached:
            run.before_write()
            write_detached(run, name, group.arn)
            # an instance that came up between the read and the detachment leaves with the others
            awaited = list({*awaited, *read_members(run, name).everyone})
        after = await_drained(run, group, awaited, waiting) if waiting else read_targets(run, group.arn)
    return _result(before, after, [], leaving, was=attached, now=False)


def write_detached(run: Run, group: str, target_group: str) -> None:
    """AWS refuses to detach what is not attached (any more) with a ValidationError."""

    def is_detached() -> bool | None:
        return target_group not in read_members(run, group).target_groups or None

    def write() -> bool:
        autoscaling.detach_target_group(run.client("autoscaling"), group, target_group)
        return True

    unless_done(write, "ValidationError", is_detached)


def _read_target_groups(run: Run, arns: Sequence[str]) -> dict[str, TargetGroup]:
    """The target groups by their ARNs."""
    found = elbv2.describe_target_groups_by_arn(run.client("elbv2"), list(dict.fromkeys(arns)))
    return {each["TargetGroupArn"]: TargetGroup.read(each) for each in found}


def _result(
    before: Sequence[Target],
    after: Sequence[Target],
    joining: Sequence[Registration],
    leaving: Sequence[Target],
    *,
    was: bool,
    now: bool,
) -> dict[str, Any]:
    """A group without instances is attached or detached anyway."""
    result = result_of(before, after, joining, leaving)
    sides = {"before": was, "after": now}
    diff = {side: {**result["diff"][side], "attached": attached} for side, attached in sides.items()}
    return result | {"changed": was != now, "diff": diff}
