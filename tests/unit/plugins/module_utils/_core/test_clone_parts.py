# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.clone_parts import (
    FollowUp,
    Parts,
    check_follow_up,
    follow_up,
    warnings,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.repointing import Repointing, Twin

from tests.unit.plugins.module_utils._core.groups import group

ACCEPTED = {
    "group": set(group()),
    "hook": {"LifecycleHookName"},
    "policy": {"PolicyName", "PolicyType", "AutoScalingGroupName"},
    "schedule": {"ScheduledActionName", "Recurrence"},
    "warm_pool": {"AutoScalingGroupName", "MinSize", "PoolState"},
    "alarm": {"AlarmName", "AlarmActions"},
}
BLUE, GREEN = "targetgroup/web-blue/b1", "targetgroup/web-green/91"
ARN = "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:{}:autoScalingGroupName/{}:policyName/more"
POLICY = {"PolicyName": "more", "PolicyARN": ARN.format(1, "web-blue-v001"), "Alarms": [{"AlarmName": "busy"}]}


def rest(
    source: dict[str, Any], parts: Parts | None = None, twin: Twin | None = None, **accepted: set[str]
) -> FollowUp:
    repointing = Repointing("web-blue-v001", "web-green-v002", {BLUE: twin} if twin else {})
    fields = {kind: ACCEPTED[kind] | accepted.get(kind, set()) for kind in ACCEPTED}
    return follow_up(source, parts or Parts(), "web", repointing, fields, 0)


def suspending(*names: str) -> list[dict[str, str]]:
    return [{"ProcessName": name, "SuspensionReason": "User suspended"} for name in names]


def test_a_plain_group_is_complete_once_it_is_created() -> None:
    assert not rest(group())
    assert warnings(group(), Parts(), ACCEPTED, 0) == []


def test_suspended_processes_are_copied_but_for_those_that_a_launch_needs() -> None:
    source = group(SuspendedProcesses=suspending("AZRebalance", "AddToLoadBalancer", "ScheduledActions"))
    assert rest(source).suspended == ["AZRebalance", "ScheduledActions"]
    (warning,) = warnings(source, Parts(), ACCEPTED, 0)
    assert "could not come up: AddToLoadBalancer." in warning


def test_metrics_and_notifications_are_asked_for_in_as_few_calls_as_there_are() -> None:
    enabled = [{"Metric": name, "Granularity": "1Minute"} for name in ("GroupMinSize", "GroupMaxSize")]
    notified = [
        {"TopicARN": topic, "NotificationType": f"autoscaling:EC2_INSTANCE_{kind}"}
        for kind in ("TERMINATE", "LAUNCH")
        for topic in ("arn:ops", "arn:team")
    ]
    found = rest(group(EnabledMetrics=enabled), Parts(notifications=notified))
    assert found.metrics == [{"Granularity": "1Minute", "Metrics": ["GroupMaxSize", "GroupMinSize"]}]
    types = ["autoscaling:EC2_INSTANCE_LAUNCH", "autoscaling:EC2_INSTANCE_TERMINATE"]
    assert found.notifications == [
        {"TopicARN": "arn:ops", "NotificationTypes": types},
        {"TopicARN": "arn:team", "NotificationTypes": types},
    ]


def test_a_warm_pool_is_copied_unless_it_is_being_deleted() -> None:
    pool = {"MinSize": 0, "PoolState": "Stopped", "BrandNew": 1}
    assert rest(group(WarmPoolConfiguration=pool)).warm_pool == {"MinSize": 0, "PoolState": "Stopped"}
    assert rest(group(WarmPoolConfiguration=pool), warm_pool={"BrandNew"}).warm_pool == pool
    assert not rest(group(WarmPoolConfiguration={**pool, "Status": "PendingDelete"}))


def test_alarms_are_asked_for_once_the_policies_have_arns() -> None:
    alarm = {"AlarmName": "busy", "AlarmActions": [POLICY["PolicyARN"]]}
    found = rest(group(), Parts(policies=[POLICY], alarms=[alarm], alarm_tags={"busy": {"team": "shop"}}))
    new = ARN.format(2, "web-green-v002")
    (asked,) = found.alarms({str(POLICY["PolicyARN"]): new})
    assert (asked["AlarmName"], asked["AlarmActions"]) == ("web-green-v002-busy", [new])
    assert {"Key": "team", "Value": "shop"} in asked["Tags"]


def test_what_is_not_copied_is_named() -> None:
    parts = Parts(
        hooks=[{"LifecycleHookName": "warm", "GlobalTimeout": 1, "NewInHooks": 1}],
        policies=[{**POLICY, "NewInPolicies": 1}],
        schedules=[
            {"ScheduledActionName": "once", "StartTime": datetime(1970, 1, 1, tzinfo=UTC), "NewInActions": 1},
        ],
    )
    source = group(WarmPoolConfiguration={"MinSize": 1, "NewInPools": 1}, NewInGroups=1)
    missing, over = warnings(source, parts, ACCEPTED, 1)
    assert missing == (
        "web-blue-v001 has what is not copied to its clone: NewInGroups, NewInHooks of warm, NewInPolicies of more, "
        "NewInActions of once, StartTime of once, NewInPools of the warm pool, alarm busy."
    )
    assert over == "Scheduled actions of web-blue-v001 that are over are not copied: once."


def test_traffic_without_weights_and_policies_of_others_are_named() -> None:
    alarm = {"AlarmName": "busy", "AlarmActions": [ARN.format(3, "api")]}
    source = group(LoadBalancerNames=["old"])
    attached, shared = warnings(source, Parts(policies=[POLICY], alarms=[alarm]), ACCEPTED, 0)
    assert "also attached to old" in attached
    assert "Alarm busy also sets off policies of other groups" in shared


def test_a_policy_on_requests_that_nothing_forwards_is_refused() -> None:
    label = {**POLICY, "ResourceLabel": f"app/web/ab/{BLUE}"}
    check_follow_up(rest(group(), Parts(policies=[label]), Twin(GREEN, "app/web/ab")))
    with pytest.raises(BluegreenError, match=f"follow {GREEN}, which no listener or rule forwards to yet"):
        check_follow_up(rest(group(), Parts(policies=[label]), Twin(GREEN, None)))


def test_two_alarms_that_would_be_one_are_refused() -> None:
    alarms = [{"AlarmName": "busy"}, {"AlarmName": "web-blue-v001-busy"}]
    with pytest.raises(BluegreenError, match="busy and web-blue-v001-busy would both be named web-green-v002-busy"):
        check_follow_up(rest(group(), Parts(alarms=alarms)))
