# SPDX-License-Identifier: GPL-3.0-or-later
"""What groups launch, and what they say when they can't."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from switchyard_lab.scene import Scene, eventually


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


def test_a_deleted_template_stops_launches_and_nothing_else(scene: Scene) -> None:
    template = scene.template()
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "1"})
    scene.in_service(group, 1)
    scene.ec2.delete_launch_template(LaunchTemplateId=template)
    assert scene.describe(group)["LaunchTemplate"]["LaunchTemplateId"] == template
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
    failure = eventually(lambda: scene.activities(group)[0], lambda latest: latest["StatusCode"] == "Failed")
    assert f"with template ID {template}, does not exist" in failure["StatusMessage"]
    assert len(scene.members(group)) == 1


@pytest.mark.parametrize("named", ["KeyName", "SecurityGroupIds"])
def test_a_key_pair_and_a_security_group_must_exist_at_each_launch_and_for_each_new_group(
    scene: Scene, named: str
) -> None:
    key, template = scene.name("key"), scene.template()
    scene.ec2.create_key_pair(KeyName=key)
    group_id = scene.ec2.create_security_group(GroupName=key, Description=key, VpcId=scene.vpc)["GroupId"]
    data = {"KeyName": key, "SecurityGroupIds": [group_id]}
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={named: data[named]}
    )
    launched = {"LaunchTemplateId": template, "Version": "2"}
    group = scene.group(0, LaunchTemplate=launched)
    scene.ec2.delete_key_pair(KeyName=key)
    scene.ec2.delete_security_group(GroupId=group_id)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    failure = eventually(lambda: scene.activities(group), bool)[0]
    gone = f"The key pair '{key}'" if named == "KeyName" else f"The security group '{group_id}'"
    assert failure["StatusMessage"] == f"{gone} does not exist. Launching EC2 instance failed."
    with pytest.raises(ClientError, match=f"valid fully-formed launch template. {gone} does not exist"):
        scene.group(0, LaunchTemplate=launched)


@pytest.mark.parametrize("said", [{}, {"AssociatePublicIpAddress": False}, {"AssociatePublicIpAddress": True}])
def test_a_launch_configuration_tells_of_public_addresses_what_it_was_told(scene: Scene, said: dict[str, bool]) -> None:
    name = scene.name("configuration")
    scene.autoscaling.create_launch_configuration(
        LaunchConfigurationName=name, ImageId=scene.image(), InstanceType="t3.small", **said
    )
    (found,) = scene.autoscaling.describe_launch_configurations(LaunchConfigurationNames=[name])["LaunchConfigurations"]
    assert {key: value for key, value in found.items() if key == "AssociatePublicIpAddress"} == said
