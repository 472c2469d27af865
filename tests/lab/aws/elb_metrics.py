# SPDX-License-Identifier: GPL-3.0-or-later
"""What the data plane counted, as the CloudWatch metrics that Elastic Load Balancing publishes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.lab.aws.metrics import Metric, MetricStore, Statistics

# The first word of a load balancer's dimension value ("app/demo/50dc6c495c0c9188") names its type.
NAMESPACES = {"app": "AWS/ApplicationELB", "net": "AWS/NetworkELB"}


def publish(store: MetricStore, line: Mapping[str, Any]) -> None:
    """Record one `metrics` line of the data plane: {"at", "counts", "latency", "gauges"}.

    As AWS: a request is counted for its load balancer and, where it went to a target group, once more for the pair of
    load balancer and target group; a count of zero is not published at all, so a metric without traffic has no data;
    host counts exist per target group only.
    """
    at = float(line["at"])
    for balancer, group, name, value in line["counts"]:
        if value:
            for metric in _metrics(balancer, group, name):
                store.record(metric, at, Statistics.of(float(value)), "Count")
    for balancer, group, count, total, least, most in line["latency"]:
        if count:
            for metric in _metrics(balancer, group, "TargetResponseTime"):
                store.record(metric, at, Statistics(count, total, least, most), "Seconds")
    for balancer, group, name, value in line["gauges"]:
        store.record(_metric(balancer, group, name), at, Statistics.of(float(value)), "Count")


def _metrics(balancer: str, group: str | None, name: str) -> Iterator[Metric]:
    yield _metric(balancer, None, name)
    if group:
        yield _metric(balancer, group, name)


def _metric(balancer: str, group: str | None, name: str) -> Metric:
    dimensions = {("LoadBalancer", balancer)}
    if group:
        # The dimension is the last part of the ARN: targetgroup/name/id.
        dimensions.add(("TargetGroup", group.rpartition(":")[2]))
    return Metric(NAMESPACES[balancer.split("/", 1)[0]], name, frozenset(dimensions))
