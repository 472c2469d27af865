# SPDX-License-Identifier: GPL-3.0-or-later
"""Mixed instances policies: weights count towards the desired capacity, the first type with capacity is launched."""

from __future__ import annotations

from typing import Any

from .scene import Scene, eventually

HEAVY, LIGHT = "m5.xlarge", "m5.large"  # no other test launches these


def mixed(scene: Scene, desired: int) -> str:
    specification = {"LaunchTemplateId": scene.template(), "Version": "1"}
    overrides = [
        {"InstanceType": HEAVY, "WeightedCapacity": "4"},
        {"InstanceType": LIGHT, "WeightedCapacity": "2"},
    ]
    policy = {"LaunchTemplate": {"LaunchTemplateSpecification": specification, "Overrides": overrides}}
    name = scene.name("mixed")
    scene.autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=name,
        MixedInstancesPolicy=policy,
        MinSize=0,
        MaxSize=20,
        DesiredCapacity=desired,
        VPCZoneIdentifier=",".join(scene.subnets),
    )
    return name


def launched(scene: Scene, group: str) -> list[tuple[Any, ...]]:
    members = scene.describe(group)["Instances"]
    return [
        (each["InstanceType"], each["WeightedCapacity"]) for each in members if each["LifecycleState"] == "InService"
    ]


def test_weights_count_towards_the_desired_capacity(scene: Scene) -> None:
    group = mixed(scene, 7)
    eventually(lambda: launched(scene, group), lambda found: found == [(HEAVY, "4")] * 2)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=4)
    eventually(lambda: launched(scene, group), lambda found: found == [(HEAVY, "4")])
    scene.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)


def test_the_next_type_is_launched_when_the_first_has_no_capacity(scene: Scene) -> None:
    scene.lab.fault(capacity={"instance_type": HEAVY, "available": 0})
    group = mixed(scene, 4)
    eventually(lambda: launched(scene, group), lambda found: found == [(LIGHT, "2")] * 2)
    scene.lab.fault(capacity={"instance_type": HEAVY, "available": None})
    scene.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)


def test_versions_by_image(scene: Scene) -> None:
    template, image = scene.template(), scene.image(release="2")
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"ImageId": image}
    )
    found = scene.ec2.describe_launch_template_versions(
        LaunchTemplateId=template, Filters=[{"Name": "image-id", "Values": [image]}]
    )
    assert [each["VersionNumber"] for each in found["LaunchTemplateVersions"]] == [2]
