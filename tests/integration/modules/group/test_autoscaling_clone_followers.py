# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch template that other groups follow by $Latest: they do not launch the new image."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask
from tests.integration.policies import limited

from ..conftest import Made, Plan
from ..demo import Demo, launched_data

BIG = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 9}}


@pytest.fixture
def shared(scene: Scene) -> str:
    """The ID of a launch template that another service's group follows."""
    template = scene.template()
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"BlockDeviceMappings": [BIG]}
    )
    return template


def follower(scene: Scene, template: str, version: str = "$Latest") -> str:
    return scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": version})


@pytest.mark.parametrize("version", ["$Latest", "2"])
def test_a_followed_template_gets_no_version(ask: Ask, scene: Scene, demo: Demo, shared: str, version: str) -> None:
    other = follower(scene, shared)
    source = demo.group(LaunchTemplate={"LaunchTemplateId": shared, "Version": version})
    options = demo.wanted(source)
    built = ask("autoscaling_clone", **options)
    template = built["group"]["launch_template"]
    assert (template["name"], template["version"]) == (f"bluegreen-{demo.service}", "1")
    data = launched_data(scene, built)
    assert (data["ImageId"], data["InstanceType"]) == (options["image_id"], "t3.small")
    assert data["BlockDeviceMappings"] == [BIG]
    assert any(f"{other} follows $Latest" in warning and template["name"] in warning for warning in built["warnings"])
    assert scene.describe(source)["LaunchTemplate"]["Version"] == version

    image = launched_data(scene, {"group": {"launch_template": {"id": shared, "version": "$Latest"}}})["ImageId"]
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=other, DesiredCapacity=2)
    members = scene.in_service(other, 2)
    found = scene.ec2.describe_instances(InstanceIds=members)["Reservations"]
    assert {each["ImageId"] for reservation in found for each in reservation["Instances"]} == {image}


def test_the_next_release_finds_the_services_own_template(
    ask: Ask, scene: Scene, demo: Demo, shared: str, made: Made
) -> None:
    """A run that died left the template; the same image is the same version, another one the next."""
    follower(scene, shared)
    first = demo.wanted(demo.group(LaunchTemplate={"LaunchTemplateId": shared, "Version": "2"}))
    scene.lab.fault(operation="CreateAutoScalingGroup", times=1, error="AccessDenied")
    assert "AccessDenied" in ask("autoscaling_clone", **first)["msg"]
    made()
    built = ask("autoscaling_clone", **first)
    assert made("write") == ["CreateAutoScalingGroup"]
    assert built["group"]["launch_template"]["version"] == "1"
    following = demo.wanted(built["group"]["name"], color="blue", name=f"{demo.service}-next")
    after = ask("autoscaling_clone", **following)
    assert after["group"]["launch_template"] == {**built["group"]["launch_template"], "version": "2"}
    assert after["warnings"] == []


@pytest.mark.parametrize("playbook", ["deploy", "provision"])
def test_the_policies_allow_a_template_of_its_own(
    ask: Ask, scene: Scene, demo: Demo, shared: str, playbook: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower(scene, shared)
    options = demo.wanted(demo.group(LaunchTemplate={"LaunchTemplateId": shared, "Version": "2"}))
    for key, value in limited(scene.lab, playbook).items():
        monkeypatch.setenv(key, value)
    built = ask("autoscaling_clone", **options)
    assert not built.get("failed"), built["msg"]
    assert built["group"]["launch_template"]["name"] == f"bluegreen-{demo.service}"


def test_groups_that_name_a_number_or_the_default_are_not_concerned(
    ask: Ask, scene: Scene, demo: Demo, shared: str
) -> None:
    follower(scene, shared, "2")
    follower(scene, shared, "$Default")
    built = ask("autoscaling_clone", **demo.wanted(demo.group(LaunchTemplate=latest(shared))))
    assert built["group"]["launch_template"]["id"] == shared


def test_each_followed_template_of_a_mixed_group_has_a_version_in_the_services_own(
    ask: Ask, scene: Scene, demo: Demo, shared: str
) -> None:
    second, alone = scene.template(), scene.template()
    follower(scene, shared)
    follower(scene, second)
    overrides = [
        {"InstanceType": "t3.large", "LaunchTemplateSpecification": latest(second)},
        {"InstanceType": "t3.medium", "LaunchTemplateSpecification": latest(alone)},
    ]
    template = {"LaunchTemplateSpecification": latest(shared), "Overrides": overrides}
    source = demo.group(LaunchTemplate=None, MixedInstancesPolicy={"LaunchTemplate": template})
    built = ask("autoscaling_clone", **demo.wanted(source))
    own = built["group"]["launch_template"]["id"]
    policy = scene.describe(built["group"]["name"])["MixedInstancesPolicy"]["LaunchTemplate"]
    named = [policy["LaunchTemplateSpecification"]]
    named += [each["LaunchTemplateSpecification"] for each in policy["Overrides"]]
    assert [(each["LaunchTemplateId"], each["Version"]) for each in named] == [(own, "1"), (own, "2"), (alone, "2")]


def test_the_plan_names_who_follows(plan: Plan, scene: Scene, demo: Demo, shared: str) -> None:
    demo.live(1, LaunchTemplate=latest(shared))
    other = follower(scene, shared)
    result = plan(**demo.definition, image_id=scene.image(release="2"))
    assert result["findings"] == []
    (warning,) = [each for each in result["warnings"] if other in each]
    assert f"it is made in launch template bluegreen-{demo.service}, so that {other} does not launch it" in warning


def test_the_plan_refuses_a_template_of_somebody_else_under_the_name_of_the_services_own(
    plan: Plan, scene: Scene, demo: Demo, shared: str
) -> None:
    demo.live(1, LaunchTemplate=latest(shared))
    follower(scene, shared)
    scene.ec2.create_launch_template(
        LaunchTemplateName=f"bluegreen-{demo.service}", LaunchTemplateData={"ImageId": scene.image(release="1")}
    )
    (finding,) = plan(**demo.definition, image_id=scene.image(release="2"))["findings"]
    assert f"exists without the tag bluegreen:service={demo.service}" in finding


def latest(template: str) -> dict[str, Any]:
    return {"LaunchTemplateId": template, "Version": "$Latest"}
