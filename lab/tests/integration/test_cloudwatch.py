# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch of a running lab, over the wire."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually, refusal

BOTH = ["MetricAlarm", "CompositeAlarm"]
COUNT_ABOVE = {
    "MetricName": "Orders",
    "Period": 60,
    "Statistic": "Sum",
    "EvaluationPeriods": 1,
    "DatapointsToAlarm": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 5,
}


@dataclass(frozen=True)
class Watch:
    """A CloudWatch client, and a namespace and names of alarms that no other test has."""

    cloudwatch: Any
    namespace: str

    def alarm(self, suffix: str = "", **changes: Any) -> str:
        name = f"{self.namespace}{suffix}"
        self.cloudwatch.put_metric_alarm(**(COUNT_ABOVE | {"AlarmName": name, "Namespace": self.namespace} | changes))
        return name

    def composite(self, suffix: str, rule: str) -> str:
        name = f"{self.namespace}{suffix}"
        self.cloudwatch.put_composite_alarm(AlarmName=name, AlarmRule=rule)
        return name

    def publish(self, **datum: Any) -> None:
        self.cloudwatch.put_metric_data(Namespace=self.namespace, MetricData=[{"MetricName": "Orders"} | datum])

    def described(self, name: str) -> dict[str, Any]:
        answer = self.cloudwatch.describe_alarms(AlarmNames=[name], AlarmTypes=BOTH)
        (alarm,) = answer["MetricAlarms"] + answer["CompositeAlarms"]
        return dict(alarm)

    def until(self, name: str, state: str) -> dict[str, Any]:
        return eventually(lambda: self.described(name), lambda alarm: alarm["StateValue"] == state)

    def names(self, **request: Any) -> list[str]:
        answer = self.cloudwatch.describe_alarms(AlarmNamePrefix=self.namespace, **request)
        return [alarm["AlarmName"] for alarm in answer["MetricAlarms"] + answer["CompositeAlarms"]]


@pytest.fixture
def watch(lab: LabProcess) -> Iterator[Watch]:
    watch = Watch(lab.client("cloudwatch"), Scene.name("shop"))
    yield watch
    # One composite alarm a call, and parents before children: newest first does for these tests.
    for alarm_type in reversed(BOTH):
        for name in reversed(watch.names(AlarmTypes=[alarm_type])):
            watch.cloudwatch.delete_alarms(AlarmNames=[name])


def test_published_metrics_raise_an_alarm_with_its_reason(watch: Watch) -> None:
    name = watch.alarm(AlarmActions=["arn:aws:sns:eu-west-1:123456789012:page"])
    assert watch.described(name)["StateReason"] == "Unchecked: Initial alarm creation"
    watch.publish(Value=30.5)
    alarm = watch.until(name, "ALARM")
    assert alarm["StateReason"].startswith("Threshold Crossed: 1 out of the last 1 datapoints [30.5 (")
    assert alarm["StateReason"].endswith(
        "was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition)."
    )
    data = json.loads(alarm["StateReasonData"])
    assert (data["recentDatapoints"], data["threshold"], data["statistic"], data["period"]) == ([30.5], 5, "Sum", 60)
    history = watch.cloudwatch.describe_alarm_history(AlarmName=name, ScanBy="TimestampAscending")
    assert [item["HistorySummary"] for item in history["AlarmHistoryItems"]] == [
        f'Alarm "{name}" created',
        "Alarm updated from INSUFFICIENT_DATA to ALARM",
        "Successfully executed action arn:aws:sns:eu-west-1:123456789012:page",
    ]


def test_alarm_without_data_is_undecided_again(watch: Watch) -> None:
    name = watch.alarm()
    watch.publish(Value=1)
    watch.until(name, "OK")
    alarm = watch.until(name, "INSUFFICIENT_DATA")
    assert alarm["StateReason"] == "Insufficient Data: 1 datapoint was unknown."


