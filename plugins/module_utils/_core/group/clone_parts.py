# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a clone is given in addition to the fields of its group."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
from typing import Any

from ..base.errors import BluegreenError
from ..base.fields import carried
from ..base.groups import suspended_on
from . import lifecycle_hooks
from .policy_alarms import alarm_name, alarm_request
from .repointing import Repointing
from .scaling_policies import policy_request
from .schedules import schedule_requests

Item = Mapping[str, Any]
Request = dict[str, Any]
Accepted = Mapping[str, Collection[str]]  # what the API takes: "group", "hook", "policy", "alarm", …

# Without these a group launches nothing, or launches what is never registered, even after they are resumed.
BRING_UP = {"Launch", "AddToLoadBalancer"}
NOTIFICATION_READ = {"AutoScalingGroupName", "NotificationType"}


@dataclass(frozen=True)
class Parts:
    """What a group has in addition to its fields, as the Describe calls return it."""

    hooks: Sequence[Item] = ()
    policies: Sequence[Item] = ()
    schedules: Sequence[Item] = ()
    notifications: Sequence[Item] = ()
    alarms: Sequence[Item] = ()  # that set the policies off
    alarm_tags: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def policy_arns(self) -> list[str]:
        return [policy["PolicyARN"] for policy in self.policies]


@dataclass(frozen=True)
class FollowUp:
    """What CreateAutoScalingGroup can't say, as requests in the order in which they are made.

    Each can be made again, so a run that died in between is completed by doing all of it. What is suspended comes
    first, before it happens. What changes the capacity comes last, so that until all else is in place the group stays
    at the size that it is created with; from then on it scales as the source does.
    """

    suspended: list[str]
    metrics: list[Request]
    notifications: list[Request]
    warm_pool: Request | None
    policies: list[Request]
    schedules: list[Request]
    parts: Parts
    service: str
    accepted: Accepted
    repointing: Repointing

    def __bool__(self) -> bool:
        return any((self.suspended, self.metrics, self.notifications, self.warm_pool, self.policies, self.schedules))

    def alarms(self, policy_arns: Mapping[str, str]) -> list[Request]:
        """Once the policies have ARNs, given by those of the source's."""
        return [
            alarm_request(
                alarm,
                self.parts.alarm_tags.get(alarm["AlarmName"], {}),
                self.service,
                policy_arns,
                self.accepted["alarm"],
                self.repointing,
            )
            for alarm in self.parts.alarms
        ]

    def as_data(self) -> dict[str, Any]:
        """What the clone has of the source in addition to the fields of its group, by name."""
        repointing = self.repointing
        return {
            "alarms": sorted(
                alarm_name(each["AlarmName"], repointing.group, repointing.clone) for each in self.parts.alarms
            ),
            "hooks": sorted(each["LifecycleHookName"] for each in self.parts.hooks),
            "metrics": [metric for each in self.metrics for metric in each["Metrics"]],
            "notifications": [each["TopicARN"] for each in self.notifications],
            "policies": sorted(each["PolicyName"] for each in self.policies),
            "schedules": sorted(each["ScheduledActionName"] for each in self.schedules),
            "suspended_processes": self.suspended,
            "warm_pool": self.warm_pool is not None,
        }


def follow_up(
    source: Item, parts: Parts, service: str, repointing: Repointing, accepted: Accepted, now: float
) -> FollowUp:
    return FollowUp(
        suspended=sorted(suspended_on(source) - BRING_UP),
        metrics=_metrics(source),
        notifications=_notifications(parts, accepted["notification"]),
        warm_pool=carried(warm_pool_of(source), accepted["warm_pool"]) or None,
        policies=[policy_request(policy, accepted["policy"], repointing) for policy in parts.policies],
        schedules=schedule_requests(parts.schedules, accepted["schedule"], now),
        parts=replace(parts, hooks=lifecycle_hooks.copied(parts.hooks)),
        service=service,
        accepted=accepted,
        repointing=repointing,
    )


def check_follow_up(follow_up: FollowUp) -> None:
    """What would fail half-way: AWS refuses a policy on requests that nothing forwards."""
    named: dict[str, str] = {}
    for alarm in (each["AlarmName"] for each in follow_up.parts.alarms):
        name = alarm_name(alarm, follow_up.repointing.group, follow_up.repointing.clone)
        if other := named.get(name):
            raise BluegreenError(f"The copies of alarms {other} and {alarm} would both be named {name}. Rename one.")
        named[name] = alarm
    bound = [*follow_up.parts.policies, *follow_up.parts.alarms]
    for name in follow_up.repointing.unreached(bound):
        raise BluegreenError(
            f"Scaling policies of {follow_up.repointing.group} follow its target group, and those of its clone are to "
            f"follow {name}, which no listener or rule forwards to yet. Put it in with weight 0 first."
        )


def warm_pool_of(source: Item) -> Item:
    """One with a status is being deleted."""
    pool: Item = source.get("WarmPoolConfiguration") or {}
    return {} if pool.get("Status") else pool


def _metrics(source: Item) -> list[Request]:
    by_granularity = itemgetter("Granularity")
    enabled = sorted(source.get("EnabledMetrics", []), key=by_granularity)
    return [
        {"Granularity": granularity, "Metrics": sorted(each["Metric"] for each in metrics)}
        for granularity, metrics in groupby(enabled, by_granularity)
    ]


def _notifications(parts: Parts, accepted: Collection[str]) -> list[Request]:
    """One call takes all the types of a topic, which are returned one by one."""
    by_topic = itemgetter("TopicARN")
    topics = [list(each) for _topic, each in groupby(sorted(parts.notifications, key=by_topic), by_topic)]
    return [
        {
            **carried(topic[0], set(accepted) - NOTIFICATION_READ),
            "NotificationTypes": sorted(each["NotificationType"] for each in topic),
        }
        for topic in topics
    ]
