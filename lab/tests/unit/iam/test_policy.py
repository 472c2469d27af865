# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples are those of the IAM User Guide: policy evaluation logic, and the elements of a JSON policy."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.iam.policy import Policy, Question, decide

GROUP = "arn:aws:autoscaling:eu-west-1:123456789012:autoScalingGroup:*:autoScalingGroupName/shop-blue-v001"
TAG = "aws:ResourceTag/bluegreen:service"


def decided(question: Question, *statements: dict[str, Any]) -> str:
    allow = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    return decide([Policy.of({"Version": "2012-10-17", "Statement": [allow | each for each in statements]})], question)


@pytest.mark.parametrize(
    ("action", "allowed"),
    [
        ("autoscaling:UpdateAutoScalingGroup", True),
        ("AutoScaling:update*", True),
        ("*", True),
        ("autoscaling:UpdateAutoScaling", False),
        ("autoscaling:Update?utoScalingGroup", True),
    ],
)
def test_actions_have_wildcards_and_no_case(action: str, allowed: bool) -> None:
    found = decided(Question("autoscaling:UpdateAutoScalingGroup", GROUP), {"Action": ["ec2:*", action]})
    assert found == ("allowed" if allowed else "implicitDeny")


@pytest.mark.parametrize(
    ("resource", "allowed"),
    [
        ("*", True),
        ("arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/shop-*", True),
        ("arn:aws:autoscaling:*:autoScalingGroup:*:autoScalingGroupName/shop-*", False),
        ("arn:aws:autoscaling:*:*:autoScalingGroup:*:autoScalingGroupName/Shop-*", False),
        ("arn:aws:autoscaling:*", False),
    ],
)
def test_wildcards_of_a_resource_do_not_reach_over_its_parts(resource: str, allowed: bool) -> None:
    found = decided(Question("autoscaling:UpdateAutoScalingGroup", GROUP), {"Resource": resource})
    assert found == ("allowed" if allowed else "implicitDeny")


def test_an_action_without_a_resource_needs_all_of_them() -> None:
    question = Question("elasticloadbalancing:DescribeRules")
    assert decided(question, {"Resource": "arn:aws:elasticloadbalancing:*:*:listener/*"}) == "implicitDeny"
    assert decided(question, {}) == "allowed"


def test_a_denial_counts_more_than_any_permission() -> None:
    deny = {"Effect": "Deny", "Action": "ec2:Run*"}
    assert decided(Question("ec2:RunInstances"), {}, deny) == "explicitDeny"
    assert decided(Question("ec2:DescribeImages"), {}, deny) == "allowed"


def test_everything_but() -> None:
    but = {"NotAction": "iam:*", "Effect": "Allow", "NotResource": "arn:aws:s3:::secret/*", "Action": None}
    statement = {key: value for key, value in ({"Resource": None} | but).items() if value is not None}
    policy = Policy.of({"Statement": statement})
    assert decide([policy], Question("s3:GetObject", "arn:aws:s3:::open/a")) == "allowed"
    assert decide([policy], Question("s3:GetObject", "arn:aws:s3:::secret/a")) == "implicitDeny"
    assert decide([policy], Question("iam:PassRole", "arn:aws:iam::123456789012:role/a")) == "implicitDeny"


@pytest.mark.parametrize(
    ("condition", "context", "allowed"),
    [
        ({"StringEquals": {TAG: "shop"}}, {TAG: ["shop"]}, True),
        ({"StringEquals": {TAG: ["bar", "shop"]}}, {TAG: ["shop"]}, True),
        ({"StringEquals": {TAG.upper(): "shop"}}, {TAG: ["shop"]}, True),
        ({"StringEquals": {TAG: "shop"}}, {TAG: ["Shop"]}, False),
        ({"StringEquals": {TAG: "shop"}}, {}, False),
        ({"StringEqualsIfExists": {TAG: "shop"}}, {}, True),
        ({"StringEqualsIfExists": {TAG: "shop"}}, {TAG: ["bar"]}, False),
        ({"StringNotEquals": {TAG: ["shop", "bar"]}}, {TAG: ["shop"]}, False),
        ({"StringNotEquals": {TAG: ["shop", "bar"]}}, {}, True),
        ({"StringLike": {TAG: "*"}}, {TAG: [""]}, True),
        ({"StringLike": {TAG: "*"}}, {}, False),
        ({"Null": {TAG: "false"}}, {TAG: ["shop"]}, True),
        ({"Null": {TAG: True}}, {TAG: ["shop"]}, False),
        ({"Bool": {"ec2:IsLaunchTemplateResource": True}}, {"ec2:IsLaunchTemplateResource": ["true"]}, True),
        (
            {"ArnLike": {"ec2:LaunchTemplate": "arn:aws:ec2:*:*:launch-template/*"}},
            {"ec2:LaunchTemplate": ["x"]},
            False,
        ),
        ({"ForAllValues:StringLike": {"aws:TagKeys": "bluegreen:*"}}, {"aws:TagKeys": ["bluegreen:a", "b"]}, False),
        ({"ForAllValues:StringLike": {"aws:TagKeys": "bluegreen:*"}}, {"aws:TagKeys": ["bluegreen:a"]}, True),
        ({"ForAllValues:StringLike": {"aws:TagKeys": "bluegreen:*"}}, {}, True),
        ({"ForAnyValue:StringLike": {"aws:TagKeys": "bluegreen:*"}}, {"aws:TagKeys": ["bluegreen:a", "b"]}, True),
        ({"ForAnyValue:StringLike": {"aws:TagKeys": "bluegreen:*"}}, {}, False),
        ({"StringEquals": {TAG: "shop"}, "Null": {"x": "false"}}, {TAG: ["shop"]}, False),
    ],
)
def test_conditions(condition: dict[str, Any], context: dict[str, list[str]], allowed: bool) -> None:
    found = decided(Question("a:B", GROUP, context), {"Condition": condition})
    assert found == ("allowed" if allowed else "implicitDeny")


@pytest.mark.parametrize(
    "statement",
    [
        {"Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}}},
        {"Condition": {"ForMostValues:StringLike": {"aws:TagKeys": "*"}}},
        {"Principal": "*"},
        {"Resource": "arn:aws:s3:::home/${aws:username}"},
    ],
)
def test_what_is_not_evaluated_is_refused(statement: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="does not evaluate"):
        decided(Question("a:B"), statement)
