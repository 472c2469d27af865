# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling groups: what is kept, what is refused, and that capacity is real."""

from __future__ import annotations

from typing import Any

import pytest

from .scene import Scene, eventually, refusal

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


def test_instances_are_spread_and_carry_their_version(scene: Scene) -> None:
    group = scene.group(4)
    scene.in_service(group, 4)
    members = scene.describe(group)["Instances"]
    assert sorted(each["AvailabilityZone"] for each in members) == ["eu-west-1a"] * 2 + ["eu-west-1b"] * 2
    assert {each["LaunchTemplate"]["Version"] for each in members} == {"1"}
    addresses = {each["address"] for each in scene.lab.info()["instances"].values()}
    found = scene.ec2.describe_instances(InstanceIds=[each["InstanceId"] for each in members])["Reservations"]
    assert {each["PrivateIpAddress"] for reservation in found for each in reservation["Instances"]} <= addresses


def test_latest_means_the_latest_at_launch(scene: Scene) -> None:
    template = scene.template()
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"})
    (old,) = scene.in_service(group, 1)
    image = scene.image(release="2")
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"ImageId": image}
    )
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
    scene.in_service(group, 2)
    versions = {each["InstanceId"]: each["LaunchTemplate"]["Version"] for each in scene.describe(group)["Instances"]}
    assert versions.pop(old) == "1"
    assert list(versions.values()) == ["2"]
    assert scene.describe(group)["LaunchTemplate"]["Version"] == "$Latest"


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


def test_a_launch_that_fails_says_why(scene: Scene) -> None:
    image = scene.image()
    group = scene.group(0, LaunchTemplate={"LaunchTemplateId": scene.template(image), "Version": "1"})
    scene.ec2.deregister_image(ImageId=image)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    failure = eventually(lambda: scene.activities(group), bool)[0]
    assert failure["StatusCode"] == "Failed"
    assert image in failure["StatusMessage"]
    assert "Launching EC2 instance failed" in failure["StatusMessage"]


def test_a_failed_launch_is_tried_again(scene: Scene) -> None:
    group = scene.group(0)
    scene.lab.fault(operation="RunInstances", error="InsufficientInstanceCapacity", message="No capacity is left")
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    scene.in_service(group, 1)
    launched, failed = scene.activities(group)
    assert (failed["StatusCode"], launched["StatusCode"]) == ("Failed", "Successful")
    assert failed["StatusMessage"].startswith("No capacity is left.")


def test_suspended_processes_are_obeyed(scene: Scene) -> None:
    group = scene.group(1)
    scene.in_service(group, 1)
    name = {"AutoScalingGroupName": group}
    scene.autoscaling.suspend_processes(**name, ScalingProcesses=["Launch", "Terminate"])
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=2)
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=0)
    scene.autoscaling.resume_processes(**name, ScalingProcesses=["Terminate"])
    eventually(lambda: scene.members(group), lambda members: members == {})
    assert [each["Description"].split()[0] for each in scene.activities(group)] == ["Terminating", "Launching"]
    assert [each["ProcessName"] for each in scene.describe(group)["SuspendedProcesses"]] == ["Launch"]
    assert refusal(scene.autoscaling.suspend_processes, **name, ScalingProcesses=["Sleep"]) == "ValidationError"


def test_what_comes_up_without_add_to_load_balancer_is_never_registered(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(0, (targets,))
    name = {"AutoScalingGroupName": group}
    scene.autoscaling.suspend_processes(**name, ScalingProcesses=["AddToLoadBalancer"])
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=1)
    (stranded,) = scene.in_service(group, 1)
    scene.autoscaling.resume_processes(**name)
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=2)
    scene.in_service(group, 2)
    scene.healthy(targets, 1)
    assert stranded not in {instance for instance, _port in scene.health(targets)}


def test_scale_in_drains_first(scene: Scene) -> None:
    targets = scene.target_group(delay=60)
    scene.listener({targets: 1})
    group = scene.group(2, (targets,))
    scene.in_service(group, 2)
    scene.healthy(targets, 2)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    leaving = eventually(lambda: [each for each, state in scene.members(group).items() if state == "Terminating"], bool)
    assert scene.health(targets)[leaving[0], 8080] == "draining"
    assert scene.activities(group)[0]["StatusCode"] == "WaitingForELBConnectionDraining"
    assert leaving[0] in scene.lab.info()["instances"]
    eventually(lambda: leaving[0] in scene.lab.info()["instances"], lambda runs: not runs)
    assert leaving[0] not in scene.members(group)
    assert scene.activities(group)[0]["StatusCode"] == "Successful"


