# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch in the lab: moto's backend with a metric store of its own and alarms that evaluate.

The control loop calls `install()` once before moto's first use, `elb_reports.Reports` for
the metrics lines of the data plane, and `evaluate(now)` about twice a second, all under the lab's lock.

LAB_SPEED divides periods, times stay real: at speed 20 a period of 60 s is a bucket of 3 real seconds, for alarms and
for GetMetricData and GetMetricStatistics alike, whose StartTime, EndTime and timestamps are real ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType, SimpleNamespace
from typing import ClassVar, cast

from moto.cloudwatch import models, urls
from moto.cloudwatch.utils import make_arn_for_alarm
from moto.core.models import DEFAULT_ACCOUNT_ID

from ...clock import Clock
from .alarm_book import Alarm, AlarmBook
from .metrics import MetricStore
from .responses import LabCloudWatchResponse

URLS = SimpleNamespace(url_bases=urls.url_bases, url_paths={"{0}/$": LabCloudWatchResponse.dispatch})


class LabCloudWatch(models.CloudWatchBackend):
    """One account and region. What moto keeps of metrics and alarms stays empty; its dashboards and tags are in use."""

    clock: ClassVar[Clock] = Clock()
    lag: ClassVar[float] = 0.0

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.store = MetricStore(self.lag)
        self.book = AlarmBook(arn_prefix=make_arn_for_alarm(region_name, account_id, ""))

    @property
    def _url_module(self) -> ModuleType:
        # moto derives it from the name of the backend's module.
        return cast(ModuleType, URLS)

    def describe_alarms(self) -> Iterator[Alarm]:  # type: ignore[override]  # our alarms for moto's
        """For moto's tags, which ask for no more than the ARN of each alarm."""
        return iter(self.book.alarms.values())


def install(clock: Clock, lag: float) -> None:
    """Make moto use this backend. `lag` is LAB_METRIC_LAG."""
    LabCloudWatch.clock, LabCloudWatch.lag = clock, lag
    models.cloudwatch_backends.backend = LabCloudWatch


def backend(region: str, account: str = DEFAULT_ACCOUNT_ID) -> LabCloudWatch:
    return cast(LabCloudWatch, models.cloudwatch_backends[account][region])


def evaluate(now: float) -> None:
    """Evaluate the alarms of every account and region."""
    for _account, _region, each in models.cloudwatch_backends.iter_backends():
        found = cast(LabCloudWatch, each)
        found.book.evaluate(now, found.clock, found.store)