def test_metric_math_alarm_is_described_as_it_was_put_and_evaluates(watch: Watch) -> None:
    def total(key: str, name: str) -> dict[str, Any]:
        metric = {"Namespace": watch.namespace, "MetricName": name, "Dimensions": [{"Name": "Color", "Value": "blue"}]}
        return {"Id": key, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}, "ReturnData": False}

    queries = [
        total("errors", "Errors"),
        total("requests", "Requests"),
        {"Id": "percent", "Expression": "100 * FILL(errors, 0) / requests", "Label": "%", "ReturnData": True},
    ]
    name = f"{watch.namespace}-math"
    watch.cloudwatch.put_metric_alarm(
        AlarmName=name,
        Metrics=queries,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=5,
        TreatMissingData="notBreaching",
    )
    described = watch.described(name)
    assert described["Metrics"] == queries
    assert {"Period", "Statistic", "MetricName"}.isdisjoint(described)
    dimensions = [{"Name": "Color", "Value": "blue"}]
    watch.cloudwatch.put_metric_data(
        Namespace=watch.namespace,
        MetricData=[
            {"MetricName": "Requests", "Value": 100, "Dimensions": dimensions},
            {"MetricName": "Errors", "Value": 20, "Dimensions": dimensions},
            {"MetricName": "Errors", "Value": 70},  # without dimensions, and so another metric
        ],
    )
    assert "[20.0 (" in watch.until(name, "ALARM")["StateReason"]


def test_composite_alarms_follow_and_are_shown_on_demand(watch: Watch) -> None:
    low, high = watch.alarm("-low"), watch.alarm("-high", Threshold=1000)
    name = watch.composite("-both", f'ALARM("{low}") AND NOT ALARM({high})')
    assert watch.names() == [high, low]
    assert watch.names(AlarmTypes=["CompositeAlarm"]) == [name]
    watch.publish(Value=30)
    alarm = watch.until(name, "ALARM")
    assert alarm["AlarmRule"] == f'ALARM("{low}") AND NOT ALARM({high})'
    assert f":alarm:{low} transitioned to ALARM at " in alarm["StateReason"]
    assert refusal(watch.cloudwatch.delete_alarms, AlarmNames=[low]) == "ValidationError"
    assert refusal(watch.cloudwatch.put_composite_alarm, AlarmName="x", AlarmRule="ALARM(gone)") == "ValidationError"
    assert refusal(watch.cloudwatch.put_composite_alarm, AlarmName="x", AlarmRule="ALARM(") == "ValidationError"


def test_a_call_names_100_alarms_at_most(watch: Watch) -> None:
    names = [f"nobody-{number}" for number in range(101)]
    assert refusal(watch.cloudwatch.describe_alarms, AlarmNames=names) == "ValidationError"
    assert watch.cloudwatch.describe_alarms(AlarmNames=names[1:])["MetricAlarms"] == []


def test_a_set_state_goes_with_the_next_evaluation(watch: Watch) -> None:
    name = watch.alarm(TreatMissingData="notBreaching")
    watch.until(name, "OK")
    watch.cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="rehearsal")
    watch.until(name, "OK")
    history = watch.cloudwatch.describe_alarm_history(AlarmName=name, HistoryItemType="StateUpdate")
    assert [item["HistorySummary"] for item in history["AlarmHistoryItems"]] == [
        "Alarm updated from ALARM to OK",
        "Alarm updated from OK to ALARM",
        "Alarm updated from INSUFFICIENT_DATA to OK",
    ]
    assert json.loads(history["AlarmHistoryItems"][1]["HistoryData"])["newState"]["stateReason"] == "rehearsal"
    unknown = {"AlarmName": "gone", "StateValue": "OK", "StateReason": ""}
    assert refusal(watch.cloudwatch.set_alarm_state, **unknown) == "ResourceNotFound"


def test_a_second_put_keeps_the_state(watch: Watch) -> None:
    name = watch.alarm(TreatMissingData="breaching")
    watch.until(name, "ALARM")
    watch.alarm(TreatMissingData="breaching", AlarmDescription="still so", ActionsEnabled=False)
    alarm = watch.described(name)
    assert (alarm["StateValue"], alarm["AlarmDescription"], alarm["ActionsEnabled"]) == ("ALARM", "still so", False)
    watch.cloudwatch.enable_alarm_actions(AlarmNames=[name])
    assert watch.described(name)["ActionsEnabled"]


def test_alarms_come_in_pages(watch: Watch) -> None:
    expected = [watch.alarm(f"-{number}") for number in range(5)]
    pages = list(
        watch.cloudwatch.get_paginator("describe_alarms").paginate(
            AlarmNamePrefix=watch.namespace, PaginationConfig={"PageSize": 2}
        )
    )
    assert [[alarm["AlarmName"] for alarm in page["MetricAlarms"]] for page in pages] == [
        expected[:2],
        expected[2:4],
        expected[4:],
    ]


