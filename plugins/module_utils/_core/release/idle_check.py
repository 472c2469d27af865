# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an environment gets traffic, from its weights and from the requests that its target group has answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.arns import arn_resource, is_application, target_group_name
from ..base.errors import BluegreenError
from ..service.environments import Color, Service
from ..traffic.references import Reference
from ..traffic.weights import Route, describe

PERIOD = 60  # seconds: "Elastic Load Balancing … measures and sends its metrics in 60-second intervals"


@dataclass(frozen=True)
class Requests:
    """``last`` is when the latest period with requests began; None without requests."""

    count: int
    last: datetime | None

    @classmethod
    def read(cls, results: Sequence[Mapping[str, Any]]) -> Requests:
        """From GetMetricData's results. A period without requests has the value 0, or is left out."""
        points = [point for each in results for point in zip(each["Timestamps"], each["Values"], strict=True)]
        counted = [(at, int(value)) for at, value in points if value]
        return cls(sum(value for _at, value in counted), max((at for at, _value in counted), default=None))


def check_idle(service: Service, color: Color) -> None:
    """Refuse an environment that is stable, or has weight on any route."""
    arn = service.environments[color].target_group_arn
    if service.stable == color:
        raise BluegreenError(f"{color} of {service.name} is stable; it has to stay.")
    for route in service.all_routes:
        if arn in route.shares():
            shares = describe(route.shares())
            raise BluegreenError(f"{color} of {service.name} has traffic: {route.title} has {shares}.")


def check_strays(service: Service, color: Color, strays: Sequence[Reference]) -> None:
    """Refuse an environment that listeners or rules send requests to which are not routes of the service."""
    if strays:
        arn = service.environments[color].target_group_arn
        raise BluegreenError(
            f"{color} of {service.name} is not removed. {'; '.join(stray.message([arn]) for stray in strays)}. These "
            "are not routes of the service: let them forward elsewhere, or add them to bluegreen_routes and deploy "
            "again.",
            strays=[stray.arn for stray in strays],
        )


def quiet_window(seconds: int, routes: Sequence[Route], target_group_arn: str) -> int:
    """How long nobody may have asked, in seconds.

    A client with a cookie for a target group that the route names is sent there whatever the weights are, until the
    cookie ends, and is answered 503 when no target is left. The cookie came with an answer of this target group: if
    there was none for as long as a cookie lives, nobody has one.
    """
    naming = [route.forward for route in routes if target_group_arn in route.forward.weights]
    return max([seconds, *(forward.stickiness_seconds() for forward in naming)])


def request_queries(load_balancers: Sequence[str], groups: Sequence[str]) -> list[dict[str, Any]]:
    """GetMetricData's queries for the requests that target groups got through these load balancers.

    Each id ends with ``_`` and the place that the target group has in ``groups``.

    Network Load Balancers count no requests and, per target group, no flows either (CloudWatch metrics for your
    Network Load Balancer), so there is no query for them.
    """
    return [
        {
            "Id": f"requests{number}_{place}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/ApplicationELB",
                    "MetricName": "RequestCount",
                    "Dimensions": [
                        {"Name": "LoadBalancer", "Value": arn_resource(balancer).removeprefix("loadbalancer/")},
                        {"Name": "TargetGroup", "Value": arn_resource(group)},
                    ],
                },
                "Period": PERIOD,
                "Stat": "Sum",
            },
        }
        for number, balancer in enumerate(filter(is_application, dict.fromkeys(load_balancers)))
        for place, group in enumerate(groups)
    ]


def refuse_requests(requests: Requests, target_group_arn: str, window: int) -> None:
    if requests.last is not None:
        raise BluegreenError(
            f"{target_group_name(target_group_arn)} still gets requests: {requests.count} within the last {window} s, "
            f"the latest after {requests.last.isoformat()}. They come through open connections, sticky sessions or the "
            "test route. Run again when they have ended.",
            requests=requests.count,
        )
