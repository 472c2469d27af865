# SPDX-License-Identifier: GPL-3.0-or-later
"""What the data plane counted, as the CloudWatch metrics that Elastic Load Balancing publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .metrics import Metric, MetricStore, Statistics

# The first word of a load balancer's dimension value ("app/demo/50dc6c495c0c9188") names its type.
NAMESPACES = {"app": "AWS/ApplicationELB", "net": "AWS/NetworkELB"}


def publish(store: MetricStore, line: Mapping[str, Any]) -> None:
    """Record one `metrics` line of the data plane: {"at", "counts", "latency", "gauges"}.

    Each of its rows is one metric already: of a load balancer, or of the pair of load balancer and target group.
    """
    at = float(line["at"])
    for balancer, group, name, value in line["counts"] + line["gauges"]:
        store.record(_metric(balancer, group, name), at, Statistics.of(float(value)), "Count")
    for balancer, group, value in _requests_per_target(line):
        store.record(_metric(balancer, group, "RequestCountPerTarget"), at, Statistics.of(value), "Count")
    for balancer, group, count, total, least, most, values in line["latency"]:
        times = Statistics(count, total, least, most, tuple((value, often) for value, often in values))
        store.record(_metric(balancer, group, "TargetResponseTime"), at, times, "Seconds")


def _requests_per_target(line: Mapping[str, Any]) -> Iterator[tuple[str, str, float]]:
    """The average number of requests that each healthy target received: "The only valid statistic is Sum"."""
    healthy = {(each[0], each[1]): each[3] for each in line["gauges"] if each[2] == "HealthyHostCount"}
    for balancer, group, name, value in line["counts"]:
        if name == "RequestCount" and group and healthy.get((balancer, group)):
            yield balancer, group, value / healthy[balancer, group]


def _metric(balancer: str, group: str | None, name: str) -> Metric:
    dimensions = {("LoadBalancer", balancer)}
    if group:
        # The dimension is the last part of the ARN: targetgroup/name/id.
        dimensions.add(("TargetGroup", group.rpartition(":")[2]))
    return Metric(NAMESPACES[balancer.split("/", 1)[0]], name, frozenset(dimensions))
