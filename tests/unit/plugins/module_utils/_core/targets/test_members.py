# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.members import Members
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import Registration


def instance(name: str, state: str = "InService", health: str = "Healthy", **more: Any) -> dict[str, Any]:
    return {"InstanceId": name, "LifecycleState": state, "HealthStatus": health} | more


def members(desired: int, *instances: dict[str, Any], **more: Any) -> Members:
    group = {
        "AutoScalingGroupName": "web-green-v002",
        "DesiredCapacity": desired,
        "Instances": list(instances),
        "CreatedTime": datetime(2026, 11, 23, tzinfo=UTC),
        "HealthCheckType": "EC2",
    }
    return Members.read(group | more)


def test_the_desired_capacity_must_be_in_service() -> None:
    standing = members(2, instance("i-1"), instance("i-2", "Pending:Wait")).standing()
    assert not standing.reached
    assert standing.message() == "web-green-v002: 1 of 2 in service, i-2 Pending:Wait"
    assert members(2, instance("i-1"), instance("i-2")).standing().reached


def test_instances_that_have_not_been_launched_yet_are_missed() -> None:
    assert not members(2, instance("i-1")).standing().reached


@pytest.mark.parametrize("leaving", [instance("i-1", "Terminating:Wait"), instance("i-1", health="Unhealthy")])
def test_an_instance_that_is_being_replaced_is_not_waited_for(leaving: dict[str, Any]) -> None:
    group = members(1, leaving, instance("i-2"))
    assert group.serving == [Registration("i-2")]
    assert group.standing().reached


def test_an_instance_that_is_being_replaced_does_not_count() -> None:
    standing = members(2, instance("i-1", health="Unhealthy"), instance("i-2")).standing()
    assert standing.message() == "web-green-v002: 1 of 2 in service, i-1 InService (Unhealthy)"


def test_an_instance_counts_its_weight_towards_the_desired_capacity() -> None:
    assert members(6, instance("i-1", WeightedCapacity="4"), instance("i-2", WeightedCapacity="4")).standing().reached
    assert not members(6, instance("i-1", WeightedCapacity="4")).standing().reached


@pytest.mark.parametrize(
    "attached",
    [
        {"TargetGroupARNs": ["arn:1", "arn:2"]},
        {"TrafficSources": [{"Identifier": "arn:1", "Type": "elbv2"}, {"Identifier": "arn:2", "Type": "elbv2"}]},
        {"TargetGroupARNs": ["arn:1"], "TrafficSources": [{"Identifier": "arn:2", "Type": "elbv2"}]},
        {"TargetGroupARNs": ["arn:1", "arn:2"], "TrafficSources": [{"Identifier": "web", "Type": "elb"}]},
    ],
)
def test_target_groups_are_attached_in_either_spelling(attached: dict[str, Any]) -> None:
    assert members(1, **attached).target_groups == ["arn:1", "arn:2"]
