# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an Application Load Balancer has counted for each environment over a time, as CloudWatch keeps it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.arns import arn_resource
from ..history.series import Point, Series
from .metric_data import Results

DAY = 86400
# "Data points with a period of 60 seconds (1 minute) are available for 15 days", of 300 seconds for 63 days, of an hour
# for 455 days (GetMetricStatistics in the CloudWatch API reference).
KEPT = ((15 * DAY, 60), (63 * DAY, 300))
HOUR = 3600
PERCENTILE = "p90"
# What is asked of each target group: the metric and its statistic, by what it is counted as.
ASKED = {
    "requests": ("RequestCount", "Sum"),
    "failed": ("HTTPCode_Target_5XX_Count", "Sum"),
    "unreached": ("TargetConnectionErrorCount", "Sum"),
    "latency": ("TargetResponseTime", PERCENTILE),
}


@dataclass(frozen=True)
class Counted:
    """A target group of a color behind an Application Load Balancer, both by their ARNs. Others count no requests."""

    color: str
    target_group: str
    load_balancer: str


def counted(target_groups: Mapping[str, Sequence[str]], described: Sequence[Mapping[str, Any]]) -> list[Counted]:
    """``target_groups`` are ARNs by color, ``described`` as DescribeTargetGroups returns them."""
    balancers = {each["TargetGroupArn"]: each["LoadBalancerArns"] for each in described}
    return [
        Counted(color, arn, balancer)
        for color, arns in target_groups.items()
        for arn in arns
        for balancer in balancers.get(arn, [])
        if arn_resource(balancer).startswith("loadbalancer/app/")
    ]


def period_of_age(seconds: float) -> int:
    """The finest period of which CloudWatch has data that is so old."""
    return next((period for age, period in KEPT if seconds < age), HOUR)


def queries(groups: Sequence[Counted], period: int) -> list[dict[str, Any]]:
    return [
        {
            "Id": f"{kind}_{number}",
            "MetricStat": {
                "Metric": {
                    "Namespace": "AWS/ApplicationELB",
                    "MetricName": metric,
                    "Dimensions": [
                        {"Name": "TargetGroup", "Value": arn_resource(group.target_group)},
                        {
                            "Name": "LoadBalancer",
                            "Value": arn_resource(group.load_balancer).removeprefix("loadbalancer/"),
                        },
                    ],
                },
                "Period": period,
                "Stat": statistic,
            },
        }
        for number, group in enumerate(groups)
        for kind, (metric, statistic) in ASKED.items()
    ]


def series_of(groups: Sequence[Counted], period: int, results: Results) -> Series:
    points: dict[str, list[Point]] = {}
    for number, group in enumerate(groups):
        own = {kind: results.get(f"{kind}_{number}", {}) for kind in ASKED}
        for time in sorted({time for values in own.values() for time in values}):
            points.setdefault(group.color, []).append(_point(own, time))
    return Series(period, PERCENTILE, points)


def _point(own: Mapping[str, Mapping[datetime, float]], time: datetime) -> Point:
    seconds = own["latency"].get(time)
    return Point(
        time.timestamp(),
        own["requests"].get(time, 0.0),
        own["failed"].get(time, 0.0) + own["unreached"].get(time, 0.0),
        None if seconds is None else round(1000 * seconds, 1),
    )
