# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Service Quotas, and how much of a quota is in use: one function, one API call."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ..base.errors import doing

Client = Any
Item = dict[str, Any]

PERIOD = 60  # seconds
LOOK_BACK = timedelta(hours=1)


def describe_quota(client: Client, service: str, code: str) -> Item:
    with doing(f"reading quota {code} of {service}"):
        return dict(client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"])


def usage(cloudwatch: Client, metric: Mapping[str, Any], now: datetime) -> float | None:
    """The last value of a quota's ``UsageMetric``, which CloudWatch collects every minute; None without data.

    A longer period would give the most of all its minutes, and so count what is gone by now.

    See Amazon CloudWatch usage metrics in the CloudWatch User Guide.
    """
    statistic = metric.get("MetricStatisticRecommendation") or "Maximum"
    dimensions = [{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()]
    with doing(f"reading usage metric {metric['MetricName']}"):
        points = cloudwatch.get_metric_statistics(
            Namespace=metric["MetricNamespace"],
            MetricName=metric["MetricName"],
            Dimensions=dimensions,
            StartTime=now - LOOK_BACK,
            EndTime=now,
            Period=PERIOD,
            Statistics=[statistic],
        )["Datapoints"]
    latest = max(points, key=lambda point: point["Timestamp"], default=None)
    return float(latest[statistic]) if latest else None
