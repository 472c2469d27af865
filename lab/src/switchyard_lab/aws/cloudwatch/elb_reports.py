# SPDX-License-Identifier: GPL-3.0-or-later
"""The reports of load balancers on their way to CloudWatch: a minute of them comes late, and in parts.

"Elastic Load Balancing measures and sends its metrics in 60-second intervals", but AWS does not document how late
(https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html). Monitoring
tools wait up to two minutes, because the recent minute "can be incomplete and volatile depending on the timing of
polling" (https://github.com/Netflix/atlas/pull/1300). So do users of
https://github.com/prometheus-community/yet-another-cloudwatch-exporter/issues/242.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from itertools import count
from typing import Any

from ...clock import Clock
from . import elb_metrics
from .metrics import MetricStore

MINUTE = 60


class Reports:
    """Half of the nodes report a minute when half of ``lag`` has passed since its end, the others after all of it."""

    def __init__(self, clock: Clock, lag: float) -> None:
        self._clock, self._lag = clock, lag
        self._numbers = count()
        self._due: list[tuple[float, int, Mapping[str, Any]]] = []

    def take(self, line: Mapping[str, Any]) -> None:
        """One `metrics` line of the data plane."""
        number = next(self._numbers)
        heapq.heappush(self._due, (self._arrival(float(line["at"]), late=bool(number % 2)), number, line))

    def publish_due(self, store: MetricStore) -> None:
        while self._due and self._due[0][0] <= self._clock.now():
            elb_metrics.publish(store, heapq.heappop(self._due)[2])

    def _arrival(self, at: float, *, late: bool) -> float:
        if not self._lag:
            return at
        minute = self._clock.real(MINUTE)
        return (math.floor(at / minute) + 1) * minute + self._clock.real(self._lag if late else self._lag / 2)
