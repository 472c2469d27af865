# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling groups: what is kept, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal

EVERY_FIELD: dict[str, Any] = {
    "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-best-effort"},
    "CapacityRebalance": True,
    "DefaultCooldown": 17,
    "DefaultInstanceWarmup": 18,
    "DesiredCapacityType": "units",
    "HealthCheckGracePeriod": 19,
    "HealthCheckType": "ELB",
    "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 120},
    "MaxInstanceLifetime": 864000,
    "NewInstancesProtectedFromScaleIn": True,
    "TerminationPolicies": ["OldestInstance", "Default"],
}
CHANGED_FIELDS: dict[str, Any] = {
    "CapacityRebalance": False,
    "DefaultCooldown": 27,
    "DefaultInstanceWarmup": 28,
    "HealthCheckGracePeriod": 0,
    "MaxInstanceLifetime": 0,
    "TerminationPolicies": ["NewestInstance"],
}


def test_every_field_is_kept(scene: Scene) -> None:
    group = scene.group(0, **EVERY_FIELD)
    assert EVERY_FIELD.items() <= scene.describe(group).items()
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, **CHANGED_FIELDS)
    assert (EVERY_FIELD | CHANGED_FIELDS).items() <= scene.describe(group).items()


def test_a_name_can_be_taken_once(scene: Scene) -> None:
    group = scene.group(0)
    before = scene.describe(group)
    request = {
        "AutoScalingGroupName": group,
        "MinSize": 1,
        "MaxSize": 1,
        "VPCZoneIdentifier": scene.subnets[0],
        "LaunchTemplate": {"LaunchTemplateId": before["LaunchTemplate"]["LaunchTemplateId"]},
    }
    assert refusal(scene.autoscaling.create_auto_scaling_group, **request) == "AlreadyExists"
    assert scene.describe(group) == before


def test_sizes_must_fit(scene: Scene) -> None:
    group = scene.group(1, MinSize=1, MaxSize=2)
    update, name = scene.autoscaling.update_auto_scaling_group, {"AutoScalingGroupName": group}
    assert refusal(update, **name, DesiredCapacity=3) == "ValidationError"
    assert refusal(update, **name, MinSize=3) == "ValidationError"
    assert refusal(scene.autoscaling.set_desired_capacity, **name, DesiredCapacity=3) == "ValidationError"
    assert refusal(scene.autoscaling.set_desired_capacity, **name, DesiredCapacity=0) == "ValidationError"
    update(**name, MinSize=2)  # desired follows the bounds
    assert scene.describe(group)["DesiredCapacity"] == 2


def test_an_unknown_target_group_leaves_nothing_behind(scene: Scene) -> None:
    arn = scene.target_group()
    scene.elbv2.delete_target_group(TargetGroupArn=arn)
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="Target Groups may not be valid"):
        scene.group(0, (arn,))
    group = scene.group(0)
    attach = {"AutoScalingGroupName": group, "TargetGroupARNs": [arn]}
    assert refusal(scene.autoscaling.attach_load_balancer_target_groups, **attach) == "ValidationError"
    assert scene.describe(group)["TargetGroupARNs"] == []


def test_an_image_must_exist_when_a_group_takes_its_template(scene: Scene) -> None:
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="fully-formed launch template"):
        scene.group(0, LaunchTemplate={"LaunchTemplateId": scene.template("ami-00000000000000000"), "Version": "1"})


def test_deleting_a_group_with_instances_needs_force(scene: Scene) -> None:
    targets = scene.target_group(delay=20)
    scene.listener({targets: 1})
    group = scene.group(1, (targets,))
    (instance,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    name = {"AutoScalingGroupName": group}
    assert refusal(scene.autoscaling.delete_auto_scaling_group, **name) == "ResourceInUse"
    scene.autoscaling.delete_auto_scaling_group(**name, ForceDelete=True)
    assert scene.describe(group)["Status"] == "Delete in progress"
    assert scene.health(targets) == {(instance, 8080): "draining"}
    assert refusal(scene.autoscaling.update_auto_scaling_group, **name, MaxSize=3) == "ValidationError"
    eventually(lambda: scene.describe(group), lambda found: not found)
    assert instance not in scene.lab.info()["instances"]


@pytest.mark.parametrize(
    ("protection", "forced", "plain"),
    [
        ("prevent-force-deletion", "ValidationError", "ResourceInUse"),
        ("prevent-all-deletion", "ValidationError", "ValidationError"),
    ],
)
def test_a_protected_group_is_not_deleted(scene: Scene, protection: str, forced: str, plain: str) -> None:
    group = scene.group(1, DeletionProtection=protection)
    scene.in_service(group, 1)
    delete, name = scene.autoscaling.delete_auto_scaling_group, {"AutoScalingGroupName": group}
    assert refusal(delete, **name, ForceDelete=True) == forced
    assert refusal(delete, **name) == plain
    scene.autoscaling.update_auto_scaling_group(**name, MinSize=0, MaxSize=0, DesiredCapacity=0)
    eventually(lambda: scene.members(group), lambda members: not members)
    assert refusal(delete, **name, ForceDelete=True) == forced
    if protection == "prevent-all-deletion":
        assert refusal(delete, **name) == plain
        scene.autoscaling.update_auto_scaling_group(**name, DeletionProtection="none")
    delete(**name)
    assert scene.describe(group) == {}


def test_an_empty_group_is_deleted_at_once(scene: Scene) -> None:
    group = scene.group(0)
    scene.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=group)
    assert scene.describe(group) == {}


