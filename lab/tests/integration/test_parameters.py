# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of Systems Manager in launch templates, and the volumes that instances are launched with."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal


def put(scene: Scene, name: str, image_id: str) -> None:
    scene.lab.client("ssm").put_parameter(
        Name=name, Value=image_id, Type="String", DataType="aws:ec2:image", Overwrite=True
    )


def image_of(scene: Scene, template: str, **asked: Any) -> str:
    (version,) = scene.ec2.describe_launch_template_versions(LaunchTemplateId=template, **asked)[
        "LaunchTemplateVersions"
    ]
    return str(version["LaunchTemplateData"]["ImageId"])


def instances(scene: Scene, group: str, count: int) -> list[dict[str, Any]]:
    found = scene.ec2.describe_instances(InstanceIds=scene.in_service(group, count))["Reservations"]
    return [each for reservation in found for each in reservation["Instances"]]


def sized(scene: Scene, instance: dict[str, Any]) -> dict[str, int]:
    """The sizes of its volumes by their device names."""
    devices = {each["Ebs"]["VolumeId"]: each["DeviceName"] for each in instance["BlockDeviceMappings"]}
    found = scene.ec2.describe_volumes(VolumeIds=list(devices))["Volumes"]
    return {devices[each["VolumeId"]]: each["Size"] for each in found}


def test_a_parameter_is_resolved_at_each_launch(scene: Scene) -> None:
    name, old, new = f"/{scene.name('images')}", scene.image(release="1"), scene.image(release="2")
    put(scene, name, old)
    template = scene.template(f"resolve:ssm:{name}")
    assert image_of(scene, template) == f"resolve:ssm:{name}"
    assert image_of(scene, template, ResolveAlias=True) == old
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    assert [each["ImageId"] for each in instances(scene, group, 1)] == [old]
    put(scene, name, new)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
    assert {each["ImageId"] for each in instances(scene, group, 2)} == {old, new}
    assert image_of(scene, scene.template(f"resolve:ssm:{name}:1"), ResolveAlias=True) == old


def test_a_parameter_that_is_gone_prevents_groups_and_launches(scene: Scene) -> None:
    name = f"/{scene.name('images')}"
    put(scene, name, scene.image())
    template = scene.template(f"resolve:ssm:{name}")
    group = scene.group(0, LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    scene.lab.client("ssm").delete_parameter(Name=name)
    ask = {"LaunchTemplateId": template, "ResolveAlias": True}
    assert refusal(scene.ec2.describe_launch_template_versions, **ask) == "InvalidParameterValue"
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="fully-formed launch template"):
        scene.group(0, LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    eventually(
        lambda: [each["StatusMessage"] for each in scene.activities(group) if each["StatusCode"] == "Failed"],
        lambda said: bool(said) and f"The parameter {name} cannot be resolved" in said[0],
    )


def test_neither_launch_configurations_nor_choice_by_attributes_take_parameters(scene: Scene) -> None:
    name = f"/{scene.name('images')}"
    put(scene, name, scene.image())
    configuration = {"LaunchConfigurationName": scene.name("old"), "InstanceType": "t3.small"}
    create = scene.autoscaling.create_launch_configuration
    assert refusal(create, **configuration, ImageId=f"resolve:ssm:{name}") == "ValidationError"
    specification = {"LaunchTemplateId": scene.template(f"resolve:ssm:{name}"), "Version": "1"}
    requirements = {"VCpuCount": {"Min": 2}, "MemoryMiB": {"Min": 4096}}
    template = {"LaunchTemplateSpecification": specification, "Overrides": [{"InstanceRequirements": requirements}]}
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="expecting"):
        scene.group(0, LaunchTemplate=None, MixedInstancesPolicy={"LaunchTemplate": template})


@pytest.mark.parametrize(
    ("root", "sizes"), [("/dev/sda1", {"/dev/sda1": 80}), ("/dev/xvda", {"/dev/xvda": 15, "/dev/sda1": 80})]
)
def test_a_mapping_is_of_the_root_volume_under_the_images_root_device_name_only(
    scene: Scene, root: str, sizes: dict[str, int]
) -> None:
    image = scene.ec2.register_image(Name=scene.name("image"), RootDeviceName=root)["ImageId"]
    mapping = {"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 80}}
    template = scene.template(image)
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"BlockDeviceMappings": [mapping]}
    )
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "2"})
    (instance,) = instances(scene, group, 1)
    assert instance["RootDeviceName"] == root
    assert sized(scene, instance) == sizes


def test_the_mappings_of_a_launch_configuration_count(scene: Scene) -> None:
    name = scene.name("old")
    scene.autoscaling.create_launch_configuration(
        LaunchConfigurationName=name,
        ImageId=scene.image(),
        InstanceType="t3.small",
        BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 9}}],
    )
    group = scene.group(1, LaunchTemplate=None, LaunchConfigurationName=name)
    (instance,) = instances(scene, group, 1)
    assert sized(scene, instance) == {"/dev/sda1": 15, "/dev/sdf": 9}
