# SPDX-License-Identifier: GPL-3.0-or-later
"""When what a load balancer counts can be read in CloudWatch."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from switchyard_lab.aws.cloudwatch.elb_reports import Reports
from switchyard_lab.aws.cloudwatch.metrics import Metric, MetricStore, Periods
from switchyard_lab.clock import Clock

LB = "app/demo/50dc6c495c0c9188"
REQUESTS = Metric("AWS/ApplicationELB", "RequestCount", frozenset({("LoadBalancer", LB)}))
START = 1200.0


@dataclass(frozen=True)
class StoppedClock(Clock):
    at: float = START

    def now(self) -> float:
        return self.at


def counted(at: float, lag: float, speed: float = 1.0) -> float | None:
    """Of four requests in a minute that began at START, and of one in the next."""
    reports, store = Reports(StoppedClock(speed, at), lag), MetricStore(lag)
    for second in (1, 20, 40, 59, 61):
        reports.take(
            {"at": START + second / speed, "counts": [[LB, None, "RequestCount", 1]], "latency": [], "gauges": []}
        )
    reports.publish_due(store)
    return store.series(REQUESTS, "Sum", Periods(START, 60 / speed, 1))[0]


@pytest.mark.parametrize(("seconds", "expected"), [(104.9, None), (105, 2), (149.9, 2), (150, 4)])
def test_a_minute_comes_late_and_grows(seconds: float, expected: float | None) -> None:
    assert counted(START + seconds, lag=90) == expected
    assert counted(START + seconds / 20, lag=90, speed=20) == expected


def test_without_lag_it_is_there_at_once() -> None:
    assert counted(START + 59, lag=0) == 4
