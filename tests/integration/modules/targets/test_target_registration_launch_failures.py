# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits that end with the reason as soon as there is evidence that they are in vain."""

from __future__ import annotations

import time
from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made

QUOTA = "You have requested more vCPU capacity than your current vCPU limit of 0 allows. {{ never | templated }}"
SOON = 30.0  # seconds, in a wait of 600


@pytest.fixture
def target_group(scene: Scene) -> str:
    group = scene.target_group()
    scene.listener({group: 0})
    return group


def failing(scene: Scene) -> dict[str, Any]:
    """What to launch instances from that fail their health checks."""
    return {"LaunchTemplateId": scene.template(scene.image(release="bad", health="fail")), "Version": "1"}


def waited(ask: Ask, target_group: str, group: str) -> dict[str, Any]:
    """The result of a wait that fails long before its time is over."""
    began = time.monotonic()
    result = ask("target_registration", target_group=target_group, autoscaling_group=group)
    assert result["failed"]
    assert time.monotonic() - began < SOON, "it was not the evidence that ended the wait"
    assert f"{group} does not come up in target group {target_group.split('/')[1]}." in result["msg"]
    return result


def test_a_launch_that_aws_refuses_ends_the_wait_with_the_words_of_aws(
    ask: Ask, scene: Scene, target_group: str
) -> None:
    scene.lab.fault(operation="RunInstances", error="VcpuLimitExceeded", message=QUOTA, times=1000)
    group = scene.group(desired=2, target_groups=(target_group,))
    result = waited(ask, target_group, group)
    scene.lab.fault(operation="RunInstances", times=0)
    assert f"AWS could not launch an instance: {QUOTA}" in result["msg"]
    assert "Raise that quota or free a part of it" in result["msg"]
    activity = result["activities"][0]
    assert activity["status"] == "Failed"
    assert QUOTA in activity["message"]


def test_instances_that_come_and_go_end_the_wait_with_the_cause_and_their_last_health(
    ask: Ask, scene: Scene, target_group: str
) -> None:
    group = scene.group(
        desired=3,
        target_groups=(target_group,),
        LaunchTemplate=failing(scene),
        HealthCheckType="ELB",
        HealthCheckGracePeriod=30,
    )
    result = waited(ask, target_group, group)
    assert "of its instances did not stay in service" in result["msg"]
    assert "in response to an ELB system health check failure" in result["msg"]
    assert "unhealthy (Target.ResponseCodeMismatch: " in result["msg"]
    assert len(result["activities"]) >= 2


def test_health_checks_that_never_pass_end_the_wait_where_nobody_replaces_the_instances(
    ask: Ask, scene: Scene, target_group: str
) -> None:
    group = scene.group(
        desired=1, target_groups=(target_group,), LaunchTemplate=failing(scene), HealthCheckGracePeriod=1
    )
    result = waited(ask, target_group, group)
    failed = f"health checks still fail: {next(iter(scene.members(group)))}:8080 unhealthy"
    assert f"After 1 seconds in service, {failed}" in result["msg"]
    assert "Target.ResponseCodeMismatch" in result["msg"]
    assert result["targets"][0]["state"] == "unhealthy"


def test_a_zone_without_capacity_ends_no_wait_for_aws_tries_another(ask: Ask, scene: Scene, target_group: str) -> None:
    scarce = {"instance_type": "c6i.large", "zone": "eu-west-1a"}  # no other test launches this type
    template = scene.template()
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"InstanceType": "c6i.large"}
    )
    scene.lab.fault(capacity={**scarce, "available": 0})
    group = scene.group(2, (target_group,), LaunchTemplate={"LaunchTemplateId": template, "Version": "2"})
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, wait_timeout=60)
    scene.lab.fault(capacity={**scarce, "available": None})
    assert not result.get("failed"), result
    assert "Failed" in [each["StatusCode"] for each in scene.activities(group)]


def test_a_wait_that_is_over_tells_why_aws_could_not_launch(ask: Ask, scene: Scene, target_group: str) -> None:
    scene.lab.fault(operation="RunInstances", error="InsufficientInstanceCapacity", message="No capacity", times=1000)
    group = scene.group(1, (target_group,))
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, wait_timeout=2)
    scene.lab.fault(operation="RunInstances", times=0)
    assert "Not healthy within 2 seconds." in result["msg"]
    assert "AWS could not launch an instance yet: No capacity. Launching EC2 instance failed" in result["msg"]


def test_a_launch_that_failed_is_forgiven_when_a_later_one_does_better(
    ask: Ask, scene: Scene, target_group: str
) -> None:
    """As when a zone is out of capacity, and AWS tries the next one."""
    group = scene.group(desired=0, target_groups=(target_group,))
    scene.lab.fault(operation="RunInstances", error="InsufficientInstanceCapacity", times=1)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    scene.in_service(group, 1)
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, wait_timeout=60)
    assert not result.get("failed"), result


def test_activities_are_read_only_while_something_is_missing(
    ask: Ask, scene: Scene, target_group: str, made: Made
) -> None:
    image = scene.image(release="1")
    template = {"LaunchTemplateId": scene.template(image), "Version": "1"}
    group = scene.group(desired=1, target_groups=(target_group,), LaunchTemplate=template)
    scene.healthy(target_group, 1)
    made()
    ask("target_registration", target_group=target_group, autoscaling_group=group)
    # A good look is confirmed by the health alone, and who is healthy is in a route for certain.
    assert made() == ["DescribeAutoScalingGroups", *["DescribeTargetHealth"] * 3]

    # The next instance boots for longer than the module takes to look.
    scene.ec2.create_tags(Resources=[image], Tags=[{"Key": "lab:boot-seconds", "Value": "60"}])
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
    made()
    ask("target_registration", target_group=target_group, autoscaling_group=group)
    calls = made()
    assert 1 <= calls.count("DescribeScalingActivities") < calls.count("DescribeAutoScalingGroups")
