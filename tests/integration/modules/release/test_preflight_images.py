# SPDX-License-Identifier: GPL-3.0-or-later
"""Images by parameter in the live group's launch template, and root devices that differ from the release's."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo, launched_data


def put(scene: Scene, name: str, image_id: str) -> None:
    scene.lab.client("ssm").put_parameter(
        Name=name, Value=image_id, Type="String", DataType="aws:ec2:image", Overwrite=True
    )


def version(scene: Scene, image: str, **data: Any) -> dict[str, str]:
    """Version 2 of a template of its own."""
    template = scene.template(image)
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData=data)
    return {"LaunchTemplateId": template, "Version": "2"}


def test_a_parameter_that_moved_on_is_not_what_runs(plan: Plan, ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name, old, new = f"/{scene.name('images')}", scene.image(release="1"), scene.image(release="2")
    put(scene, name, old)
    live = demo.live(1, LaunchTemplate=version(scene, f"resolve:ssm:{name}"))
    scene.in_service(live, 1)
    put(scene, name, new)
    seen = ask("service_info", **demo.definition)
    assert seen["service"]["environments"]["blue"]["image_id"] == old, "what its instances run"
    made()
    result = plan(**demo.definition, image_id=new)
    assert (result["findings"], result["brings_up"]) == ([], "candidate"), "the image is not live yet"
    (warning,) = [each for each in result["warnings"] if name in each]
    assert f"{live} launches the image that the parameter {name} of Systems Manager contains" in warning
    assert f"Its instances run {old}" in warning
    built = ask("autoscaling_clone", **demo.wanted(live, image_id=new))
    assert launched_data(scene, built)["ImageId"] == new
    again = ask(
        "autoscaling_clone", **{**demo.wanted(live, image_id=new), "target_groups": built["group"]["target_group_arns"]}
    )
    assert (again["changed"], again["group"]["name"]) == (False, built["group"]["name"])


def test_a_parameter_of_the_releases_image_is_not_taken_for_it(ask: Ask, scene: Scene, demo: Demo) -> None:
    """The candidate must launch this image also when the parameter has moved on."""
    name, image = f"/{scene.name('images')}", scene.image(release="1")
    put(scene, name, image)
    live = demo.live(1, LaunchTemplate=version(scene, f"resolve:ssm:{name}"))
    built = ask("autoscaling_clone", **demo.wanted(live, image_id=image))
    assert launched_data(scene, built)["ImageId"] == image


@pytest.mark.parametrize("configured", [False, True], ids=["template", "configuration"])
def test_another_root_device_is_refused(
    plan: Plan, ask: Ask, scene: Scene, demo: Demo, made: Made, configured: bool
) -> None:
    mappings = [{"DeviceName": "/dev/sda1", "Ebs": {"VolumeSize": 80}}]
    if configured:
        name = scene.name("old")
        scene.autoscaling.create_launch_configuration(
            LaunchConfigurationName=name,
            ImageId=scene.image(),
            InstanceType="t3.small",
            BlockDeviceMappings=mappings,
        )
        live = demo.live(1, LaunchTemplate=None, LaunchConfigurationName=name)
    else:
        live = demo.live(1, LaunchTemplate=version(scene, scene.image(), BlockDeviceMappings=mappings))
    image = scene.ec2.register_image(Name=scene.name("image"), RootDeviceName="/dev/xvda")["ImageId"]
    (finding,) = plan(**demo.definition, image_id=image)["findings"]
    assert f"What {live} launches has a block device mapping for /dev/sda1" in finding
    assert f"the root device of {image} is /dev/xvda" in finding
    made()
    refused = ask("autoscaling_clone", **demo.wanted(live, image_id=image))
    assert finding in refused["msg"]
    assert made("write") == []
    assert plan(**demo.definition, image_id=scene.image())["findings"] == []
