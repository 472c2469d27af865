# SPDX-License-Identifier: GPL-3.0-or-later
"""The two CloudWatch alarms that AWS makes and deletes with a target tracking policy.

High after 3 periods of a minute above the target, low after 15 below 90 % of it: what the alarms of AWS are seen to
have, not what it documents.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from moto.autoscaling.exceptions import ValidationError

PERIOD = 60
LOW_PART = 0.9
LABEL_SEPARATOR = "/targetgroup/"
EC2_METRICS = {
    "ASGAverageCPUUtilization": "CPUUtilization",
    "ASGAverageNetworkIn": "NetworkIn",
    "ASGAverageNetworkOut": "NetworkOut",
}
PREFIX = "TargetTracking-"

Definition = dict[str, Any]


def check(configuration: Mapping[str, Any], target_group_arns: list[str]) -> None:
    """A resource label must name a target group of this group."""
    label = _label(configuration)
    if label is None:
        return
    wanted = f"targetgroup/{label.partition(LABEL_SEPARATOR)[2]}"
    if wanted not in [arn.rpartition(":")[2] for arn in target_group_arns]:
        raise ValidationError("Target group not attached to the Auto Scaling group")


def alarms(policy_arn: str, group_name: str, configuration: Mapping[str, Any]) -> list[Definition]:
    target = float(configuration["TargetValue"])
    metric = _metric(group_name, configuration)
    common = {
        "AlarmDescription": f"DO NOT EDIT OR DELETE. For TargetTrackingScaling policy {policy_arn}.",
        "AlarmActions": [policy_arn],
        **metric,
    }
    high = {"EvaluationPeriods": 3, "Threshold": target, "ComparisonOperator": "GreaterThanThreshold"}
    low = {"EvaluationPeriods": 15, "Threshold": target * LOW_PART, "ComparisonOperator": "LessThanThreshold"}
    return [
        {"AlarmName": f"{PREFIX}{group_name}-{kind}-{uuid4()}", **common, **condition}
        for kind, condition in (("AlarmHigh", high), ("AlarmLow", low))
    ]


def _label(configuration: Mapping[str, Any]) -> str | None:
    predefined = configuration.get("PredefinedMetricSpecification") or {}
    if predefined.get("PredefinedMetricType") != "ALBRequestCountPerTarget":
        return None
    if LABEL_SEPARATOR not in predefined.get("ResourceLabel", ""):
        raise ValidationError("Resource label should be specified for predefined metric type ALBRequestCountPerTarget")
    return str(predefined["ResourceLabel"])


def _metric(group_name: str, configuration: Mapping[str, Any]) -> Definition:
    if customized := configuration.get("CustomizedMetricSpecification"):
        if "Metrics" in customized:
            return {"Metrics": [_with_period(query) for query in customized["Metrics"]]}
        return {"Period": PERIOD, **customized}
    if label := _label(configuration):
        balancer, _separator, target_group = label.partition(LABEL_SEPARATOR)
        dimensions = {"LoadBalancer": balancer, "TargetGroup": f"targetgroup/{target_group}"}
        return _measured("AWS/ApplicationELB", "RequestCountPerTarget", "Sum", dimensions)
    kind = configuration["PredefinedMetricSpecification"]["PredefinedMetricType"]
    if kind not in EC2_METRICS:
        raise ValidationError(f"Predefined metric type {kind} is not supported")
    return _measured("AWS/EC2", EC2_METRICS[kind], "Average", {"AutoScalingGroupName": group_name})


def _measured(namespace: str, name: str, statistic: str, dimensions: Mapping[str, str]) -> Definition:
    return {
        "Namespace": namespace,
        "MetricName": name,
        "Statistic": statistic,
        "Period": PERIOD,
        "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
    }


def _with_period(query: Mapping[str, Any]) -> Definition:
    if "MetricStat" not in query:
        return dict(query)
    return {**query, "MetricStat": {"Period": PERIOD, **query["MetricStat"]}}