def test_termination_policies_and_protection_decide(scene: Scene) -> None:
    group = scene.group(1, TerminationPolicies=["NewestInstance"])
    (first,) = scene.in_service(group, 1)
    name = {"AutoScalingGroupName": group}
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=3)
    second, third = (each for each in scene.in_service(group, 3) if each != first)
    scene.autoscaling.set_instance_protection(**name, InstanceIds=[third], ProtectedFromScaleIn=True)
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=1)
    eventually(lambda: set(scene.members(group)), lambda left: left == {third})
    assert second not in scene.members(group)


def test_unhealthy_targets_are_replaced_after_the_grace_period(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(1, (targets,), HealthCheckType="ELB", HealthCheckGracePeriod=10)
    (sick,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    scene.lab.fault(instance=sick, action="crash")
    eventually(lambda: scene.members(group), lambda members: sick not in members and len(members) == 1)
    scene.healthy(targets, 1)
    assert any("ELB system health check failure" in each["Cause"] for each in scene.activities(group))


def test_a_group_without_elb_checks_keeps_a_crashed_application(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(1, (targets,), HealthCheckType="EC2")
    (crashed,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    scene.lab.fault(instance=crashed, action="crash")
    eventually(lambda: list(scene.health(targets).values()), lambda states: states == ["unhealthy"])
    assert scene.members(group) == {crashed: "InService"}


def test_a_terminated_instance_is_replaced_and_registered(scene: Scene) -> None:
    targets = scene.target_group(delay=1)
    scene.listener({targets: 1})
    group = scene.group(2, (targets,))
    gone, kept = scene.in_service(group, 2)
    scene.ec2.terminate_instances(InstanceIds=[gone])
    eventually(lambda: set(scene.members(group)), lambda members: gone not in members and len(members) == 2)
    scene.healthy(targets, 2)
    assert kept in scene.members(group)


def test_set_instance_health_replaces(scene: Scene) -> None:
    group = scene.group(1)
    (sick,) = scene.in_service(group, 1)
    scene.autoscaling.set_instance_health(InstanceId=sick, HealthStatus="Unhealthy")
    eventually(lambda: set(scene.members(group)), lambda members: sick not in members and len(members) == 1)


def test_terminating_one_instance_can_shrink_the_group(scene: Scene) -> None:
    group = scene.group(2)
    first, second = scene.in_service(group, 2)
    activity = scene.autoscaling.terminate_instance_in_auto_scaling_group(
        InstanceId=first, ShouldDecrementDesiredCapacity=True
    )["Activity"]
    assert first in activity["Description"]
    eventually(lambda: scene.members(group), lambda members: members == {second: "InService"})


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


def test_a_deleted_version_stops_launches_and_nothing_else(scene: Scene) -> None:
    template = scene.template()
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={})
    group = scene.group(2, LaunchTemplate={"LaunchTemplateId": template, "Version": "2"})
    scene.in_service(group, 2)
    scene.ec2.delete_launch_template_versions(LaunchTemplateId=template, Versions=["2"])
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    scene.in_service(group, 1)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
    failure = eventually(lambda: scene.activities(group)[0], lambda latest: latest["StatusCode"] == "Failed")
    assert "Could not find the specified version 2" in failure["StatusMessage"]


def test_groups_start_from_what_exists_only(scene: Scene) -> None:
    request = {"MinSize": 0, "MaxSize": 1, "VPCZoneIdentifier": scene.subnets[0]}
    for source in ({"LaunchConfigurationName": "old"}, {"InstanceId": "i-00000000000000000"}, {}):
        named = {"AutoScalingGroupName": scene.name("group"), **request, **source}
        assert refusal(scene.autoscaling.create_auto_scaling_group, **named) == "ValidationError"


def test_what_moto_lacks_is_refused_and_not_retried(scene: Scene) -> None:
    assert refusal(scene.autoscaling.describe_adjustment_types) == "InvalidAction"
