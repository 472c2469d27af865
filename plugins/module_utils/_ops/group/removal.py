# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes an environment's Auto Scaling group with its instances, and what was made for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from ..._aws.bake import cloudwatch
from ..._aws.group import autoscaling
from ..._aws.group import parts as group_parts
from ..._core.base.errors import BluegreenError
from ..._core.group.guards import guards_of, lifted_guards
from ..._core.group.policy_alarms import alarm_prefix, made_for
from ..._core.group.removal import check_removable, hook_seconds, is_empty, left_message, members
from ..._core.targets.members import Members
from ..base.lost_answers import unless_done
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..base.wait import poll
from ..launch.template_versions import prune_versions
from ..targets.health import read_delay
from .emptying import Emptying
from .parts import read_alarm_tags

GONE_SECONDS = 600  # how long AWS may take to end instances, beside drains and hooks

Group = Mapping[str, Any]
Removed = dict[str, list[str]]
Guard = Callable[[], None]  # asked right before each call that ends instances: an error keeps them


def remove(options: Mapping[str, Any], run: Run, guard: Guard) -> dict[str, Any]:
    """State absent of module autoscaling_clone.

    The alarms are found without the group, by their tags, so a run that died after the group was gone is completed.
    """
    name, service, keep = options["name"], options["service"], options["keep_versions"]
    _check(options)
    group = _read(run, name)
    if group:
        check_removable(group, service, force=options["force"])
    leaving = group is not None and "Status" in group  # only a group that is being deleted has one
    removed, hooks = _find_parts(run, name, service, None if leaving else group)
    if not run.check_mode:
        if group and not leaving:
            _delete(options, run, group, hooks, removed["schedules"], guard)
        if group and options["wait"]:
            _wait_until_gone(run, name, options["wait_timeout"] or GONE_SECONDS)
        if removed["alarms"]:
            cloudwatch.delete_alarms(run.client("cloudwatch"), removed["alarms"])
    said: list[str] = []
    if group and keep is not None:
        removed["launch_template_versions"], said = prune_versions(run, group, service, keep)
    before = {"name": name, "instances": members(group)} if group else {}
    present = {kind: found for kind, found in removed.items() if found}
    return {
        "changed": bool(present) or (group is not None and not leaving),
        "group": None,
        "removed": removed,
        "warnings": said,
        "diff": {"before": {**before, **present}, "after": {}},
    }


def _check(options: Mapping[str, Any]) -> None:
    for option in ("spread_seconds", "keep_versions"):
        if (options[option] or 0) < 0:
            raise BluegreenError(f"{option} is {options[option]}; it can't be below 0.")
    if not options["wait"] and not options["force"]:
        raise BluegreenError("wait: false goes with force only. Otherwise the group is deleted once it is empty.")


def _find_parts(run: Run, name: str, service: str, group: Group | None) -> tuple[Removed, list[Group]]:
    """What goes with the group, and the alarms that would stay; and its hooks as they are described."""
    client = run.client("autoscaling")
    reads = [partial(cloudwatch.find_alarms, run.client("cloudwatch"), alarm_prefix(name))]
    if group:
        reads += [
            partial(group_parts.describe_policies, client, name),
            partial(group_parts.describe_hooks, client, name),
            partial(group_parts.describe_schedules, client, name),
        ]
    alarms, *parts = together(*reads)
    policies, hooks, schedules = parts or ([], [], [])
    removed = {
        "alarms": made_for(name, service, read_alarm_tags(run, alarms)),
        "policies": sorted(each["PolicyName"] for each in policies),
        "hooks": sorted(each["LifecycleHookName"] for each in hooks),
        "schedules": sorted(each["ScheduledActionName"] for each in schedules),
        "launch_template_versions": [],
    }
    return removed, hooks


def _delete(
    options: Mapping[str, Any], run: Run, group: Group, hooks: Sequence[Group], schedules: Sequence[str], guard: Guard
) -> None:
    """What has served is emptied first: only what never did is ended by force."""
    name, client, timeout = options["name"], run.client("autoscaling"), options["wait_timeout"]
    if options["force"]:
        if lifted := lifted_guards(group):
            when_free(run, partial(autoscaling.update_group, client, name, lifted))
        guard()
    else:
        emptying = Emptying(run, group, schedules)
        if not is_empty(group) or group["MaxSize"] or guards_of(group):
            emptying.scale_in(options["spread_seconds"], guard)
        emptying.wait(_bound(run, group, hooks) if timeout is None else timeout)
    _delete_group(run, name, force=options["force"])


def _bound(run: Run, group: Group, hooks: Sequence[Group]) -> int:
    """As long as the target groups that it is still in may drain, and then its termination hooks may take."""
    arns = Members.read(group).target_groups
    delays = together(*[partial(read_delay, run, arn) for arn in arns])
    return max(delays, default=0) + hook_seconds(hooks) + GONE_SECONDS


def _delete_group(run: Run, name: str, *, force: bool) -> None:
    """AWS knows no group any more whose deletion was done, or refuses to delete it twice."""

    def delete() -> bool:
        when_free(run, partial(autoscaling.delete_group, run.client("autoscaling"), name, force=force), GONE_SECONDS)
        return True

    def is_deleted() -> bool | None:
        group = _read(run, name)
        return group is None or "Status" in group or None

    unless_done(delete, "ValidationError", is_deleted)


def _read(run: Run, name: str) -> Group | None:
    return next(iter(autoscaling.describe_groups(run.client("autoscaling"), names=[name])), None)


def _wait_until_gone(run: Run, name: str, timeout: float) -> None:
    run.progress(f"waiting until the instances of {name} are terminated")
    group = poll(partial(_read, run, name), lambda seen: seen is None, run.clock, timeout)
    if group is not None:
        raise BluegreenError(
            f"{name} is still being deleted after {timeout:g} s; instances left: {left_message(group)}. "
            "Run again to go on waiting.",
            instances=members(group),
        )
