# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.clone import (
    Parts,
    Wanted,
    check_reuse,
    check_source,
    check_target_groups,
    request,
    to_suspend,
    warnings,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.errors import BluegreenError

ACCEPTED = {
    "group": {
        "AutoScalingGroupName",
        "AvailabilityZoneIds",
        "AvailabilityZones",
        "DesiredCapacity",
        "HealthCheckType",
        "LaunchTemplate",
        "LifecycleHookSpecificationList",
        "LoadBalancerNames",
        "MaxSize",
        "MinSize",
        "NewInstancesProtectedFromScaleIn",
        "PlacementGroup",
        "Tags",
        "TargetGroupARNs",
        "TrafficSources",
        "VPCZoneIdentifier",
    },
    "hook": {"LifecycleHookName", "LifecycleTransition", "HeartbeatTimeout"},
}
NOTHING = Parts([], [], [], [])
TEMPLATE = {"LaunchTemplateId": "lt-1", "Version": "7"}
WANTED = Wanted("web-green-v002", "web", "green", "1.1.0", ["arn:green"])


def tag(key: str, value: str = "x", propagate: bool = True) -> dict[str, Any]:
    return {
        "Key": key,
        "Value": value,
        "PropagateAtLaunch": propagate,
        "ResourceId": "web-blue-v001",
        "ResourceType": "auto-scaling-group",
    }


def group(**fields: Any) -> dict[str, Any]:
    return {
        "AutoScalingGroupName": "web-blue-v001",
        "AutoScalingGroupARN": "arn:group",
        "AvailabilityZones": ["eu-west-1a"],
        "AvailabilityZoneIds": ["euw1-az1"],
        "MinSize": 2,
        "MaxSize": 6,
        "DesiredCapacity": 5,
        "LaunchTemplate": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "Version": "$Default"},
        "TargetGroupARNs": ["arn:blue"],
        "TrafficSources": [{"Identifier": "arn:blue", "Type": "elbv2"}],
        "LoadBalancerNames": [],
        "PlacementGroup": "",
        "NewInstancesProtectedFromScaleIn": False,
        "Instances": [{"InstanceId": "i-1"}],
        "SuspendedProcesses": [],
        "EnabledMetrics": [],
        "CreatedTime": 0,
        "Tags": [],
        **fields,
    }


def asked(source: dict[str, Any], parts: Parts = NOTHING, **accepted: set[str]) -> dict[str, Any]:
    fields = {key: ACCEPTED[key] | accepted.get(key, set()) for key in ACCEPTED}
    return request(source, parts, WANTED, fields, TEMPLATE)


def suspending(*names: str) -> list[dict[str, str]]:
    return [{"ProcessName": name, "SuspensionReason": "User suspended"} for name in names]


