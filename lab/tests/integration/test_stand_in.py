# SPDX-License-Identifier: GPL-3.0-or-later
"""What is built on a lab for a service."""

from __future__ import annotations

from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.rehearsal.blueprint import draw
from switchyard_lab.rehearsal.builder import Builder
from switchyard_lab.rehearsal.described import Described

LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/50dc6c495c0c9188/f2f7dc8efc522ab2"
DIMENSIONS = [
    {"Name": "LoadBalancer", "Value": "app/web/50dc6c495c0c9188"},
    {"Name": "TargetGroup", "Value": "targetgroup/web-green/6d0ecf831eec9f09"},
]
SLOW: dict[str, Any] = {
    "AlarmName": "slow",
    "Namespace": "AWS/ApplicationELB",
    "MetricName": "TargetResponseTime",
    "Dimensions": DIMENSIONS,
    "ExtendedStatistic": "p90",
    "Period": 60,
    "EvaluationPeriods": 2,
    "Threshold": 0.5,
    "ComparisonOperator": "GreaterThanThreshold",
}
BUSY = {
    "AlarmName": "busy",
    "Namespace": "AWS/EC2",
    "MetricName": "CPUUtilization",
    "Dimensions": [{"Name": "AutoScalingGroupName", "Value": "web"}],
}
UNKNOWN_FUNCTION = {
    "AlarmName": "forecast",
    **{key: SLOW[key] for key in ("EvaluationPeriods", "Threshold", "ComparisonOperator")},
    "Metrics": [{"Id": "found", "Expression": "SEARCH('{AWS/ApplicationELB} web', 'Sum', 60)", "ReturnData": True}],
}
INCOMPLETE = {**SLOW, "AlarmName": "incomplete", "ComparisonOperator": None}


def test_it_has_the_alarms_that_it_can_have_and_says_what_became_of_the_others() -> None:
    alarms = (SLOW, BUSY, UNKNOWN_FUNCTION, INCOMPLETE)
    values = {
        "service": "web",
        "routes": [LISTENER],
        "test_route": {},
        "target_groups": {"blue": ["web-blue"], "green": ["web-green"]},
        "alarms": [*(each["AlarmName"] for each in alarms), "web-5xx"],
    }
    with LabProcess(speed=20, seed=False) as lab:
        built = Builder(lab, draw(values, Described(alarms=alarms))).build()
        found = {each["AlarmName"]: each for each in lab.client("cloudwatch").describe_alarms()["MetricAlarms"]}
    assert built.alarms == sorted(found) == ["slow", "web-5xx"]
    assert found["slow"]["ExtendedStatistic"] == "p90"
    busy, forecast, incomplete, assumed = built.notes
    assert busy.startswith("not rehearsed: alarm busy: nothing here reports the metric CPUUtilization of AWS/EC2")
    assert forecast.startswith("not rehearsed: alarm forecast: ")
    assert incomplete.startswith("not rehearsed: alarm incomplete: ")
    assert assumed == "assumed: alarm web-5xx watches for more than five errors in a minute"