def test_unknown_names_are_left_out(watch: Watch) -> None:
    name = watch.alarm()
    answer = watch.cloudwatch.describe_alarms(AlarmNames=[name, "gone"])
    assert [alarm["AlarmName"] for alarm in answer["MetricAlarms"]] == [name]
    everything = watch.cloudwatch.get_paginator("describe_alarms").paginate(AlarmNames=[])
    assert {name, "demo-blue-5xx"} <= {alarm["AlarmName"] for page in everything for alarm in page["MetricAlarms"]}
    watch.cloudwatch.delete_alarms(AlarmNames=[name, "gone"])
    assert watch.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"] == []


@pytest.mark.parametrize("operation", ["get_metric_statistics", "get_metric_data"])
def test_periods_are_divided_by_the_speed_and_times_are_real(watch: Watch, operation: str) -> None:
    """At speed 20 a period of 60 s is 3 s long."""
    begin = datetime.fromtimestamp(datetime.now(UTC).timestamp() // 3 * 3 - 60, UTC)
    for second, value in ((0, 1), (2.9, 2), (3, 4)):
        watch.publish(Value=value, Timestamp=begin + timedelta(seconds=second), Unit="Count")
    metric = {"Namespace": watch.namespace, "MetricName": "Orders"}
    between = {"StartTime": begin, "EndTime": begin + timedelta(seconds=6)}
    if operation == "get_metric_statistics":
        answer = watch.cloudwatch.get_metric_statistics(**metric, **between, Period=60, Statistics=["Sum"])
        found = sorted((point["Timestamp"], point["Sum"], point["Unit"]) for point in answer["Datapoints"])
    else:
        query = {"Id": "orders", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}}
        answer = watch.cloudwatch.get_metric_data(MetricDataQueries=[query], **between, ScanBy="TimestampAscending")
        (result,) = answer["MetricDataResults"]
        found = [(at, value, "Count") for at, value in zip(result["Timestamps"], result["Values"], strict=True)]
    assert found == [(begin, 3, "Count"), (begin + timedelta(seconds=3), 4, "Count")]


def test_expressions_and_percentiles_of_get_metric_data(watch: Watch) -> None:
    now = datetime.now(UTC)
    watch.publish(Values=[1, 2, 50], Counts=[50, 45, 5], Timestamp=now)
    metric = {"Namespace": watch.namespace, "MetricName": "Orders"}
    answer = watch.cloudwatch.get_metric_data(
        MetricDataQueries=[
            {"Id": "p99", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "p99"}},
            {"Id": "count", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "SampleCount"}, "ReturnData": False},
            {"Id": "half", "Expression": "count / 2"},
        ],
        StartTime=now - timedelta(minutes=1),
        EndTime=now + timedelta(minutes=1),
    )
    assert {result["Id"]: result["Values"] for result in answer["MetricDataResults"]} == {"p99": [50], "half": [50]}


def test_metrics_of_aws_cannot_be_published(watch: Watch) -> None:
    request = {"Namespace": "AWS/ApplicationELB", "MetricData": [{"MetricName": "RequestCount", "Value": 1}]}
    assert refusal(watch.cloudwatch.put_metric_data, **request) == "InvalidParameterValue"


def test_requests_at_a_load_balancer_are_counted_and_raise_an_alarm(lab: LabProcess, watch: Watch) -> None:
    balancer = lab.client("elbv2").describe_load_balancers(Names=["demo"])["LoadBalancers"][0]
    dimensions = [{"Name": "LoadBalancer", "Value": balancer["LoadBalancerArn"].partition(":loadbalancer/")[2]}]
    name = watch.alarm(Namespace="AWS/ApplicationELB", MetricName="RequestCount", Dimensions=dimensions)
    for _request in range(20):
        with urllib.request.urlopen(f"http://{balancer['DNSName']}:8000/", timeout=10) as answer:
            answer.read()
    assert "was greater than the threshold (5.0)" in watch.until(name, "ALARM")["StateReason"]
    listed = watch.cloudwatch.list_metrics(Namespace="AWS/ApplicationELB", MetricName="RequestCount")["Metrics"]
    assert dimensions in [metric["Dimensions"] for metric in listed]
