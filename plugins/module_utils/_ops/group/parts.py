# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what an Auto Scaling group has in addition to its fields, and gives it to a clone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ..._aws.bake import cloudwatch
from ..._aws.group import parts as group_parts
from ..._core.group.clone_parts import FollowUp, Parts
from ..._core.group.scaling_policies import alarm_names
from ..bake.alarms import describe_alarms
from ..base.retry_in_use import when_free
from ..base.run import Run, together


def read_parts(run: Run, group: str) -> Parts:
    attached = read_attached(run, group)
    # A composite alarm can't set a policy off (PutCompositeAlarm in the API reference).
    alarms = [each for each in describe_alarms(run, alarm_names(attached.policies)) if "AlarmRule" not in each]
    return replace(attached, alarms=alarms, alarm_tags=read_alarm_tags(run, alarms))


def read_attached(run: Run, group: str) -> Parts:
    """Without the alarms."""
    client = run.client("autoscaling")
    return Parts(
        *together(
            partial(group_parts.describe_hooks, client, group),
            partial(group_parts.describe_policies, client, group),
            partial(group_parts.describe_schedules, client, group),
            partial(group_parts.describe_notifications, client, group),
        )
    )


def read_alarm_tags(run: Run, alarms: Sequence[Any]) -> dict[str, dict[str, str]]:
    """The tags of alarms by the alarm's name. CloudWatch returns the tags of one alarm a call."""
    if not alarms:
        return {}
    client = run.client("cloudwatch")
    tags = together(*[partial(cloudwatch.describe_tags, client, alarm["AlarmArn"]) for alarm in alarms])
    return dict(zip([alarm["AlarmName"] for alarm in alarms], tags, strict=True))


def put_parts(run: Run, group: str, follow_up: FollowUp) -> None:
    """All of it, in the order of FollowUp; again, if a run died before."""
    client = run.client("autoscaling")
    writes: list[Callable[[], None]] = []
    if follow_up.suspended:
        writes.append(partial(group_parts.suspend_processes, client, group, follow_up.suspended))
    writes += [partial(group_parts.enable_metrics, client, group, each) for each in follow_up.metrics]
    writes += [partial(group_parts.put_notification, client, group, each) for each in follow_up.notifications]
    if follow_up.warm_pool:
        writes.append(partial(group_parts.put_warm_pool, client, group, follow_up.warm_pool))
    for write in writes:
        when_free(run, write)
    _put_policies(run, follow_up)
    if follow_up.schedules:
        when_free(run, partial(group_parts.put_schedules, client, group, follow_up.schedules))


def _put_policies(run: Run, follow_up: FollowUp) -> None:
    client = run.client("autoscaling")
    made = [when_free(run, partial(group_parts.put_policy, client, each)) for each in follow_up.policies]
    arns = dict(zip(follow_up.parts.policy_arns, made, strict=True))
    for request in follow_up.alarms(arns):
        cloudwatch.put_alarm(run.client("cloudwatch"), request)
