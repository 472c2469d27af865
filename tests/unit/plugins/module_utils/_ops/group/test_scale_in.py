# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.scale_in import await_load

from tests.unit.clock import FakeClock

LOW = "TargetTracking-web-blue-AlarmLow-2"


class Account:
    """One group under a target tracking policy, whose alarm for low load rings until some second."""

    def __init__(self, rings_until: float, policies: bool = True) -> None:
        self.clock = FakeClock()
        self.rings_until = rings_until
        tracking = {"TargetTrackingConfiguration": {}, "Alarms": [{"AlarmName": LOW}]}
        self.policies = [tracking] if policies else []
        self.said: list[str] = []

    @property
    def run(self) -> Run:
        return Run(client=lambda _service: self, clock=self.clock, report=self.said.append)

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **asked: Any) -> list[dict[str, Any]]:
        state = "ALARM" if self.clock.time < self.rings_until else "OK"
        alarms = [{"AlarmName": name, "StateValue": state} for name in asked.get("AlarmNames", [])]
        return [{"ScalingPolicies": self.policies, "MetricAlarms": alarms}]


@pytest.mark.parametrize(
    ("rings_until", "timeout", "earliest", "latest"),
    [
        pytest.param(0, 300, 0, 0, id="none rings"),
        pytest.param(90, 300, 90, 110, id="until it is quiet"),
        pytest.param(10_000, 300, 300, 301, id="at most so long"),
        pytest.param(10_000, 0, 0, 0, id="not at all"),
    ],
)
def test_an_alarm_of_the_time_without_traffic_is_waited_for(
    rings_until: float, timeout: float, earliest: float, latest: float
) -> None:
    account = Account(rings_until)
    await_load(account.run, "web-blue", timeout)
    assert earliest <= account.clock.time <= latest


def test_a_group_without_such_a_policy_is_not_waited_for() -> None:
    account = Account(rings_until=10_000, policies=False)
    await_load(account.run, "web-blue", 300)
    assert (account.clock.time, account.said) == (0, [])
