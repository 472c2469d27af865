# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance refresh still has to replace, and how far it is."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.sources import LaunchPlan
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import Revision, TemplateRef
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.preferences import Preferences
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.state import (
    Refresh,
    doubts,
    find_suspended,
    launches,
    outdated,
    under_way,
    updated,
)

from ..group.groups import group, suspending

REF = TemplateRef("lt-1", "3")


def instance(name: str, version: str | None = "3", state: str = "InService", protected: bool = False) -> dict[str, Any]:
    template = {"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": version}} if version else {}
    return {"InstanceId": name, "LifecycleState": state, "ProtectedFromScaleIn": protected, **template}


def plan(found: int | None, number: int = 3) -> LaunchPlan:
    return LaunchPlan(group(), "ami-new", {REF: Revision("lt-1", "web", number, {}, found)}, {REF: number})


@pytest.mark.parametrize(
    ("checks", "arns", "reported"),
    [("EC2", ["arn:blue"], True), ("EC2", [], False), ("ELB", ["arn:blue"], False), ("EC2,ELB", ["arn:blue"], False)],
)
def test_a_group_that_does_not_ask_its_load_balancer_is_told(checks: str, arns: list[str], reported: bool) -> None:
    assert bool(doubts(group(HealthCheckType=checks, TargetGroupARNs=arns, TrafficSources=[]))) is reported


def test_health_checks_that_are_suspended_are_told_whoever_makes_them() -> None:
    found = group(HealthCheckType="ELB", SuspendedProcesses=suspending("AZRebalance", "HealthCheck"))
    (told,) = doubts(found)
    assert told.startswith("HealthCheck is suspended on web-blue-v001, so AWS takes a new instance for healthy")
    assert find_suspended(found) == []


@pytest.mark.parametrize("process", ["AddToLoadBalancer", "InstanceRefresh", "Launch", "Terminate"])
def test_a_process_without_which_no_new_instance_serves_is_to_be_resumed(process: str) -> None:
    (told,) = find_suspended(group(SuspendedProcesses=suspending("AZRebalance", process)))
    assert told.endswith(
        f"aws autoscaling resume-processes --auto-scaling-group-name web-blue-v001 --scaling-processes {process}"
    )


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
    assert outdated(found, plan(3), Preferences()) == ["i-old", "i-configured", "i-aside", "i-kept"]
    alone = Preferences(standby="ignore", scale_in_protected="ignore")
    assert outdated(found, plan(3), alone) == ["i-old", "i-configured"]
    assert outdated(group(Instances=[instance("i-same")]), plan(None), Preferences()) == ["i-same"]
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


def test_a_group_does_not_launch_the_release_from_a_version_of_the_same_number_of_another_template() -> None:
    other = LaunchPlan(group(), "ami-new", {REF: Revision("lt-9", "bluegreen-web", None, {}, 3)}, {REF: 3})
    assert not launches(group(), other)


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
