# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a clone does not have of its source, each named: never silence."""

from __future__ import annotations

from collections.abc import Sequence

from ..base.fields import left_behind
from ..base.groups import suspended_on
from . import policy_alarms, scaling_policies, schedules
from .clone import unknown_fields, unweighted
from .clone_parts import BRING_UP, NOTIFICATION_READ, Accepted, Item, Parts, warm_pool_of
from .lifecycle_hooks import left_out
from .policy_alarms import foreign_policies
from .scaling_policies import alarm_names
from .schedules import is_over, postponed

HOOK_READ_ONLY = {"AutoScalingGroupName", "GlobalTimeout"}  # the API sets the latter
POOL_READ_ONLY = {"Status"}
METRIC_FIELDS = {"Granularity", "Metric"}


def warnings(source: Item, parts: Parts, accepted: Accepted, now: float) -> list[str]:
    """As sentences; ``accepted`` is what the API takes, ``now`` is in seconds since the epoch."""
    name = source["AutoScalingGroupName"]
    found = []
    if missing := _missing(source, parts, accepted):
        found.append(f"{name} has what is not copied to its clone: {', '.join(missing)}.")
    if idle := sorted(suspended_on(source) & BRING_UP):
        found.append(f"Suspended on {name}, but not on its clone, which could not become healthy: {', '.join(idle)}.")
    found += [*unweighted_warnings(source), *left_out(name, parts.hooks)]
    if over := [each["ScheduledActionName"] for each in parts.schedules if is_over(each, now)]:
        found.append(f"Scheduled actions of {name} that are over are not copied: {', '.join(sorted(over))}.")
    if late := postponed(parts.schedules, now):
        found.append(
            f"Scheduled actions of {name} start at the same time as others, which AWS accepts of no new ones. "
            f"Those of its clone start a minute later, this once: {', '.join(late)}."
        )
    if new := scaling_policies.without_forecast(parts.policies):
        found.append(
            f"Predictive scaling of {name} ({', '.join(new)}) does not scale its clone for 24 hours: AWS makes no "
            "forecast for a new group before. Give the policy a load metric of all groups of the service "
            "(docs/services.md)."
        )
    for alarm in parts.alarms:
        if foreign := foreign_policies(alarm, parts.policy_arns):
            found.append(
                f"Alarm {alarm['AlarmName']} also sets off policies of other groups ({', '.join(foreign)}); "
                "its copy does not, as they would be set off twice."
            )
    return found


def unweighted_warnings(source: Item) -> list[str]:
    """Warnings about Classic Load Balancers and VPC Lattice, whose traffic has no weights."""
    others, name = unweighted(source), source["AutoScalingGroupName"]
    if not others:
        return []
    return [
        f"The clone of {name} is also attached to {', '.join(others)}, as {name} is: it gets traffic from there as "
        "soon as it is healthy, before it is verified and whatever the weights are. To prevent that, move that traffic "
        "to one of bluegreen_routes first and detach the group."
    ]


def _missing(source: Item, parts: Parts, accepted: Accepted) -> list[str]:
    known: list[tuple[str, Sequence[Item], set[str]]] = [
        ("LifecycleHookName", parts.hooks, set(accepted["hook"]) | HOOK_READ_ONLY),
        ("PolicyName", parts.policies, set(accepted["policy"]) | scaling_policies.READ_ONLY),
        ("ScheduledActionName", parts.schedules, set(accepted["schedule"]) | schedules.READ_ONLY),
        ("TopicARN", parts.notifications, set(accepted["notification"]) | NOTIFICATION_READ),
        ("Metric", source.get("EnabledMetrics", []), METRIC_FIELDS),
        ("AlarmName", parts.alarms, set(accepted.get("alarm", ())) | policy_alarms.READ_ONLY),
    ]
    in_parts = [
        f"{left} of {part[label]}"
        for label, items, fields in known
        for part in items
        for left in left_behind(part, fields)
    ]
    pool = [
        f"{left} of the warm pool"
        for left in left_behind(warm_pool_of(source), {*accepted["warm_pool"], *POOL_READ_ONLY})
    ]
    read = {alarm["AlarmName"] for alarm in parts.alarms}
    alarms = [f"alarm {name}" for name in alarm_names(parts.policies) if name not in read]
    return [*unknown_fields(source, accepted["group"]), *in_parts, *pool, *alarms]
