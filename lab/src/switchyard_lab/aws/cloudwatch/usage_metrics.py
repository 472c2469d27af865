# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of a quota the account uses, as CloudWatch tells it: namespace AWS/Usage, collected every minute.

The metric is the one that get-service-quota names for the quota L-1216C47A (examples of the AWS CLI's user guide).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..ec2.limits import vcpus_in_use
from .metrics import Metric, MetricStore, Statistics

PERIOD_SECONDS = 60
VCPUS: dict[str, Any] = {
    "MetricNamespace": "AWS/Usage",
    "MetricName": "ResourceCount",
    "MetricDimensions": {"Class": "Standard/OnDemand", "Resource": "vCPU", "Service": "EC2", "Type": "Resource"},
    "MetricStatisticRecommendation": "Maximum",
}


def publish(store: MetricStore, at: float, instances: Iterable[Any]) -> None:
    metric = Metric(VCPUS["MetricNamespace"], VCPUS["MetricName"], frozenset(VCPUS["MetricDimensions"].items()))
    store.record(metric, at, Statistics.of(vcpus_in_use(instances)), "None")