def test_metrics_can_be_disabled(scene: Scene) -> None:
    group = scene.group(0)
    scene.autoscaling.enable_metrics_collection(AutoScalingGroupName=group, Granularity="1Minute")
    names = {each["Metric"] for each in scene.describe(group)["EnabledMetrics"]}
    assert {"GroupMinSize", "GroupTotalInstances"} <= names
    scene.autoscaling.disable_metrics_collection(AutoScalingGroupName=group, Metrics=["GroupMinSize"])
    assert {each["Metric"] for each in scene.describe(group)["EnabledMetrics"]} == names - {"GroupMinSize"}
    scene.autoscaling.disable_metrics_collection(AutoScalingGroupName=group)
    assert scene.describe(group)["EnabledMetrics"] == []


def test_groups_are_listed_page_by_page(scene: Scene) -> None:
    made = {scene.group(0) for _group in range(3)}
    pages = list(
        scene.autoscaling.get_paginator("describe_auto_scaling_groups").paginate(
            AutoScalingGroupNames=sorted(made), PaginationConfig={"PageSize": 2}
        )
    )
    assert [len(page["AutoScalingGroups"]) for page in pages] == [2, 1]
    assert refusal(scene.autoscaling.describe_auto_scaling_groups, MaxRecords=101) == "ValidationError"


def test_an_update_is_as_strict_about_the_image(scene: Scene) -> None:
    group = scene.group(0)
    before = scene.describe(group)["LaunchTemplate"]
    template = {"LaunchTemplateId": scene.template("ami-00000000000000000"), "Version": "1"}
    update = {"AutoScalingGroupName": group, "LaunchTemplate": template}
    assert refusal(scene.autoscaling.update_auto_scaling_group, **update) == "ValidationError"
    assert scene.describe(group)["LaunchTemplate"] == before


def test_a_mixed_instances_policy_survives_an_update(scene: Scene) -> None:
    specification = {"LaunchTemplateId": scene.template(), "Version": "1"}
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": specification,
            "Overrides": [{"InstanceType": "t3.large"}, {"InstanceType": "t3.xlarge"}],
        }
    }
    group = scene.name("mixed")
    scene.autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=group,
        MixedInstancesPolicy=policy,
        MinSize=1,
        MaxSize=2,
        VPCZoneIdentifier=",".join(scene.subnets),
    )
    scene.in_service(group, 1)
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MaxSize=3)
    found = scene.describe(group)
    assert "LaunchTemplate" not in found
    assert found["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"] == policy["LaunchTemplate"]["Overrides"]
    assert [each["InstanceType"] for each in found["Instances"]] == ["t3.large"]


def test_set_instance_health_respects_the_grace_period_unless_told(scene: Scene) -> None:
    group = scene.group(1, HealthCheckGracePeriod=3600)
    (instance,) = scene.in_service(group, 1)
    health = {"InstanceId": instance, "HealthStatus": "Unhealthy"}
    scene.autoscaling.set_instance_health(**health)
    assert scene.describe(group)["Instances"][0]["HealthStatus"] == "Healthy"
    scene.autoscaling.set_instance_health(**health, ShouldRespectGracePeriod=False)
    eventually(lambda: scene.members(group), lambda members: instance not in members)


def test_groups_start_from_what_exists_only(scene: Scene) -> None:
    request = {"MinSize": 0, "MaxSize": 1, "VPCZoneIdentifier": scene.subnets[0]}
    for source in ({"LaunchConfigurationName": "old"}, {"InstanceId": "i-00000000000000000"}, {}):
        named = {"AutoScalingGroupName": scene.name("group"), **request, **source}
        assert refusal(scene.autoscaling.create_auto_scaling_group, **named) == "ValidationError"


def test_what_moto_lacks_is_refused_and_not_retried(scene: Scene) -> None:
    assert refusal(scene.autoscaling.describe_adjustment_types) == "InvalidAction"
