# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch in the lab: moto's backend with a metric store of its own and alarms that evaluate.

The control loop calls `install()` once before moto's first use, `elb_metrics.publish(backend(region).store, line)` for
each metrics line of the data plane, and `evaluate(now)` about twice a second, all under the lab's lock.
"""

from __future__ import annotations

from types import ModuleType

from moto.cloudwatch import models, urls
from moto.core.models import DEFAULT_ACCOUNT_ID

from tests.lab.aws.metrics import MetricStore


class LabCloudWatch(models.CloudWatchBackend):
    """One account and region."""

    speed = 1.0

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.store = MetricStore()

    @property
    def _url_module(self) -> ModuleType:
        # moto derives it from the name of the backend's module.
        return urls

    def evaluate(self, now: float) -> None:
        """Bring every alarm to the state that its metrics give it at `now`."""


def install(speed: float) -> None:
    """Make moto use this backend. `speed` (LAB_SPEED) divides every period of a metric, real times stay real."""
    LabCloudWatch.speed = speed
    models.cloudwatch_backends.backend = LabCloudWatch


def backend(region: str, account: str = DEFAULT_ACCOUNT_ID) -> LabCloudWatch:
    found = models.cloudwatch_backends[account][region]
    assert isinstance(found, LabCloudWatch)
    return found


def evaluate(now: float) -> None:
    """Evaluate the alarms of every account and region."""
    for _, _, found in models.cloudwatch_backends.iter_backends():
        assert isinstance(found, LabCloudWatch)
        found.evaluate(now)
