# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever waits until an environment gets no requests asks CloudWatch, which charges for it, only when that may be."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.release.idle_check import IdleOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.release.idle_check import traffic_check

from .account import BLUE, GREEN, LISTENERS, Account


class Counted(Account):
    """Green is stable, and blue had requests in the minute that began at ``last``."""

    def __init__(self, last: float) -> None:
        super().__init__()
        self.tags = {"bluegreen:stable": "green"}
        self.clock.time, self.last, self.counts = 600.0, last, 0

    @property
    def options(self) -> IdleOptions:  # type: ignore[override]
        return IdleOptions(
            service="web", routes=LISTENERS[:1], target_groups={"blue": BLUE, "green": GREEN}, color="blue"
        )

    def _describe_listeners(self, **asked: Any) -> dict[str, Any]:
        found = super()._describe_listeners(**asked)
        return {"Listeners": [{"Protocol": "HTTP", "Port": 80, **each} for each in found["Listeners"]]}

    def _describe_rules(self, **_asked: Any) -> dict[str, Any]:
        return {"Rules": []}

    def _get_metric_data(self, StartTime: datetime, **_asked: Any) -> dict[str, Any]:  # noqa: N803
        """The start is rounded down to the minute (GetMetricData in the API reference)."""
        self.counts += 1
        times = [datetime.fromtimestamp(self.last, UTC)] if self.last >= StartTime.timestamp() // 60 * 60 else []
        return {"MetricDataResults": [{"StatusCode": "Complete", "Timestamps": times, "Values": [7.0] * len(times)}]}


def test_it_is_asked_when_the_latest_known_request_may_be_long_ago() -> None:
    account = Counted(last=540.0)
    assert traffic_check(account.options, account.run)["quiet_seconds"] == 180
    assert account.clock.now() >= 540 + 60 + 180 - 60
    assert account.counts <= 7


def test_a_return_is_noticed_meanwhile() -> None:
    account = Counted(last=540.0)

    def returned(call: str, _asked: Any) -> None:
        if call == "describe_tags" and account.clock.now() >= 650:
            account.tags["bluegreen:stable"] = "blue"

    account.before = returned
    with pytest.raises(BluegreenError, match="is stable"):
        traffic_check(account.options, account.run)
    assert account.clock.now() < 670
    assert account.counts == 1
