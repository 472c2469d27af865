# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedules with which AWS returns the traffic of a service when its run stops responding.

A one-time schedule of EventBridge Scheduler for each route, whose universal target makes the call that gives the route
what a return of the traffic gives it. Sources, all in the user guide and API reference of EventBridge Scheduler:

- "All schedule types … invoke their targets with 60 second precision. This means that if you set your schedule to run
  at 1:00, it will invoke the target API between 1:00:00 and 1:00:59" (Schedule types). So a schedule is set to a whole
  minute, the one in which the time ends: AWS calls at most 59 seconds before it, and at most 59 seconds after it.
- "The service value in the universal target ARN must match the AWS SDK service identifier" (Using universal targets).
  Names in the input are those of the SDK for Java with a capital, such as Ttl and DnsName.
- UpdateSchedule "uses all values, including empty values … and overrides the existing schedule".
- A name has at most 64 of [0-9a-zA-Z-_.] (CreateSchedule).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from ..base.errors import BluegreenError
from ..base.timestamps import utc
from ..traffic.api_call import ApiCall
from ..traffic.decisions import plan_return
from ..traffic.route import Route

GROUP = "switchyard-bluegreen"  # of schedules; a person makes it once for each account and region
MINUTE = 60
RETURN_AFTER = 300  # seconds, where a person does not say it
# A call that AWS refuses for a moment is made again, but not for long: a person may have taken over meanwhile.
RETRIES = {"MaximumEventAgeInSeconds": 300, "MaximumRetryAttempts": 10}
LONGEST_SLUG = 40
# What is in the API a map, whose keys a person has chosen (AuthenticateOidcActionConfig in the API reference of ELBv2).
MAPS = ("AuthenticationRequestExtraParams",)
DESCRIPTION = (
    "Returns the traffic of {service} to {stable} when its release stops responding. See docs/return-by-aws.md."
)


@dataclass(frozen=True)
class SafetyNet:
    """AWS returns the traffic of a service with this role, this many seconds after its run has stopped responding.
    Without a role it does not."""

    service: str
    role: str
    seconds: int

    def due(self, now: float) -> datetime:
        """The minute in which the time ends."""
        return utc((now + self.seconds) // MINUTE * MINUTE)


@dataclass(frozen=True)
class ReturnSchedule:
    """``settings`` are the options of CreateSchedule and UpdateSchedule, except for the time."""

    name: str
    settings: Mapping[str, Any]

    def at(self, due: datetime) -> dict[str, Any]:
        return {**self.settings, "Name": self.name, "ScheduleExpression": f"at({due:%Y-%m-%dT%H:%M:%S})"}

    @classmethod
    def read(cls, found: Mapping[str, Any]) -> ReturnSchedule:
        """As GetSchedule returns it. UpdateSchedule takes the default for whatever it is not given."""
        kept = ("GroupName", "Description", "FlexibleTimeWindow", "ActionAfterCompletion", "Target")
        return cls(str(found["Name"]), {key: found[key] for key in kept if key in found})


def plan_schedules(net: SafetyNet, routes: Sequence[Route], stable: str, candidate: str) -> list[ReturnSchedule]:
    """One for each of these routes, as they are to stand, that gives the candidate any traffic."""
    changes = [plan_return(route, stable, candidate, 100) for route in routes]
    return [_schedule(net, change.after, stable) for change in changes if change.needed]


def find_strange(routes: Sequence[Route]) -> list[str]:
    """Why AWS cannot return the traffic of a route: it has no call that gives the route its weights."""
    return [_no_call(route) for route in routes if route.call is None]


def prefix_of(service: str) -> str:
    """What the names of a service's schedules begin with, and no other service's do."""
    slug = re.sub(r"[^0-9a-zA-Z_.-]", "-", service)[:LONGEST_SLUG]
    return f"{slug}-{_short(service)}-"


def _schedule(net: SafetyNet, route: Route, stable: str) -> ReturnSchedule:
    call = route.call
    if call is None:
        raise BluegreenError(_no_call(route))
    settings = {
        "GroupName": GROUP,
        "Description": DESCRIPTION.format(service=net.service, stable=stable)[:512],
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "ActionAfterCompletion": "DELETE",
        "Target": {
            "Arn": f"arn:{_partition(net.role)}:scheduler:::aws-sdk:{call.service}:{call.action}",
            "RoleArn": net.role,
            "Input": json.dumps(_named_as_in_java(call), separators=(",", ":")),
            "RetryPolicy": RETRIES,
        },
    }
    return ReturnSchedule(prefix_of(net.service) + _short(route.title), settings)


def _no_call(route: Route) -> str:
    return (
        f"bluegreen_return_role: AWS cannot return the traffic of {route.title}, whose weights no call of AWS's API "
        "sets. Remove the variable; the traffic of a release whose controller dies then stays split until the next run."
    )


def _named_as_in_java(call: ApiCall) -> Any:
    def renamed(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {_java_name(key): each if key in MAPS else renamed(each) for key, each in value.items()}
        return [renamed(each) for each in value] if isinstance(value, list) else value

    return renamed(call.request)


def _java_name(name: str) -> str:
    """``DNSName`` → ``DnsName``, ``TTL`` → ``Ttl``."""
    return re.sub(r"([A-Z])([A-Z]+)(?![a-z])", lambda found: found[1] + found[2].lower(), name)


def _short(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def _partition(arn: str) -> str:
    """``aws``, or ``aws-cn`` and others."""
    return arn.split(":")[1]
