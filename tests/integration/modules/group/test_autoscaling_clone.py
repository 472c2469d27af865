# SPDX-License-Identifier: GPL-3.0-or-later
"""A candidate's group: the live one in everything but the image."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo

ALLOWED_DIFFERENCES = {
    "AutoScalingGroupARN",
    "AutoScalingGroupName",
    "CreatedTime",
    "Instances",
    "LaunchTemplate",
    "Tags",
    "TargetGroupARNs",
    "TrafficSources",
}
EVERYTHING: dict[str, Any] = {
    "MinSize": 1,
    "MaxSize": 7,
    "DefaultCooldown": 77,
    "DefaultInstanceWarmup": 66,
    "HealthCheckType": "ELB",
    "HealthCheckGracePeriod": 55,
    "TerminationPolicies": ["OldestInstance", "Default"],
    "NewInstancesProtectedFromScaleIn": True,
    "MaxInstanceLifetime": 864000,
    "CapacityRebalance": True,
    "InstanceMaintenancePolicy": {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150},
    "AvailabilityZoneDistribution": {"CapacityDistributionStrategy": "balanced-only"},
}
HOOK = {
    "LifecycleHookName": "warm-up",
    "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
    "HeartbeatTimeout": 7200,
    "DefaultResult": "ABANDON",
    "NotificationMetadata": "cache",
}

LOOKED = [
    "DescribeAutoScalingGroups",
    "DescribeAutoScalingGroups",  # all of them: who else launches from the template
    "DescribeImages",
    "DescribeInstanceRefreshes",
    "DescribeLaunchTemplateVersions",
    "DescribeLaunchTemplateVersions",
    "DescribeLifecycleHooks",
    "DescribeNotificationConfigurations",
    "DescribePolicies",
    "DescribeScheduledActions",
    "DescribeTargetGroups",
]


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


def tags(group: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in group["Tags"]}


def versions(scene: Scene, template: str) -> list[dict[str, Any]]:
    found = scene.ec2.describe_launch_template_versions(LaunchTemplateId=template)["LaunchTemplateVersions"]
    return sorted(found, key=lambda version: int(version["VersionNumber"]))


def test_the_clone_differs_in_what_the_release_decides_and_nothing_else(ask: Ask, scene: Scene, demo: Demo) -> None:
    template, target_group = scene.template(), scene.target_group()
    source = demo.group(
        tags={"team": "shop"},
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Default"},
        TargetGroupARNs=[scene.target_group()],
        LifecycleHookSpecificationList=[HOOK],
        **EVERYTHING,
    )
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=source, DesiredCapacity=3)
    image = scene.image(release="2")
    result = ask("autoscaling_clone", **demo.wanted(source, image_id=image, target_groups=[target_group]))
    assert result["changed"]
    name = result["group"]["name"]

    before, after = scene.describe(source), scene.describe(name)
    assert {key for key in before | after if before.get(key) != after.get(key)} <= ALLOWED_DIFFERENCES
    assert before["LaunchTemplate"]["Version"] == "$Default"
    assert after["TargetGroupARNs"] == [target_group]
    ours = {"service": demo.service, "color": "green", "release": "1.1.0"}
    assert tags(after) == {"team": "shop"} | {f"bluegreen:{key}": value for key, value in ours.items()}
    (hook,) = scene.autoscaling.describe_lifecycle_hooks(AutoScalingGroupName=name)["LifecycleHooks"]
    assert HOOK.items() <= hook.items()
    assert result["group"] == {
        "name": f"{demo.service}-green-v001",
        "image_id": image,
        "release": "1.1.0",
        "launch_template": {"id": template, "name": before["LaunchTemplate"]["LaunchTemplateName"], "version": "2"},
        "desired": 3,
        "minimum": 1,
        "maximum": 7,
        "target_group_arns": [target_group],
    }
    first, second = versions(scene, template)
    assert second["LaunchTemplateData"] == {**first["LaunchTemplateData"], "ImageId": image}
    assert "1.1.0" in second["VersionDescription"]
    assert first["DefaultVersion"]


def test_it_is_told_then_built_then_left_alone_with_few_calls(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    options = demo.wanted(demo.group())
    made()
    reported = ask("autoscaling_clone", check=True, **options)
    assert reported["changed"]
    assert reported["group"]["launch_template"]["version"] is None
    assert sorted(made()) == LOOKED

    built = ask("autoscaling_clone", **options)
    assert built["diff"] == {"before": {}, "after": {**built["group"], "copied": built["copied"]}}
    built["group"]["launch_template"]["version"] = None
    assert reported["group"] == built["group"]
    written = ["CreateAutoScalingGroup", "CreateLaunchTemplateVersion"]
    assert sorted(made()) == sorted([*LOOKED, *written, "DescribeAutoScalingGroups"])

    again = ask("autoscaling_clone", **options)
    assert not again["changed"]
    assert again["group"]["name"] == built["group"]["name"]
    assert sorted(made()) == ["DescribeAutoScalingGroups", "DescribeLaunchTemplateVersions"]

    (member,) = scene.in_service(built["group"]["name"], 1)
    (launched,) = scene.ec2.describe_instances(InstanceIds=[member])["Reservations"][0]["Instances"]
    assert launched["ImageId"] == options["image_id"]
    assert {"Key": "bluegreen:release", "Value": "1.1.0"} in launched["Tags"]


def test_a_run_that_was_killed_before_the_create_is_taken_up_without_a_second_version(
    ask: Ask, scene: Scene, demo: Demo
) -> None:
    template = scene.template()
    options = demo.wanted(demo.group(LaunchTemplate={"LaunchTemplateId": template, "Version": "1"}))
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"ImageId": options["image_id"]}
    )
    assert ask("autoscaling_clone", **options)["group"]["launch_template"]["version"] == "2"
    assert len(versions(scene, template)) == 2


def test_a_run_that_died_after_the_create_is_completed_by_the_next(ask: Ask, scene: Scene, demo: Demo) -> None:
    source = demo.group()
    suspended = ["Launch", "AddToLoadBalancer", "AZRebalance"]
    scene.in_service(source, 1)
    scene.autoscaling.suspend_processes(AutoScalingGroupName=source, ScalingProcesses=suspended)
    options = demo.wanted(source)
    scene.lab.fault(operation="SuspendProcesses", times=1, error="AccessDenied")
    assert "AccessDenied" in ask("autoscaling_clone", **options)["msg"]
    completed = ask("autoscaling_clone", **options)
    assert completed["changed"]
    clone = scene.describe(completed["group"]["name"])
    assert [process["ProcessName"] for process in clone["SuspendedProcesses"]] == ["AZRebalance"]
    assert "bluegreen:copying" not in tags(clone)
    scene.in_service(completed["group"]["name"], 1)


def test_a_source_that_follows_latest_goes_on_launching_its_image(ask: Ask, scene: Scene, demo: Demo) -> None:
    source = demo.group(LaunchTemplate={"LaunchTemplateId": scene.template(), "Version": "$Latest"})
    scene.in_service(source, 1)
    before = scene.describe(source)
    result = ask("autoscaling_clone", **demo.wanted(source))
    after = scene.describe(source)
    assert result["group"]["launch_template"]["version"] == "2"
    assert after["LaunchTemplate"]["Version"] == "1"
    assert "follows $Latest" in " ".join(result["warnings"])
    assert {key for key in before if before[key] != after[key]} == {"LaunchTemplate"}


def test_a_retained_group_is_put_to_use_again(ask: Ask, demo: Demo, made: Made) -> None:
    options = demo.wanted(demo.group())
    deadline = {"bluegreen:retain-until": "2030-01-01T00:00:00+00:00"}
    name = demo.candidate(options["image_id"], deadline | {"bluegreen:release": options["release"]})
    made()
    assert ask("autoscaling_clone", check=True, **options)["changed"]
    assert made("write") == []
    again = ask("autoscaling_clone", **options)
    assert again["changed"]
    assert again["group"]["name"] == name
    assert again["diff"]["before"] == deadline
    assert made("write") == ["DeleteTags"]
    assert not ask("autoscaling_clone", **options)["changed"]


def test_a_name_is_never_used_for_another_image(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    options = demo.wanted(demo.group(), name=demo.candidate(scene.image(release="3")))
    made()
    assert "never used for another image" in ask("autoscaling_clone", **options)["msg"]
    assert made("write") == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"source": "nowhere"}, "There is no Auto Scaling group nowhere"),
        ({"image_id": "ami-00000000000000000"}, "'[ami-00000000000000000]' does not exist"),
        ({"target_groups": ["nowhere"]}, "target group nowhere: One or more target groups not found"),
    ],
    ids=["source", "image", "target group"],
)
def test_what_does_not_exist_is_told_before_anything_is_written(
    ask: Ask, demo: Demo, made: Made, wrong: dict[str, Any], reason: str
) -> None:
    options = demo.wanted(demo.group()) | wrong
    made()
    assert reason in ask("autoscaling_clone", **options)["msg"]
    assert made("write") == []


def test_a_source_without_the_services_tags_is_found_by_its_name(
    ask: Ask, scene: Scene, demo: Demo, made: Made
) -> None:
    options = demo.wanted(scene.group(1))
    made()
    reported = ask("autoscaling_clone", check=True, **options)
    assert reported["group"]["name"] == f"{demo.service}-green-v001"
    assert made().count("DescribeAutoScalingGroups") == 3


def test_a_clone_belongs_to_the_run_that_builds_it_or_takes_it_up(ask: Ask, scene: Scene, demo: Demo) -> None:
    wanted = demo.wanted(demo.group())
    name = ask("autoscaling_clone", **wanted, run="first")["group"]["name"]
    assert run_of(scene, name) == "first"
    ask("environment_mark", group=name, mark="rejected", value="An alarm rang.")
    taken = ask("autoscaling_clone", **wanted, run="second")
    assert (taken["changed"], taken["group"]["name"], run_of(scene, name)) == (True, name, "second")
    assert not ask("environment_mark", group=name, mark="rejected", state="absent")["changed"], "it is tried again"
    assert not ask("autoscaling_clone", **wanted, run="second")["changed"]


def run_of(scene: Scene, group: str) -> str | None:
    return {tag["Key"]: tag["Value"] for tag in scene.describe(group)["Tags"]}.get("bluegreen:run")
