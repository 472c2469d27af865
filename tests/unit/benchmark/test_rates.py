# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulation of request rates."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.pace import poll_seconds

from tests.benchmark.rates import simulate


def test_one_service_calls_as_often_as_it_looks() -> None:
    rates = simulate(1, 5)
    assert rates.throttled == dict.fromkeys(rates.calls, 0)
    assert rates.calls["CloudWatch, DescribeAlarms"] == pytest.approx(600 / (5 * 0.875), rel=0.1)


@pytest.mark.parametrize("services", [10, 20, 50, 100])
def test_at_the_default_pace_a_hundred_services_are_hardly_throttled(services: int) -> None:
    rates = simulate(services, poll_seconds(services))
    assert all(rates.throttled[name] <= count / 100 for name, count in rates.calls.items()), rates


def test_the_leases_of_a_hundred_services_leave_room_for_what_moves_traffic() -> None:
    """A write that finds no token is throttled; so would a ModifyListener be."""
    rates = simulate(100, poll_seconds(100))
    assert rates.throttled["Elastic Load Balancing, writes"] == 0
    assert rates.calls["Elastic Load Balancing, writes"] <= 600 * 2, "of three per second"


def test_at_the_pace_of_one_service_fifty_are() -> None:
    assert any(simulate(50, poll_seconds(1)).throttled.values())
