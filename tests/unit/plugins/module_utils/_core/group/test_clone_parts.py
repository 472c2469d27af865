# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.clone_parts import (
    FollowUp,
    Parts,
    check_follow_up,
    follow_up,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.repointing import Repointing, Twin

from tests.unit.plugins.module_utils._core.group.groups import ACCEPTED, POLICY, POLICY_ARN, group, suspending

BLUE, GREEN = "targetgroup/web-blue/b1", "targetgroup/web-green/91"


def rest(
    source: dict[str, Any], parts: Parts | None = None, twin: Twin | None = None, **accepted: set[str]
) -> FollowUp:
    repointing = Repointing("web-blue-v001", "web-green-v002", {BLUE: twin} if twin else {})
    fields = {kind: ACCEPTED[kind] | accepted.get(kind, set()) for kind in ACCEPTED}
    return follow_up(source, parts or Parts(), "web", repointing, fields, 0)


def test_a_plain_group_is_complete_once_it_is_created() -> None:
    assert not rest(group())


def test_suspended_processes_are_copied_but_for_those_that_a_launch_needs() -> None:
    source = group(SuspendedProcesses=suspending("AZRebalance", "AddToLoadBalancer", "ScheduledActions"))
    assert rest(source).suspended == ["AZRebalance", "ScheduledActions"]


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


def test_a_field_that_aws_adds_to_notifications_is_carried_as_soon_as_it_is_accepted() -> None:
    reported = {"AutoScalingGroupName": "web-blue-v001", "TopicARN": "arn:ops", "NotificationType": "x", "BrandNew": 1}
    parts = Parts(notifications=[reported])
    carried = {"TopicARN": "arn:ops", "NotificationTypes": ["x"], "BrandNew": 1}
    assert rest(group(), parts, notification={"BrandNew"}).notifications == [carried]


def test_a_warm_pool_is_copied_unless_it_is_being_deleted() -> None:
    pool = {"MinSize": 0, "PoolState": "Stopped", "BrandNew": 1}
    assert rest(group(WarmPoolConfiguration=pool)).warm_pool == {"MinSize": 0, "PoolState": "Stopped"}
    assert rest(group(WarmPoolConfiguration=pool), warm_pool={"BrandNew"}).warm_pool == pool
    assert not rest(group(WarmPoolConfiguration={**pool, "Status": "PendingDelete"}))


def test_alarms_are_asked_for_once_the_policies_have_arns() -> None:
    alarm = {"AlarmName": "busy", "AlarmActions": [POLICY["PolicyARN"]]}
    found = rest(group(), Parts(policies=[POLICY], alarms=[alarm], alarm_tags={"busy": {"team": "shop"}}))
    new = POLICY_ARN.format(2, "web-green-v002")
    (asked,) = found.alarms({str(POLICY["PolicyARN"]): new})
    assert (asked["AlarmName"], asked["AlarmActions"]) == ("web-green-v002-busy", [new])
    assert {"Key": "team", "Value": "shop"} in asked["Tags"]


def test_a_policy_on_requests_that_nothing_forwards_is_refused() -> None:
    label = {**POLICY, "ResourceLabel": f"app/web/ab/{BLUE}"}
    check_follow_up(rest(group(), Parts(policies=[label]), Twin(GREEN, "app/web/ab")))
    with pytest.raises(BluegreenError, match=f"follow {GREEN}, which no listener or rule forwards to yet"):
        check_follow_up(rest(group(), Parts(policies=[label]), Twin(GREEN, None)))


def test_two_alarms_that_would_be_one_are_refused() -> None:
    alarms = [{"AlarmName": "busy"}, {"AlarmName": "web-blue-v001-busy"}]
    with pytest.raises(BluegreenError, match="busy and web-blue-v001-busy would both be named web-green-v002-busy"):
        check_follow_up(rest(group(), Parts(alarms=alarms)))
