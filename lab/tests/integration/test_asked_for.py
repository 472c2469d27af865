# SPDX-License-Identifier: GPL-3.0-or-later
"""What a request asks for beyond what moto looks at."""

from __future__ import annotations

import uuid

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually, refusal


def test_as_many_instances_as_asked_for_and_once(scene: Scene) -> None:
    token = str(uuid.uuid4())
    asked = {"ImageId": scene.image(), "InstanceType": "t3.small", "SubnetId": scene.subnets[0], "ClientToken": token}
    first, again = (scene.ec2.run_instances(MinCount=1, MaxCount=3, **asked)["Instances"] for _call in range(2))
    ids = [each["InstanceId"] for each in first]
    assert len(ids) == 3
    assert [each["InstanceId"] for each in again] == ids
    scene.ec2.terminate_instances(InstanceIds=ids)


def test_as_many_as_there_is_room_for(scene: Scene) -> None:
    scene.lab.fault(capacity={"instance_type": "t3.2xlarge", "available": 1})
    asked = {"ImageId": scene.image(), "InstanceType": "t3.2xlarge", "SubnetId": scene.subnets[0]}
    (made,) = scene.ec2.run_instances(MinCount=1, MaxCount=3, **asked)["Instances"]
    scene.ec2.terminate_instances(InstanceIds=[made["InstanceId"]])


def test_launch_templates_come_in_pages(scene: Scene) -> None:
    made = [scene.template() for _number in range(20)]
    found = scene.ec2.describe_launch_templates(LaunchTemplateIds=made)["LaunchTemplates"]
    assert [each["LaunchTemplateId"] for each in found] == made, "moto stops at 15"
    page = scene.ec2.describe_launch_templates(LaunchTemplateIds=made, MaxResults=15)
    rest = scene.ec2.describe_launch_templates(LaunchTemplateIds=made, MaxResults=15, NextToken=page["NextToken"])
    assert [each["LaunchTemplateId"] for each in page["LaunchTemplates"] + rest["LaunchTemplates"]] == made


def test_activities_of_a_deleted_group_are_listed_on_request(scene: Scene) -> None:
    group = scene.group(1)
    asked = {"AutoScalingGroupName": group}
    eventually(lambda: scene.autoscaling.describe_scaling_activities(**asked)["Activities"], bool)
    scene.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)
    eventually(lambda: scene.describe(group), lambda found: not found)
    assert scene.autoscaling.describe_scaling_activities(**asked)["Activities"] == []
    assert scene.autoscaling.describe_scaling_activities(**asked, IncludeDeletedGroups=True)["Activities"]


def test_zones_without_subnets_have_default_ones(scene: Scene) -> None:
    zones = {"VPCZoneIdentifier": None, "AvailabilityZones": ["eu-west-1b", "eu-west-1c"]}
    group = scene.group(2, **zones)
    members = eventually(lambda: scene.describe(group)["Instances"], lambda found: len(found) == 2)
    assert {each["AvailabilityZone"] for each in members} == set(zones["AvailabilityZones"] or [])


def test_instance_types_with_attributes(scene: Scene) -> None:
    requirements = {"VCpuCount": {"Min": 4, "Max": 4}, "MemoryMiB": {"Min": 16384, "Max": 16384}}
    template = {"LaunchTemplateSpecification": {"LaunchTemplateId": scene.template()}}
    policy = {"LaunchTemplate": {**template, "Overrides": [{"InstanceRequirements": requirements}]}}
    group = scene.group(1, LaunchTemplate=None, MixedInstancesPolicy=policy)
    scene.in_service(group, 1)
    (instance,) = scene.describe(group)["Instances"]
    (known,) = scene.ec2.describe_instance_types(InstanceTypes=[instance["InstanceType"]])["InstanceTypes"]
    assert (known["VCpuInfo"]["DefaultVCpus"], known["MemoryInfo"]["SizeInMiB"]) == (4, 16384)


def test_an_instance_has_its_lifetime() -> None:
    with LabProcess(speed=20_000) as lab:
        autoscaling = lab.client("autoscaling")
        (group,) = autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        asked = {"AutoScalingGroupName": group["AutoScalingGroupName"]}
        assert refusal(autoscaling.update_auto_scaling_group, **asked, MaxInstanceLifetime=60) == "ValidationError"
        before = {each["InstanceId"] for each in group["Instances"]}
        autoscaling.update_auto_scaling_group(**asked, MaxInstanceLifetime=86400)
        causes = eventually(
            lambda: [
                each["Cause"]
                for each in autoscaling.describe_scaling_activities(**asked)["Activities"]
                if any(each["Description"].endswith(f"Terminating EC2 instance: {name}") for name in before)
            ],
            bool,
        )
        assert "maximum instance lifetime" in causes[-1]


def test_the_sizes_of_a_group_are_metrics(scene: Scene) -> None:
    group, cloudwatch = scene.group(1), scene.lab.client("cloudwatch")
    collected = {"Granularity": "1Minute", "Metrics": ["GroupDesiredCapacity"]}
    scene.autoscaling.enable_metrics_collection(AutoScalingGroupName=group, **collected)
    dimensions = [{"Name": "AutoScalingGroupName", "Value": group}]
    asked = {"Namespace": "AWS/AutoScaling", "Dimensions": dimensions}
    found = eventually(lambda: cloudwatch.list_metrics(**asked)["Metrics"], bool)
    assert [each["MetricName"] for each in found] == ["GroupDesiredCapacity"]
