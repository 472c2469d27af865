# SPDX-License-Identifier: GPL-3.0-or-later
"""What load balancers counted, as a series of each color."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.traffic_series import (
    Counted,
    counted,
    period_of_age,
    queries,
    series_of,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.series import Point

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
BLUE, GREEN = f"{ARN}targetgroup/web-blue/1", f"{ARN}targetgroup/web-green/2"
FRONT, NETWORK = f"{ARN}loadbalancer/app/web/3", f"{ARN}loadbalancer/net/web/4"
MINUTE = datetime(2026, 1, 6, 3, 10, tzinfo=UTC)


def test_it_asks_for_the_target_groups_of_application_load_balancers() -> None:
    described = [
        {"TargetGroupArn": BLUE, "LoadBalancerArns": [FRONT]},
        {"TargetGroupArn": GREEN, "LoadBalancerArns": [NETWORK]},
    ]
    groups = counted({"blue": [BLUE], "green": [GREEN]}, described)
    assert groups == [Counted("blue", BLUE, FRONT)]
    asked = queries(groups, 300)
    assert {each["MetricStat"]["Period"] for each in asked} == {300}
    dimensions = {each["Name"]: each["Value"] for each in asked[0]["MetricStat"]["Metric"]["Dimensions"]}
    assert dimensions == {"TargetGroup": "targetgroup/web-blue/1", "LoadBalancer": "app/web/3"}


@pytest.mark.parametrize(("days", "period"), [(0, 60), (14.9, 60), (15, 300), (62, 300), (64, 3600)])
def test_the_older_the_coarser(days: float, period: int) -> None:
    assert period_of_age(days * 86400) == period


def test_each_minute_has_what_was_counted_in_it() -> None:
    later = MINUTE + timedelta(minutes=1)
    results = {
        "requests_0": {MINUTE: 600.0, later: 540.0},
        "requests_1": {later: 60.0},
        "failed_1": {later: 20.0},
        "unreached_1": {later: 1.0},
        "latency_1": {later: 0.0421},
    }
    series = series_of([Counted("blue", BLUE, FRONT), Counted("green", GREEN, FRONT)], 60, results)
    assert series.points == {
        "blue": [Point(MINUTE.timestamp(), 600.0), Point(later.timestamp(), 540.0)],
        "green": [Point(later.timestamp(), 60.0, 21.0, 42.1)],
    }


def test_without_data_there_is_nothing_to_draw() -> None:
    assert series_of([Counted("blue", BLUE, FRONT)], 60, {}).points == {}
