# SPDX-License-Identifier: GPL-3.0-or-later
"""The metrics of load balancers, summed between two reports, under the names of AWS/ApplicationELB or AWS/NetworkELB.

A metric that has no value is not reported, rather than reported as zero: as on AWS, the error counts are absent while
nothing fails, and all traffic metrics while there is no traffic.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Latency:
    count: int = 0
    sum: float = 0.0
    minimum: float = float("inf")
    maximum: float = 0.0
    values: Counter[float] = field(default_factory=Counter)

    def add(self, seconds: float) -> None:
        """Single times are kept to two digits: there are percentiles of them, and yet they don't fill the memory."""
        self.count += 1
        self.sum += seconds
        self.minimum = min(self.minimum, seconds)
        self.maximum = max(self.maximum, seconds)
        self.values[float(f"{seconds:.2g}")] += 1

    def row(self) -> list[Any]:
        return [self.count, self.sum, self.minimum, self.maximum, list(self.values.items())]


class Metrics:
    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str | None, str]] = Counter()
        self._latency: dict[tuple[str, str | None], Latency] = {}
        self._flows: Counter[tuple[str, str]] = Counter()

    def target_chosen(self, load_balancer: str, group: str) -> None:
        """RequestCount counts requests for which a target was chosen: a 503 for want of targets is not in it."""
        self._count_both(load_balancer, group, "RequestCount")

    def target_answered(self, load_balancer: str, group: str, status: int, seconds: float) -> None:
        """``seconds`` from the request's departure to the first of the target's response headers."""
        self._count_both(load_balancer, group, f"HTTPCode_Target_{status // 100}XX_Count")
        for key in ((load_balancer, None), (load_balancer, group)):
            self._latency.setdefault(key, Latency()).add(seconds)

    def connection_failed(self, load_balancer: str, group: str) -> None:
        self._count_both(load_balancer, group, "TargetConnectionErrorCount")

    def fixed_response(self, load_balancer: str, status: int) -> None:
        self._counts[load_balancer, None, "HTTP_Fixed_Response_Count"] += 1
        self._count_elb(load_balancer, status)

    def redirected(self, load_balancer: str, status: int) -> None:
        self._counts[load_balancer, None, "HTTP_Redirect_Count"] += 1
        self._count_elb(load_balancer, status)

    def failed(self, load_balancer: str, status: int) -> None:
        """The load balancer itself answers 502, 503 or 504."""
        self._counts[load_balancer, None, f"HTTPCode_ELB_{status}_Count"] += 1
        self._count_elb(load_balancer, status)

    @contextmanager
    def flow(self, load_balancer: str, protocol: str) -> Iterator[None]:
        """A connection, while it lasts. AWS counts flows by load balancer only: "Dimensions: LoadBalancer", where the
        metric has that of target groups the documentation names it (CloudWatch metrics for your Network Load Balancer).
        """
        for name in _of_flows("New", protocol):
            self._counts[load_balancer, None, name] += 1
        self._flows[load_balancer, protocol] += 1
        try:
            yield
        finally:
            self._flows[load_balancer, protocol] -= 1

    def flow_reset(self, load_balancer: str) -> None:
        self._counts[load_balancer, None, "TCP_ELB_Reset_Count"] += 1

    def active_flows(self) -> list[list[Any]]:
        """Gauges of the load balancers that had a flow."""
        return [
            [load_balancer, None, name, count]
            for (load_balancer, protocol), count in self._flows.items()
            for name in _of_flows("Active", protocol)
        ]

    def take(self) -> dict[str, list[list[Any]]]:
        """What has gathered since the last call."""
        counts = [[*key, value] for key, value in self._counts.items()]
        latency = [[*key, *each.row()] for key, each in self._latency.items()]
        self._counts.clear()
        self._latency.clear()
        return {"counts": counts, "latency": latency}

    def _count_both(self, load_balancer: str, group: str, name: str) -> None:
        self._counts[load_balancer, None, name] += 1
        self._counts[load_balancer, group, name] += 1

    def _count_elb(self, load_balancer: str, status: int) -> None:
        """HTTPCode_ELB_* have no TargetGroup dimension, and there is none for 2XX."""
        if status >= 300:
            self._counts[load_balancer, None, f"HTTPCode_ELB_{status // 100}XX_Count"] += 1


def _of_flows(kind: str, protocol: str) -> tuple[str, str]:
    return f"{kind}FlowCount", f"{kind}FlowCount_{protocol}"
