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
        ({"Metrics": [query(TargetGroup=GREEN[0]), query(LoadBalancer="app/web/1"), {"Expression": "m1 + m2"}]}, False),
        ({"Metrics": [query(TargetGroup=GREEN[0]), {"Expression": "SUM(SEARCH('{Shop,Group} lost', 'Sum'))"}]}, False),
        ({"Metrics": [query(TargetGroup=GREEN[0]), {"Expression": 'SELECT SUM(lost) FROM "Shop"'}]}, False),
        ({"Metrics": [query(TargetGroup=GREEN[0]), {"Expression": "SUM(METRICS())"}]}, True),
        ({"Dimensions": dimensions(LoadBalancer="app/web/1")}, False),
        ({"AlarmRule": "ALARM(web-green-5xx)"}, False),
    ],
    ids=[
        *("target group", "group", "both, in expressions", "both colors", "also the load balancer", "also a search"),
        *("also Metrics Insights", "the sum of its own", "load balancer", "composite"),
    ],
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
            {"EvaluationPeriods": 2, "Metrics": [query(TargetGroup=GREEN[0]), {"Expression": "e", "Period": 300}]},
            1320,
        ),
    ],
    ids=["a minute", "three of five minutes", "an expression"],
)
def test_old_data_matters_to_an_alarm_for_all_the_periods_that_it_reads(fields: dict[str, Any], seconds: int) -> None:
    of_green, composite = alarm(Dimensions=dimensions(TargetGroup=GREEN[0]), **fields), alarm(AlarmRule="ALARM(green)")
    assert quiet_after([of_green], GREEN) == seconds
    assert quiet_after([of_green], ["targetgroup/web-blue/0123"]) == quiet_after([composite], GREEN) == 0
