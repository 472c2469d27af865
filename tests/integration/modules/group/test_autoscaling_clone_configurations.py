# SPDX-License-Identifier: GPL-3.0-or-later
"""A live group with a launch configuration: its clone launches the same from a launch template."""

from __future__ import annotations

from base64 import b64decode

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo, launched_data


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


def test_a_launch_configuration_becomes_a_template_that_the_next_clone_uses_again(
    ask: Ask, scene: Scene, demo: Demo, made: Made
) -> None:
    configuration = scene.name("configuration")
    scene.autoscaling.create_launch_configuration(
        LaunchConfigurationName=configuration,
        ImageId=scene.image(release="1"),
        InstanceType="t3.small",
        UserData="echo 1",  # encoded by the SDK
        InstanceMonitoring={"Enabled": False},
        BlockDeviceMappings=[{"DeviceName": "/dev/sdf", "Ebs": {"VolumeSize": 9, "DeleteOnTermination": True}}],
    )
    source = demo.group(LaunchTemplate=None, LaunchConfigurationName=configuration)
    scene.in_service(source, 1)
    first = demo.wanted(source)
    scene.lab.fault(operation="CreateAutoScalingGroup", times=1, error="AccessDenied")
    assert "AccessDenied" in ask("autoscaling_clone", **first)["msg"]
    made()
    built = ask("autoscaling_clone", **first)
    assert made("write") == ["CreateAutoScalingGroup"]
    template = built["group"]["launch_template"]
    assert (template["name"], template["version"]) == (f"bluegreen-{demo.service}", "1")
    data = launched_data(scene, built)
    assert data["ImageId"] == first["image_id"]
    assert (data["InstanceType"], data["Monitoring"], b64decode(data["UserData"])) == (
        "t3.small",
        {"Enabled": False},
        b"echo 1",
    )
    assert data["BlockDeviceMappings"][0]["Ebs"] == {"VolumeSize": 9, "DeleteOnTermination": True}
    assert f"from launch configuration {configuration}" in " ".join(built["warnings"])
    scene.in_service(built["group"]["name"], 1)

    second = ask("autoscaling_clone", **demo.wanted(source))
    assert second["group"]["launch_template"] == {**template, "version": "2"}


def test_a_template_of_somebody_else_is_not_taken_for_the_launch_configurations(
    ask: Ask, scene: Scene, demo: Demo, made: Made
) -> None:
    configuration, image = scene.name("configuration"), scene.image(release="1")
    scene.autoscaling.create_launch_configuration(
        LaunchConfigurationName=configuration, ImageId=image, InstanceType="t3.small"
    )
    scene.ec2.create_launch_template(
        LaunchTemplateName=f"bluegreen-{demo.service}", LaunchTemplateData={"ImageId": image}
    )
    options = demo.wanted(demo.group(LaunchTemplate=None, LaunchConfigurationName=configuration))
    made()
    assert f"without the tag bluegreen:service={demo.service}" in ask("autoscaling_clone", **options)["msg"]
    assert made("write") == []
