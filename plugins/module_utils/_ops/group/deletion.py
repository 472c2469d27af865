# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ends a group: scales it in to nothing, or ends its instances by force, and deletes it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..._aws.group import autoscaling
from ..._aws.group.parts import describe_hooks, describe_schedules
from ..._core.base.errors import BluegreenError
from ..._core.base.groups import is_being_deleted
from ..._core.group.in_use import Group
from ..._core.group.removal import Removal, hook_seconds, is_empty, left_message, members
from ..._core.group.removal_plan import Leaving, RemovalPlan
from ..._core.group.removal_protection import guards_of, lifted_guards
from ..._core.targets.members import Members
from ..base.lost_answers import unless_done
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..base.wait import poll
from ..targets.health import read_delay
from ..targets.members import find_group
from .emptying import Emptying
from .removal_guard import Guard

GONE_SECONDS = 600  # how long AWS may take to end instances, next to drains and hooks


def end(run: Run, plan: RemovalPlan, leaving: Leaving, guard: Guard) -> None:
    """What has served is emptied first: only what never did is ended by force."""
    if plan.asked.force:
        if lifted := lifted_guards(leaving.group):
            when_free(run, partial(autoscaling.update_group, run.client("autoscaling"), leaving.name, lifted))
        guard()
    else:
        _empty(run, plan, guard)
    _delete(run, plan.asked)


def _empty(run: Run, plan: RemovalPlan, guard: Guard) -> None:
    asked = plan.asked
    schedules = describe_schedules(run.client("autoscaling"), asked.name)
    if (group := guard()) is None:
        return
    emptying = Emptying(run, group, bool(schedules))
    if not is_empty(group) or group["MaxSize"] or guards_of(group):
        emptying.scale_in(asked.spread_seconds, guard)
        if not emptying.has_ended():
            emptying.wait(_bound(run, asked.name, group) if asked.wait_timeout is None else asked.wait_timeout)


def wait_until_gone(run: Run, asked: Removal) -> None:
    timeout = asked.wait_timeout or GONE_SECONDS
    doing = f"waiting until the instances of {asked.name} are terminated"
    run.progress(doing)
    group = poll(run, doing, partial(find_group, run, asked.name), lambda seen: seen is None, timeout)
    if group is not None:
        raise BluegreenError(
            f"{asked.name} is still being deleted after {timeout:g} s; instances left: {left_message(group)}. "
            "Run again to continue waiting.",
            instances=members(group),
        )


def _bound(run: Run, name: str, group: Group) -> int:
    """As long as the target groups that it is still in may drain, and then its termination hooks may take."""
    arns: Sequence[str] = Members.read(group).target_groups
    hooks, *delays = together(
        partial(describe_hooks, run.client("autoscaling"), name), *[partial(read_delay, run, arn) for arn in arns]
    )
    return max(delays, default=0) + hook_seconds(hooks) + GONE_SECONDS


def _delete(run: Run, asked: Removal) -> None:
    """AWS knows no group any more whose deletion was done, or refuses to delete it twice."""
    client = run.client("autoscaling")

    def delete() -> bool:
        when_free(run, partial(autoscaling.delete_group, client, asked.name, force=asked.force), GONE_SECONDS)
        return True

    def is_deleted() -> bool | None:
        group = find_group(run, asked.name)
        return group is None or is_being_deleted(group) or None

    unless_done(delete, "ValidationError", is_deleted)
