# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling policies of a clone, and the alarms that set them off."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.policy_alarms import (
    alarm_name,
    alarm_prefix,
    alarm_request,
    foreign_policies,
    made_for,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.repointing import Repointing
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.scaling_policies import (
    alarm_names,
    policy_request,
)

REPOINTING = Repointing("web-blue-v001", "web-green-v002", {})
ACCEPTED = {
    "AutoScalingGroupName",
    "PolicyName",
    "PolicyType",
    "AdjustmentType",
    "MinAdjustmentStep",
    "MinAdjustmentMagnitude",
    "StepAdjustments",
    "TargetTrackingConfiguration",
}
POLICY = "arn:aws:autoscaling:eu-west-1:1:scalingPolicy:{}:autoScalingGroupName/{}:policyName/more"
OURS, NEW, OTHERS = (POLICY.format(*each) for each in (("1", "web-blue-v001"), ("2", "web-green-v002"), ("3", "api")))
TOPIC = "arn:aws:sns:eu-west-1:1:ops"
ALARM = {
    "AlarmName": "web-blue-v001-busy",
    "AlarmArn": "arn:alarm",
    "StateValue": "OK",
    "AlarmActions": [OURS, TOPIC],
    "OKActions": [],
    "Dimensions": [{"Name": "AutoScalingGroupName", "Value": "web-blue-v001"}],
    "Threshold": 0.0,
    "ActionsEnabled": False,
    "Metrics": [],
}
ALARM_FIELDS = {
    "AlarmName",
    "AlarmActions",
    "OKActions",
    "Dimensions",
    "Threshold",
    "ActionsEnabled",
    "Metrics",
    "Tags",
}


def policy(**fields: Any) -> dict[str, Any]:
    reported = {"AutoScalingGroupName": "web-blue-v001", "PolicyName": "more", "PolicyARN": OURS, "Alarms": []}
    return {**reported, "StepAdjustments": [], **fields}


def test_a_policy_is_told_again_of_the_clone_without_what_was_not_set() -> None:
    specification = {"MetricName": "m", "Dimensions": [], "Metrics": []}
    tracking = {"CustomizedMetricSpecification": specification, "TargetValue": 0.0, "DisableScaleIn": False}
    source = policy(PolicyType="TargetTrackingScaling", TargetTrackingConfiguration=tracking)
    assert policy_request(source, ACCEPTED, REPOINTING) == {
        "AutoScalingGroupName": "web-green-v002",
        "PolicyName": "more",
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": {
            "CustomizedMetricSpecification": {"MetricName": "m"},
            "TargetValue": 0.0,
            "DisableScaleIn": False,
        },
    }


def test_a_field_that_aws_adds_to_policies_is_carried_as_soon_as_it_is_accepted() -> None:
    assert policy_request(policy(BrandNew=0), ACCEPTED | {"BrandNew"}, REPOINTING)["BrandNew"] == 0


def test_the_old_name_of_the_smallest_adjustment_is_left_out_beside_the_new_one() -> None:
    asked = policy_request(policy(MinAdjustmentStep=2, MinAdjustmentMagnitude=2), ACCEPTED, REPOINTING)
    assert "MinAdjustmentStep" not in asked
    assert asked["MinAdjustmentMagnitude"] == 2
    assert policy_request(policy(MinAdjustmentStep=2), ACCEPTED, REPOINTING)["MinAdjustmentStep"] == 2


def test_alarms_that_aws_makes_are_not_the_users() -> None:
    policies = [
        policy(PolicyType="StepScaling", Alarms=[{"AlarmName": "b"}, {"AlarmName": "a"}]),
        policy(PolicyType="SimpleScaling", Alarms=[{"AlarmName": "b"}]),
        policy(PolicyType="TargetTrackingScaling", Alarms=[{"AlarmName": "TargetTracking-web-AlarmHigh"}]),
    ]
    assert alarm_names(policies) == ["a", "b"]


def test_an_alarm_sets_off_the_clones_policy_and_tells_the_same_people() -> None:
    tags = {"team": "shop", "bluegreen:group": "web-blue-v001", "aws:x": "y"}
    asked = alarm_request(ALARM, tags, "web", {OURS: NEW}, ALARM_FIELDS, REPOINTING)
    assert asked == {
        "AlarmName": "web-green-v002-busy",
        "AlarmActions": [NEW, TOPIC],
        "Dimensions": [{"Name": "AutoScalingGroupName", "Value": "web-green-v002"}],
        "Threshold": 0.0,
        "ActionsEnabled": False,
        "Tags": [
            {"Key": "team", "Value": "shop"},
            {"Key": "bluegreen:service", "Value": "web"},
            {"Key": "bluegreen:group", "Value": "web-green-v002"},
        ],
    }


def test_policies_of_other_groups_are_not_set_off_twice() -> None:
    alarm = {**ALARM, "AlarmActions": [OURS, OTHERS], "OKActions": [TOPIC]}
    assert foreign_policies(alarm, {OURS}) == [OTHERS]
    asked = alarm_request(alarm, {}, "web", {OURS: NEW}, ALARM_FIELDS, REPOINTING)
    assert (asked["AlarmActions"], asked["OKActions"]) == ([NEW], [TOPIC])


@pytest.mark.parametrize(
    ("source", "clone"),
    [
        ("web-blue-v001-busy", "web-green-v002-busy"),
        ("busy", "web-green-v002-busy"),
        ("rate-of-web-blue-v001", "web-green-v002-rate-of"),
        ("web-blue-v0011", "web-green-v002-web-blue-v0011"),
        ("web-blue-v001", "web-green-v002-alarm"),
        ("x" * 240, "web-green-v002-" + "x" * 240),
    ],
)
def test_alarms_are_named_after_the_clone_and_do_not_grow(source: str, clone: str) -> None:
    assert alarm_name(source, "web-blue-v001", "web-green-v002") == clone


def test_a_name_that_would_be_too_long_stays_one_of_a_kind() -> None:
    names = {alarm_name("x" * 250 + end, "web-blue-v001", "web-green-v002") for end in "ab"}
    assert [len(name) for name in names] == [255, 255]
    assert all(name.startswith(alarm_prefix("web-green-v002")) for name in names)


def test_only_alarms_with_the_tags_of_service_and_group_were_made_for_it() -> None:
    mine = {"bluegreen:service": "web", "bluegreen:group": "web-green-v002"}
    alarms = {"b": mine, "a": mine, "other": {**mine, "bluegreen:group": "web-green-v0021"}, "somebody's": {}}
    assert made_for("web-green-v002", "web", alarms) == ["a", "b"]
