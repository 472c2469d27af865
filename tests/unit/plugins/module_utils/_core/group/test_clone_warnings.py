# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_parts import Parts
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_warnings import warnings

from tests.unit.plugins.module_utils._core.group.groups import ACCEPTED, POLICY, POLICY_ARN, group, suspending


def test_a_plain_group_gives_no_warning() -> None:
    assert warnings(group(), Parts(), ACCEPTED, 0) == []


def test_processes_that_a_launch_needs_are_named_when_the_source_suspends_them() -> None:
    source = group(SuspendedProcesses=suspending("AZRebalance", "AddToLoadBalancer"))
    (warning,) = warnings(source, Parts(), ACCEPTED, 0)
    assert "could not become healthy: AddToLoadBalancer." in warning


def test_what_is_not_copied_is_named() -> None:
    parts = Parts(
        hooks=[{"LifecycleHookName": "warm", "GlobalTimeout": 1, "NewInHooks": 1}],
        policies=[{**POLICY, "NewInPolicies": 1}],
        notifications=[{"TopicARN": "arn:ops", "NotificationType": "x", "NewInNotifications": 1}],
        schedules=[
            {"ScheduledActionName": "once", "StartTime": datetime(1970, 1, 1, tzinfo=UTC), "NewInActions": 1},
        ],
    )
    metric = {"Metric": "GroupMinSize", "Granularity": "1Minute", "NewInMetrics": 1}
    source = group(WarmPoolConfiguration={"MinSize": 1, "NewInPools": 1}, NewInGroups=1, EnabledMetrics=[metric])
    missing, over = warnings(source, parts, ACCEPTED, 1)
    assert missing == (
        "web-blue-v001 has what is not copied to its clone: NewInGroups, NewInHooks of warm, NewInPolicies of more, "
        "NewInActions of once, StartTime of once, NewInNotifications of arn:ops, NewInMetrics of GroupMinSize, "
        "NewInPools of the warm pool, alarm busy."
    )
    assert over == "Scheduled actions of web-blue-v001 that are over are not copied: once."


def test_traffic_without_weights_and_policies_of_others_are_named() -> None:
    alarm = {"AlarmName": "busy", "AlarmActions": [POLICY_ARN.format(3, "api")]}
    source = group(LoadBalancerNames=["old"])
    attached, shared = warnings(source, Parts(policies=[POLICY], alarms=[alarm]), ACCEPTED, 0)
    assert "also attached to old" in attached
    assert "Alarm busy also sets off policies of other groups" in shared


PAIR = {"PredefinedMetricPairSpecification": {"PredefinedMetricType": "ASGCPUUtilization"}}
OF_ALL_GROUPS: dict[str, Any] = {"CustomizedLoadMetricSpecification": {"MetricDataQueries": []}}


@pytest.mark.parametrize(
    ("mode", "metric", "warned"),
    [
        ("ForecastAndScale", PAIR, True),
        ("ForecastAndScale", OF_ALL_GROUPS, False),
        ("ForecastOnly", PAIR, False),
    ],
)
def test_a_forecast_that_a_new_group_does_not_have_is_named(mode: str, metric: dict[str, Any], warned: bool) -> None:
    forecast = {"Mode": mode, "MetricSpecifications": [{"TargetValue": 50, **metric}]}
    policy = {"PolicyName": "ahead", "PolicyType": "PredictiveScaling", "PredictiveScalingConfiguration": forecast}
    accepted = {**ACCEPTED, "policy": {*ACCEPTED["policy"], "PredictiveScalingConfiguration"}}
    found = warnings(group(), Parts(policies=[policy]), accepted, 0)
    assert any("Predictive scaling of web-blue-v001 (ahead) does not scale" in each for each in found) == warned