def test_the_release_decides_name_image_target_groups_and_nothing_else() -> None:
    tags = {"bluegreen:service": "web", "bluegreen:color": "green", "bluegreen:release": "1.1.0"}
    assert asked(group(VPCZoneIdentifier="subnet-1", HealthCheckType="ELB")) == {
        "AutoScalingGroupName": "web-green-v002",
        "LaunchTemplate": TEMPLATE,
        "TargetGroupARNs": ["arn:green"],
        "Tags": [{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in tags.items()],
        "AvailabilityZones": ["eu-west-1a"],
        "MinSize": 2,
        "MaxSize": 6,
        "DesiredCapacity": 5,
        "NewInstancesProtectedFromScaleIn": False,
        "VPCZoneIdentifier": "subnet-1",
        "HealthCheckType": "ELB",
    }


def test_a_field_that_aws_adds_is_carried_as_soon_as_it_is_accepted() -> None:
    source = group(BrandNew={"Level": 0})
    assert asked(source, group={"BrandNew"})["BrandNew"] == {"Level": 0}
    assert warnings(source, NOTHING, ACCEPTED["group"] | {"BrandNew"}) == []


def test_a_field_that_can_only_be_read_is_named() -> None:
    source = group(BrandNew={"Level": 0}, AlsoNew=[])
    assert "BrandNew" not in asked(source)
    assert warnings(source, NOTHING, ACCEPTED["group"]) == [
        "web-blue-v001 has what is not copied to its clone: BrandNew."
    ]


def test_hooks_are_there_before_the_first_launch() -> None:
    hook = {
        "LifecycleHookName": "warm",
        "AutoScalingGroupName": "web-blue-v001",
        "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
        "HeartbeatTimeout": 300,
        "GlobalTimeout": 30000,
    }
    sent = {key: hook[key] for key in ACCEPTED["hook"]}
    assert asked(group(), Parts([hook], [], [], []))["LifecycleHookSpecificationList"] == [sent]


def test_tags_of_the_user_are_copied_those_of_others_are_not() -> None:
    source = group(
        Tags=[
            tag("team", "shop", propagate=False),
            tag("bluegreen:release", "1.0.0"),
            tag("bluegreen:retain-until"),
            tag("aws:cloudformation:stack-name"),
        ]
    )
    first, *ours = asked(source)["Tags"]
    assert first == {"Key": "team", "Value": "shop", "PropagateAtLaunch": False}
    assert [(each["Key"], each["Value"]) for each in ours][2:] == [("bluegreen:release", "1.1.0")]


def test_traffic_sources_without_weights_are_carried_and_named() -> None:
    lattice = {"Identifier": "arn:lattice", "Type": "vpc-lattice"}
    source = group(
        TrafficSources=[{"Identifier": "arn:blue", "Type": "elbv2"}, {"Identifier": "old", "Type": "elb"}, lattice],
        LoadBalancerNames=["old"],
    )
    sent = asked(source)
    assert (sent["TrafficSources"], sent["LoadBalancerNames"]) == ([lattice], ["old"])
    (warning,) = warnings(source, NOTHING, ACCEPTED["group"])
    assert "also attached to old, arn:lattice" in warning


def test_what_is_not_copied_yet_is_named() -> None:
    parts = Parts(
        hooks=[],
        policies=[{"PolicyName": "cpu"}, {"PolicyName": "by-requests"}],
        schedules=[{"ScheduledActionName": "night"}],
        notifications=[{"TopicARN": "arn:topic"}, {"TopicARN": "arn:topic"}],
    )
    source = group(EnabledMetrics=[{"Metric": "GroupMinSize"}], WarmPoolConfiguration={"MinSize": 1}, WarmPoolSize=1)
    assert warnings(source, parts, ACCEPTED["group"]) == [
        "web-blue-v001 has what is not copied to its clone: scaling policies (by-requests, cpu), "
        "scheduled actions (night), notifications (arn:topic), metrics collection (GroupMinSize), warm pool."
    ]


def test_a_plain_group_gives_no_warning() -> None:
    assert warnings(group(), NOTHING, ACCEPTED["group"]) == []


def test_suspended_processes_are_copied_but_for_those_that_a_launch_needs() -> None:
    source = group(SuspendedProcesses=suspending("AZRebalance", "AddToLoadBalancer", "ScheduledActions"))
    assert to_suspend(source) == ["AZRebalance", "ScheduledActions"]
    (warning,) = warnings(source, NOTHING, ACCEPTED["group"])
    assert "could not come up: AddToLoadBalancer." in warning
    assert asked(source)["Tags"][-1] == {
        "Key": "bluegreen:copying",
        "Value": "web-blue-v001",
        "PropagateAtLaunch": False,
    }


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (None, "no Auto Scaling group web-blue-v001"),
        (group(Status="Delete in progress"), "is being deleted"),
        (group(DesiredCapacity=0), "runs no instances"),
        ({**group(MixedInstancesPolicy={}), "LaunchTemplate": None}, "mixed instances policy"),
        ({**group(LaunchConfigurationName="old"), "LaunchTemplate": None}, "launch configuration"),
    ],
)
def test_a_source_that_cannot_be_copied_is_refused(source: dict[str, Any] | None, reason: str) -> None:
    if source and source["LaunchTemplate"] is None:
        del source["LaunchTemplate"]
    with pytest.raises(BluegreenError, match=reason):
        check_source("web-blue-v001", source)


GREEN = [tag("bluegreen:service", "web"), tag("bluegreen:color", "green")]


@pytest.mark.parametrize(
    ("existing", "reason"),
    [
        (group(Tags=GREEN, Status="Delete in progress"), "being deleted"),
        (group(Tags=GREEN[:1]), "belongs to web, not to web green"),
        (group(), "belongs to no service"),
        (group(Tags=GREEN), "never used for another image"),
    ],
)
def test_a_name_that_is_taken_by_something_else_is_refused(existing: dict[str, Any], reason: str) -> None:
    with pytest.raises(BluegreenError, match=reason):
        check_reuse(existing, "ami-old", "web", "green", "ami-new")


def test_a_target_group_that_takes_no_instances_is_refused() -> None:
    with pytest.raises(BluegreenError, match="api takes targets of type ip"):
        check_target_groups([{"TargetGroupName": "api", "TargetType": "ip"}])
