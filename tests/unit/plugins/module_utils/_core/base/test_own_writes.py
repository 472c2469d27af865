# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.own_writes import (
    is_older,
    is_unknown,
    promised,
)

BLUE, GREEN, LISTENER, RULE = "arn:blue", "arn:green", "arn:listener", "arn:rule"
GROUPS = "DescribeAutoScalingGroups"


def forward(blue: int, green: int) -> list[dict[str, Any]]:
    groups = [{"TargetGroupArn": BLUE, "Weight": blue}, {"TargetGroupArn": GREEN, "Weight": green}]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def listeners(blue: int, green: int) -> dict[str, Any]:
    return {"Listeners": [{"ListenerArn": LISTENER, "DefaultActions": forward(blue, green)}]}


def groups(*names: str, tags: dict[str, str] | None = None, **fields: Any) -> dict[str, Any]:
    listed = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    group = {"MinSize": 1, "MaxSize": 4, "TargetGroupARNs": [], "Tags": listed, **fields}
    return {"AutoScalingGroups": [{**group, "AutoScalingGroupName": name} for name in names]}


def test_weights() -> None:
    facts = promised("ModifyListener", {"ListenerArn": LISTENER, "DefaultActions": forward(90, 10)})
    assert is_older("DescribeListeners", {}, listeners(100, 0), facts)
    assert not is_older("DescribeListeners", {}, listeners(90, 10), facts)
    assert not is_older("DescribeListeners", {}, {"Listeners": []}, facts)
    facts |= promised("ModifyRule", {"RuleArn": RULE, "Actions": forward(50, 50)})
    assert is_older("DescribeRules", {}, {"Rules": [{"RuleArn": RULE, "Actions": forward(90, 10)}]}, facts)


def test_the_last_of_two_writes_holds() -> None:
    facts = promised("ModifyListener", {"ListenerArn": LISTENER, "DefaultActions": forward(90, 10)})
    facts |= promised("ModifyListener", {"ListenerArn": LISTENER, "DefaultActions": forward(100, 0)})
    assert not is_older("DescribeListeners", {}, listeners(100, 0), facts)
    assert is_older("DescribeListeners", {}, listeners(90, 10), facts)


def test_tags_of_target_groups() -> None:
    facts = promised("AddTags", {"ResourceArns": [BLUE], "Tags": [{"Key": "stable", "Value": "green"}]})
    facts |= promised("RemoveTags", {"ResourceArns": [BLUE], "TagKeys": ["lease"]})

    def shown(**tags: str) -> dict[str, Any]:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        return {"TagDescriptions": [{"ResourceArn": BLUE, "Tags": listed}]}

    assert not is_older("DescribeTags", {}, shown(stable="green", team="shop"), facts)
    assert is_older("DescribeTags", {}, shown(stable="blue"), facts)
    assert is_older("DescribeTags", {}, shown(), facts)
    assert is_older("DescribeTags", {}, shown(stable="green", lease="a"), facts)


def test_a_new_group_by_its_name_and_by_its_tags() -> None:
    tags = [{"Key": "service", "Value": "shop"}]
    facts = promised("CreateAutoScalingGroup", {"AutoScalingGroupName": "web", "MinSize": 1, "Tags": tags})
    named = {"AutoScalingGroupNames": ["web"]}
    assert is_older(GROUPS, named, groups(), facts)
    assert not is_older(GROUPS, named, groups("web", tags={"service": "shop"}), facts)
    assert not is_older(GROUPS, {"AutoScalingGroupNames": ["other"]}, groups(), facts)
    by_tag = {"Filters": [{"Name": "tag:service", "Values": ["shop"]}]}
    assert is_older(GROUPS, by_tag, groups("old"), facts)
    assert not is_older(GROUPS, {"Filters": [{"Name": "tag:service", "Values": ["other"]}]}, groups(), facts)
    assert not is_older(GROUPS, by_tag, {**groups("old"), "NextToken": "2"}, facts), "it may be on the next page"


def test_what_a_group_was_given() -> None:
    named = {"AutoScalingGroupName": "web"}
    facts = promised("UpdateAutoScalingGroup", {**named, "MinSize": 3})
    facts |= promised("AttachTrafficSources", {**named, "TrafficSources": [{"Identifier": GREEN, "Type": "elbv2"}]})
    facts |= promised("DetachTrafficSources", {**named, "TrafficSources": [{"Identifier": BLUE, "Type": "elbv2"}]})
    facts |= promised("DeleteTags", {"Tags": [{"ResourceId": "web", "Key": "pin"}]})
    assert not is_older(GROUPS, {}, groups("web", MinSize=3, TargetGroupARNs=[GREEN]), facts)
    assert is_older(GROUPS, {}, groups("web", MinSize=1, TargetGroupARNs=[GREEN]), facts)
    assert is_older(GROUPS, {}, groups("web", MinSize=3), facts)
    assert is_older(GROUPS, {}, groups("web", MinSize=3, TargetGroupARNs=[BLUE, GREEN]), facts)
    assert is_older(GROUPS, {}, groups("web", MinSize=3, TargetGroupARNs=[GREEN], tags={"pin": "1"}), facts)


def test_a_group_that_was_deleted() -> None:
    facts = promised("DeleteAutoScalingGroup", {"AutoScalingGroupName": "web"})
    assert is_older(GROUPS, {}, groups("web"), facts)
    assert not is_older(GROUPS, {}, groups("web", Status="Delete in progress"), facts)
    assert not is_older(GROUPS, {"AutoScalingGroupNames": ["web"]}, groups(), facts)


@pytest.mark.parametrize(
    ("code", "message", "unknown"),
    [
        ("TargetGroupNotFound", "One or more target groups not found", True),
        ("ValidationError", "AutoScalingGroup name not found - AutoScalingGroup 'web' not found", True),
        ("ValidationError", "You must use a valid fully-formed launch template. The specified …", True),
        ("ValidationError", "Max bound, 1, must be greater than or equal to min bound, 2", False),
        ("AccessDenied", "not found", False),
    ],
)
def test_which_errors_are_of_names_that_may_be_new(code: str, message: str, unknown: bool) -> None:
    assert is_unknown(code, message) is unknown
