# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of an instance refresh, what is found wrong before, and what is still to be replaced."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.sources import LaunchPlan
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import Revision, TemplateRef
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.state import (
    Refresh,
    check_preferences,
    doubts,
    launches,
    outdated,
    preferences,
    under_way,
    updated,
)

from ..group.groups import group

OPTIONS: dict[str, Any] = {
    "min_healthy_percentage": 100,
    "max_healthy_percentage": 110,
    "instance_warmup": None,
    "checkpoints": [],
    "checkpoint_delay": 3600,
    "bake_time": 0,
    "skip_matching": True,
    "scale_in_protected": "wait",
    "standby": "wait",
    "alarms": [],
    "auto_rollback": True,
    "until_percentage": None,
}
REF = TemplateRef("lt-1", "3")


def instance(name: str, version: str | None = "3", state: str = "InService", protected: bool = False) -> dict[str, Any]:
    template = {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": version}} if version else {}
    return {"InstanceId": name, "LifecycleState": state, "ProtectedFromScaleIn": protected, **template}


def plan(found: int | None, number: int = 3) -> LaunchPlan:
    return LaunchPlan(group(), "ami-new", {REF: Revision("lt-1", "web", number, {}, found)}, {REF: number})


def test_what_is_not_said_is_left_to_aws() -> None:
    assert preferences(OPTIONS) == {
        "MinHealthyPercentage": 100,
        "MaxHealthyPercentage": 110,
        "SkipMatching": True,
        "ScaleInProtectedInstances": "Wait",
        "StandbyInstances": "Wait",
        "AutoRollback": True,
    }


@pytest.mark.parametrize(("checkpoints", "asked"), [([20, 50], [20, 50, 100]), ([50, 100], [50, 100])])
def test_a_refresh_always_goes_on_to_the_whole_group(checkpoints: list[int], asked: list[int]) -> None:
    found = preferences({**OPTIONS, "checkpoints": checkpoints, "checkpoint_delay": 60})
    assert (found["CheckpointPercentages"], found["CheckpointDelay"]) == (asked, 60)


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ({"min_healthy_percentage": 101}, "min_healthy_percentage is 101; it has to be from 0 to 100"),
        ({"max_healthy_percentage": 90}, "max_healthy_percentage is 90"),
        ({"min_healthy_percentage": 5}, "a difference of at most 100"),
        ({"checkpoints": [50, 20]}, "in rising order, each once; given: 50, 20"),
        ({"checkpoints": [0]}, "from 1 to 100"),
        ({"checkpoint_delay": 172801}, "checkpoint_delay is 172801"),
        ({"bake_time": -1}, "bake_time is -1"),
        ({"until_percentage": 0}, "until_percentage is 0"),
        ({"alarms": [f"alarm-{number}" for number in range(11)]}, "alarms names 11; AWS takes at most 10"),
    ],
)
def test_what_aws_would_refuse_is_told_before_anything_is_made(options: dict[str, Any], finding: str) -> None:
    with pytest.raises(BluegreenError, match=finding):
        check_preferences({**OPTIONS, **options})


@pytest.mark.parametrize(
    ("checks", "arns", "told"),
    [("EC2", ["arn:blue"], True), ("EC2", [], False), ("ELB", ["arn:blue"], False), ("EC2,ELB", ["arn:blue"], False)],
)
def test_a_group_that_does_not_ask_its_load_balancer_is_told(checks: str, arns: list[str], told: bool) -> None:
    assert bool(doubts(group(HealthCheckType=checks, TargetGroupARNs=arns))) is told


def test_instances_of_other_versions_are_outdated() -> None:
    members = [
        instance("i-same"),
        instance("i-old", "2"),
        instance("i-configured", None),
        instance("i-going", "2", "Terminating:Wait"),
        instance("i-aside", "2", "Standby"),
        instance("i-kept", "2", protected=True),
    ]
    found = group(Instances=members)
    assert outdated(found, plan(3), OPTIONS) == ["i-old", "i-configured", "i-aside", "i-kept"]
    alone = OPTIONS | {"standby": "ignore", "scale_in_protected": "ignore"}
    assert outdated(found, plan(3), alone) == ["i-old", "i-configured"]
    assert outdated(group(Instances=[instance("i-same")]), plan(None), OPTIONS) == ["i-same"]
    configuration = {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}}
    assert updated(found, configuration) == ["i-same"]
    assert updated(found, {}) == []


@pytest.mark.parametrize(("found", "same"), [(3, True), (4, False), (None, False)])
def test_a_group_launches_the_release_when_its_version_is_the_releases(found: int | None, same: bool) -> None:
    assert launches(group(), plan(found)) is same


def test_a_group_with_another_image_in_an_override_does_not_launch_the_release() -> None:
    specification = {"LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "3"}}
    policy = {"LaunchTemplate": {**specification, "Overrides": [{"InstanceType": "c7i.large", "ImageId": "ami-own"}]}}
    assert not launches(group(MixedInstancesPolicy=policy), plan(3))


def test_a_launch_configuration_is_never_the_release() -> None:
    assert not launches(group(), LaunchPlan(group(), "ami-new", {None: Revision("lt-9", "web", None, {}, 1)}))


@pytest.mark.parametrize(
    ("status", "percentage", "passed"),
    [
        ("Pending", 0, False),
        ("InProgress", 40, False),
        ("InProgress", 50, True),
        ("Baking", 100, True),
        ("Successful", 100, True),
        ("RollbackInProgress", 80, False),
        ("Cancelling", 80, False),
    ],
)
def test_a_checkpoint_is_passed_only_on_the_way_forward(status: str, percentage: int, passed: bool) -> None:
    assert refresh(status, PercentageComplete=percentage).passed(50) is passed


def test_the_one_that_is_under_way_is_found() -> None:
    found = [refresh("Cancelled"), refresh("RollbackInProgress"), refresh("Successful")]
    assert under_way(found) is found[1]
    assert under_way(found[::2]) is None


def refresh(status: str, **more: Any) -> Refresh:
    return Refresh.read({"InstanceRefreshId": "1", "AutoScalingGroupName": "web-blue-v001", "Status": status, **more})
