# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes an environment's Auto Scaling group with its instances, and what was made for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from .._aws import autoscaling, cloudwatch, group_parts
from .._core.clone_parts import warm_pool_of
from .._core.errors import BluegreenError
from .._core.policy_alarms import alarm_prefix, made_for
from .._core.removal import check_removable, members, protected, shrinking_sizes, told_left
from .busy import when_free
from .group_parts import read_alarm_tags
from .lost_answers import unless_done
from .run import Run, together
from .template_versions import prune_versions
from .wait import poll

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
        check_removable(group, service)
    leaving = group is not None and "Status" in group  # only a group that is being deleted has one
    removed = _find_parts(run, name, service, None if leaving else group)
    if not run.check_mode:
        if group:
            _delete(options, run, group, leaving, guard)
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


def _find_parts(run: Run, name: str, service: str, group: Group | None) -> Removed:
    """What goes with the group, and the alarms that would stay."""
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
    return {
        "alarms": made_for(name, service, read_alarm_tags(run, alarms)),
        "policies": sorted(each["PolicyName"] for each in policies),
        "hooks": sorted(each["LifecycleHookName"] for each in hooks),
        "schedules": sorted(each["ScheduledActionName"] for each in schedules),
        "launch_template_versions": [],
    }


def _delete(options: Mapping[str, Any], run: Run, group: Group, leaving: bool, guard: Guard) -> None:
    name = options["name"]
    if not leaving:
        if options["spread_seconds"]:
            _shrink(run, group, options["spread_seconds"], guard)
        guard()
        _delete_group(run, name, options["wait_timeout"])
    if options["wait"]:
        _wait_until_gone(run, name, options["wait_timeout"])


def _delete_group(run: Run, name: str, timeout: float) -> None:
    """AWS knows no group any more whose deletion was done, or refuses to delete it twice."""

    def delete() -> bool:
        when_free(run, partial(autoscaling.delete_group, run.client("autoscaling"), name), timeout)
        return True

    def is_deleted() -> bool | None:
        group = _read(run, name)
        return group is None or "Status" in group or None

    unless_done(delete, "ValidationError", is_deleted)


def _shrink(run: Run, group: Group, seconds: int, guard: Guard) -> None:
    """AWS itself deregisters, drains and terminates what is above the maximum; so it gets the time for it."""
    client, name = run.client("autoscaling"), group["AutoScalingGroupName"]
    if warm_pool_of(group):  # it would take up what the group gives away
        when_free(run, partial(group_parts.delete_warm_pool, client, name))
    if instances := protected(group):
        when_free(run, partial(group_parts.unprotect_instances, client, name, instances))
    sizes = shrinking_sizes(group["DesiredCapacity"])
    for size in sizes:
        run.progress(f"shrinking {name} to {size}")
        guard()
        when_free(run, partial(autoscaling.resize_group, client, name, {"MinSize": 0, "MaxSize": size}))
        run.clock.sleep(seconds / len(sizes))


def _read(run: Run, name: str) -> Group | None:
    return next(iter(autoscaling.describe_groups(run.client("autoscaling"), names=[name])), None)


def _wait_until_gone(run: Run, name: str, timeout: float) -> None:
    run.progress(f"waiting until the instances of {name} are terminated")
    group = poll(partial(_read, run, name), lambda seen: seen is None, run.clock, timeout)
    if group is not None:
        raise BluegreenError(
            f"{name} is still being deleted after {timeout} s; instances left: {told_left(group)}. "
            "Run again to go on waiting.",
            instances=members(group),
        )
