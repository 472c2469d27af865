# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of a stand-in."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.aws.cloudwatch.metric_alarms import MetricAlarmJudge
from switchyard_lab.rehearsal.alarms import assume, parameters
from switchyard_lab.rehearsal.blueprint import Balancer
from switchyard_lab.rehearsal.inventory import NotReadyError

COLORS = {"blue": "web-blue", "green": "web-green"}
WEB, INSIDE = Balancer("web", "application", COLORS, []), Balancer("inside", "network", COLORS, [])
VALUES = {
    "LoadBalancer": {"web": "app/web/new", "inside": "net/inside/new"},
    "TargetGroup": {"web-blue": "targetgroup/web-blue/new", "web-green": "targetgroup/web-green/new"},
}
CONDITION = {"ComparisonOperator": "GreaterThanThreshold", "Threshold": 1.0, "EvaluationPeriods": 3}
BALANCER = {"Name": "LoadBalancer", "Value": "app/web/50dc6c495c0c9188"}
GREEN = {"Name": "TargetGroup", "Value": "targetgroup/web-green/6d0ecf831eec9f09"}


def described(metric: str, *dimensions: dict[str, str], namespace: str = "AWS/ApplicationELB", **more: Any) -> Any:
    watched = {"Namespace": namespace, "MetricName": metric, "Dimensions": list(dimensions), "Period": 60}
    statistic = {} if "ExtendedStatistic" in more else {"Statistic": "Sum"}
    return {"AlarmName": "web-5xx", **CONDITION, **watched, **statistic, **more}


def test_an_alarm_is_as_aws_described_it() -> None:
    found = described(
        "HTTPCode_Target_5XX_Count",
        BALANCER,
        GREEN,
        DatapointsToAlarm=2,
        AlarmActions=["arn:aws:sns:eu-west-1:123456789012:on-call"],
        AlarmArn="arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-5xx",
    )
    assert parameters(found, VALUES) == {
        **CONDITION,
        "DatapointsToAlarm": 2,
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "HTTPCode_Target_5XX_Count",
        "Dimensions": [
            {"Name": "LoadBalancer", "Value": "app/web/new"},
            {"Name": "TargetGroup", "Value": "targetgroup/web-green/new"},
        ],
        "Statistic": "Sum",
        "Period": 60,
    }


def test_an_alarm_can_be_of_a_percentile() -> None:
    found = parameters(described("TargetResponseTime", BALANCER, ExtendedStatistic="p90"), VALUES)
    assert (found["ExtendedStatistic"], "Statistic" in found) == ("p90", False)
    MetricAlarmJudge(found)


def test_an_alarm_can_be_of_metric_math() -> None:
    stat = {"Metric": described("RequestCount", BALANCER), "Period": 60, "Stat": "Sum"}
    metric = {key: stat["Metric"][key] for key in ("Namespace", "MetricName", "Dimensions")}
    queries = [
        {"Id": "percent", "Expression": "100 * requests", "ReturnData": True},
        {"Id": "requests", "MetricStat": {**stat, "Metric": metric}, "ReturnData": False},
    ]
    found = parameters({"AlarmName": "web", **CONDITION, "Metrics": queries}, VALUES)
    moved = found["Metrics"][1]["MetricStat"]["Metric"]
    assert moved["Dimensions"] == [{"Name": "LoadBalancer", "Value": "app/web/new"}]
    MetricAlarmJudge(found)


def test_a_network_load_balancer_has_its_own_metrics() -> None:
    inside = {"Name": "LoadBalancer", "Value": "net/inside/60dc6c495c0c9188"}
    found = described("UnHealthyHostCount", inside, GREEN, namespace="AWS/NetworkELB")
    assert parameters(found, VALUES)["Dimensions"][0]["Value"] == "net/inside/new"


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        ({"AlarmName": "web", "AlarmRule": "ALARM(a)"}, "it is a composite alarm"),
        ({"AlarmName": "web", "ThresholdMetricId": "ad1", "Metrics": []}, "it detects anomalies"),
        (
            described("CPUUtilization", namespace="AWS/EC2"),
            "nothing here reports the metric CPUUtilization of AWS/EC2.",
        ),
        (
            described("ConsumedLCUs", BALANCER),
            "nothing here reports the metric ConsumedLCUs of AWS/ApplicationELB by L",
        ),
        (
            described("HealthyHostCount", BALANCER, GREEN, {"Name": "AvailabilityZone", "Value": "eu-west-1a"}),
            "by AvailabilityZone, LoadBalancer, TargetGroup",
        ),
        (
            described("RequestCount", {"Name": "LoadBalancer", "Value": "app/other/50dc6c495c0c9188"}),
            "it watches app/other/50dc6c495c0c9188, which is not of this service",
        ),
        ({"AlarmName": "web"}, "its description names no metric"),
    ],
)
def test_what_the_lab_does_not_have_is_a_sentence(found: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotReadyError) as raised:
        parameters(found, VALUES)
    assert sentence in str(raised.value)


@pytest.mark.parametrize(
    ("name", "target_groups"),
    [
        ("web-green-5xx", ["targetgroup/web-green/new"]),
        ("WebBlue5xx", []),
        ("web-5xx", []),
        ("evergreen-5xx", []),
        ("blue and green", []),
    ],
)
def test_an_assumed_alarm_watches_the_color_in_its_name_or_both(name: str, target_groups: list[str]) -> None:
    found = parameters(assume(name, [INSIDE, WEB]), VALUES)
    balancer, *others = (each["Value"] for each in found["Dimensions"])
    assert (balancer, others) == ("app/web/new", target_groups)
    MetricAlarmJudge(found)


def test_an_unknown_alarm_of_a_network_load_balancer_is_not_assumed() -> None:
    with pytest.raises(NotReadyError, match="a Network Load Balancer counts no errors"):
        assume("inside", [INSIDE])
