# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.alarms import Alarm, quiet_after

GREEN = ["targetgroup/web-green/0123456789abcdef", "web-green-v002"]


def alarm(**fields: Any) -> Alarm:
    return Alarm.read({"AlarmName": "web-5xx", "StateValue": "ALARM", **fields})


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


def query(**values: str) -> dict[str, Any]:
    return {"Id": "e", "MetricStat": {"Metric": {"Dimensions": dimensions(**values)}}}


@pytest.mark.parametrize(
    ("fields", "only"),
    [
        ({"Dimensions": dimensions(LoadBalancer="app/web/1", TargetGroup=GREEN[0])}, True),
        ({"Dimensions": dimensions(AutoScalingGroupName=GREEN[1])}, True),
        ({"Metrics": [query(TargetGroup=GREEN[0]), query(AutoScalingGroupName=GREEN[1]), {"Expression": "e"}]}, True),
        ({"Metrics": [query(TargetGroup=GREEN[0]), query(TargetGroup="targetgroup/web-blue/0123")]}, False),
        ({"Dimensions": dimensions(LoadBalancer="app/web/1")}, False),
        ({"AlarmRule": "ALARM(web-green-5xx)"}, False),
    ],
    ids=["target group", "group", "both, in expressions", "both colors", "load balancer", "composite"],
)
def test_an_alarm_is_only_about_what_all_its_metrics_name(fields: dict[str, Any], only: bool) -> None:
    assert alarm(**fields).only_about(GREEN) == only


@pytest.mark.parametrize(
    ("state", "rings"), [("OK", False), ("INSUFFICIENT_DATA", False), ("ALARM", True), ("MISSING", True)]
)
def test_an_alarm_that_cannot_be_watched_counts_as_ringing(state: str, rings: bool) -> None:
    assert alarm(StateValue=state).in_alarm == rings


@pytest.mark.parametrize(
    ("fields", "seconds"),
    [
        ({"Period": 60, "EvaluationPeriods": 1}, 300),
        ({"Period": 300, "EvaluationPeriods": 3, "DatapointsToAlarm": 2}, 1620),
        (
            {"EvaluationPeriods": 2, "Metrics": [{"MetricStat": {"Period": 60}}, {"Expression": "e", "Period": 300}]},
            1320,
        ),
    ],
    ids=["a minute", "three of five minutes", "an expression"],
)
def test_old_data_matters_to_an_alarm_for_all_the_periods_that_it_reads(fields: dict[str, Any], seconds: int) -> None:
    of_green, of_blue = dimensions(TargetGroup=GREEN[0]), dimensions(TargetGroup="targetgroup/web-blue/0123")
    assert quiet_after([alarm(Dimensions=of_green, **fields)], GREEN) == seconds
    assert quiet_after([alarm(Dimensions=of_blue, **fields), alarm(AlarmRule="ALARM(web-green-5xx)")], GREEN) == 0
