# SPDX-License-Identifier: GPL-3.0-or-later
"""Which definitions of metric alarms are refused."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.aws.cloudwatch.metric_alarms import MetricAlarmJudge

from .watched_alarms import ERRORS, REQUESTS, error_rate, query


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "does not know the comparison"),
        ({"TreatMissingData": "good"}, "TreatMissingData"),
        ({"DatapointsToAlarm": 2}, "between 1 and EvaluationPeriods"),
        ({"Threshold": None}, "Threshold is required"),
        ({"Metrics": [query("a", ERRORS)]}, "Exactly one element"),
        ({"Metrics": [query("a", ERRORS), query("a", REQUESTS)]}, "must be unique"),
        ({"Metrics": [query("a", ERRORS), {"Id": "b", "Expression": "c + a"}]}, "id c is not one of"),
        ({"Metrics": [query("a", ERRORS), {"Id": "b", "Expression": "b + a"}]}, "refers to itself"),
        ({"Metrics": [query("a", ERRORS, 45), {"Id": "b", "Expression": "a"}]}, "multiple of 60"),
        ({"Metrics": [query("a", ERRORS), query("c", ERRORS, 300), {"Id": "b", "Expression": "a"}]}, "the same period"),
    ],
)
def test_what_put_metric_alarm_refuses(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MetricAlarmJudge(error_rate(**changes))


def test_an_alarm_on_one_metric_needs_all_of_its_name() -> None:
    plain = {
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1,
        "EvaluationPeriods": 1,
        "MetricName": "Requests",
    }
    with pytest.raises(ValueError, match="Namespace"):
        MetricAlarmJudge(plain)
    with pytest.raises(ValueError, match="Median is not supported"):
        MetricAlarmJudge(plain | {"Namespace": "Shop", "Period": 60, "ExtendedStatistic": "Median"})
