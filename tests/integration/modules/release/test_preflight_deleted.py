# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody has deleted of what a service launches from: refused where a release needs it, a warning where not."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo


@pytest.fixture
def template(scene: Scene) -> str:
    """With versions 1 to 3."""
    template = scene.template()
    for _version in range(2):
        scene.ec2.create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={})
    return template


def version(template: str, number: int) -> dict[str, Any]:
    return {"LaunchTemplateId": template, "Version": str(number)}


def delete_version(scene: Scene, template: str, number: int) -> None:
    scene.ec2.delete_launch_template_versions(LaunchTemplateId=template, Versions=[str(number)])


@pytest.mark.parametrize("whole", [False, True], ids=["version", "template"])
def test_the_idle_groups_version_is_not_needed(
    plan: Plan, ask: Ask, scene: Scene, demo: Demo, template: str, whole: bool
) -> None:
    demo.live(1)
    idle = demo.group(0, "green", LaunchTemplate=version(template, 2))
    if whole:
        scene.ec2.delete_launch_template(LaunchTemplateId=template)
    else:
        delete_version(scene, template, 2)
    image = scene.image(release="2")
    result = plan(**demo.definition, image_id=image)
    assert result["findings"] == []
    (warning,) = [each for each in result["warnings"] if idle in each]
    assert "launches from version 2 of launch template" in warning
    assert "its image is unknown" in warning
    seen = ask("service_info", **demo.definition)
    assert seen["service"]["environments"]["green"]["image_id"] is None, seen
    removed = ask("autoscaling_clone", state="absent", name=idle, service=demo.service, keep_versions=0, force=True)
    assert removed["changed"], removed


def test_without_the_live_groups_version_there_is_nothing_to_build_from(
    plan: Plan, ask: Ask, scene: Scene, demo: Demo, template: str, made: Made
) -> None:
    live = demo.live(1, LaunchTemplate=version(template, 2))
    scene.in_service(live, 1)
    delete_version(scene, template, 2)
    image = scene.image(release="2")
    (finding,) = plan(**demo.definition, image_id=image)["findings"]
    assert f"{live} launches from version 2 of launch template" in finding
    assert "Set the group to a version that has the settings of its instances" in finding
    made()
    refused = ask("autoscaling_clone", **demo.wanted(live, image_id=image))
    assert f"{live} launches from version 2 of launch template" in refused["msg"]
    assert made("write") == []
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=live, LaunchTemplate=version(template, 3))
    result = plan(**demo.definition, image_id=image)
    assert result["findings"] == [], "what its instances were launched from is only compared with"
    assert any("they were launched from version 2 of its launch template" in each for each in result["unchecked"])
    refused = plan(**demo.definition, image_id=image, shape_change="refuse")
    assert "they were launched from version 2 of its launch template" in refused["findings"][0]


@pytest.mark.parametrize("named", ["KeyName", "SecurityGroupIds"])
def test_a_key_pair_and_security_groups_are_looked_for(plan: Plan, scene: Scene, demo: Demo, named: str) -> None:
    name = scene.name("named")
    scene.ec2.create_key_pair(KeyName=name)
    group = scene.ec2.create_security_group(GroupName=name, Description=name, VpcId=scene.vpc)["GroupId"]
    data, template = {"KeyName": name, "SecurityGroupIds": [group]}, scene.template()
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={named: data[named]}
    )
    demo.live(1, LaunchTemplate=version(template, 2))
    release = {**demo.definition, "image_id": scene.image(release="2")}
    assert plan(**release)["findings"] == []
    scene.ec2.delete_key_pair(KeyName=name)
    scene.ec2.delete_security_group(GroupId=group)
    (finding,) = plan(**release)["findings"]
    assert "does not exist" in finding
    assert (name if named == "KeyName" else group) in finding


def test_a_live_image_that_was_deregistered_is_a_warning(plan: Plan, scene: Scene, demo: Demo) -> None:
    image = scene.image(release="1")
    live = demo.live(1, LaunchTemplate=version(scene.template(image), 1))
    scene.in_service(live, 1)
    scene.ec2.deregister_image(ImageId=image)
    result = plan(**demo.definition, image_id=scene.image(release="2"))
    assert result["findings"] == []
    (warning,) = [each for each in result["warnings"] if live in each]
    assert "was deregistered" in warning
    assert "take the traffic back" in warning
