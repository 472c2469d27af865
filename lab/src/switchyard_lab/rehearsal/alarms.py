# SPDX-License-Identifier: GPL-3.0-or-later
"""The alarms of a stand-in: as AWS described them, or else assumed. An alarm that watches what the lab does not have is
left out as a whole; none is a mixture of both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ..seed.resources import COLORS
from .blueprint import Balancer
from .described import Found
from .inventory import NotReadyError

Values = Mapping[str, Mapping[str, str]]  # of the stand-in's dimensions, by the dimension and by the name in its value

CONDITION = ("ComparisonOperator", "Threshold", "EvaluationPeriods", "DatapointsToAlarm", "TreatMissingData")
ONE_METRIC = ("Statistic", "ExtendedStatistic", "Period", "Unit")
METRIC = ("Namespace", "MetricName", "Dimensions")

# What the lab's data plane reports, by namespace: of a target group, and of a load balancer as a whole.
OF_BALANCER, OF_TARGET_GROUP = frozenset({"LoadBalancer"}), frozenset({"LoadBalancer", "TargetGroup"})
REQUESTS = r"RequestCount|HTTPCode_Target_[2-5]XX_Count|TargetConnectionErrorCount|TargetResponseTime"
REPORTED = {
    "AWS/ApplicationELB": {
        OF_TARGET_GROUP: re.compile(f"{REQUESTS}|RequestCountPerTarget|(Un)?HealthyHostCount"),
        OF_BALANCER: re.compile(
            f"{REQUESTS}|HTTPCode_ELB_([345]XX|50[0-4])_Count|HTTP_(Fixed_Response|Redirect)_Count"
        ),
    },
    "AWS/NetworkELB": {
        OF_TARGET_GROUP: re.compile("(Un)?HealthyHostCount"),
        OF_BALANCER: re.compile("(New|Active)FlowCount(_TCP|_TLS)?|TCP_ELB_Reset_Count"),
    },
}


def assume(name: str, balancers: Sequence[Balancer]) -> Found:
    """More than five errors in a minute, of the color that its name has in it, or of both: as AWS would describe it."""
    balancer = next((each for each in balancers if each.kind == "application"), None)
    if balancer is None:
        raise NotReadyError("what it watches is not known, and a Network Load Balancer counts no errors.")
    colors = [color for color in COLORS if color in re.split("[^a-z]+", name.lower())]
    dimensions = [{"Name": "LoadBalancer", "Value": f"app/{balancer.name}/0"}]
    if len(colors) == 1:
        dimensions.append({"Name": "TargetGroup", "Value": f"targetgroup/{balancer.target_groups[colors[0]]}/0"})
    return {
        "Namespace": "AWS/ApplicationELB",
        "MetricName": "HTTPCode_Target_5XX_Count",
        "Dimensions": dimensions,
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 5,
        "ComparisonOperator": "GreaterThanThreshold",
        "TreatMissingData": "notBreaching",
    }


def parameters(found: Found, values: Values) -> dict[str, Any]:
    """Of PutMetricAlarm, for the stand-in. Its actions are left out, for they reach beyond the lab."""
    if "AlarmRule" in found:
        raise NotReadyError("it is a composite alarm.")
    if "ThresholdMetricId" in found:
        raise NotReadyError("it detects anomalies, which the lab does not.")
    kept = {key: found[key] for key in CONDITION if key in found}
    if found.get("Metrics"):
        return {**kept, "Metrics": [_query(each, values) for each in found["Metrics"]]}
    if "MetricName" not in found:
        raise NotReadyError("its description names no metric.")
    return {**kept, **{key: found[key] for key in ONE_METRIC if key in found}, **_metric(found, values)}


def _query(query: Found, values: Values) -> Found:
    if "MetricStat" not in query:
        return query
    stat = query["MetricStat"]
    return {**query, "MetricStat": {**stat, "Metric": _metric(stat["Metric"], values)}}


def _metric(metric: Found, values: Values) -> dict[str, Any]:
    namespace, name = str(metric.get("Namespace")), str(metric.get("MetricName"))
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", ())}
    known = REPORTED.get(namespace, {}).get(frozenset(dimensions))
    if not known or not known.fullmatch(name):
        by = f" by {', '.join(sorted(dimensions))}" if dimensions else ""
        raise NotReadyError(f"nothing here reports the metric {name} of {namespace}{by}.")
    moved = [{"Name": key, "Value": _value(key, value, values)} for key, value in dimensions.items()]
    return {"Namespace": namespace, "MetricName": name, "Dimensions": moved}


def _value(dimension: str, described: str, values: Values) -> str:
    """``app/NAME/…`` and ``targetgroup/NAME/…`` have the name in the middle."""
    parts = described.split("/")
    moved = values[dimension].get(parts[1]) if len(parts) == 3 else None
    if moved is None:
        raise NotReadyError(f"it watches {described}, which is not of this service.")
    return moved
