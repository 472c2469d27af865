# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The requests that target groups have answered, as CloudWatch counts them by the minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.arns import arn_resource, is_application

PERIOD = 60  # seconds: "Elastic Load Balancing … measures and sends its metrics in 60-second intervals"


def request_queries(load_balancers: Sequence[str], groups: Sequence[str]) -> list[dict[str, Any]]:
    """GetMetricData's queries for the requests that target groups got through these load balancers.

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


def counted_group(query: str, groups: Sequence[str]) -> str:
    """The target group whose requests the query with this id counts."""
    return groups[int(query.rpartition("_")[2])]


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

    def message(self) -> str:
        return f"the latest request came after {self.last:%H:%M} UTC" if self.last else "no request came"
