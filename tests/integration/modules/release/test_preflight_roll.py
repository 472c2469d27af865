# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a roll, found on the lab before anything is written."""

from __future__ import annotations

from typing import Any

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo

HELD = {"InstanceWarmup": 3600}


def version(scene: Scene, **data: Any) -> dict[str, str]:
    """Version 2 of a template of its own."""
    template = scene.template(scene.image(release="1"))
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData=data)
    return {"LaunchTemplateId": template, "Version": "2"}


def test_what_could_not_be_launched_or_rolled_back_is_told_at_once(
    plan: Plan, scene: Scene, demo: Demo, made: Made
) -> None:
    name = f"/{scene.name('images')}"
    scene.lab.client("ssm").put_parameter(
        Name=name, Value=scene.image(release="1"), Type="String", DataType="aws:ec2:image"
    )
    live = demo.live(1, LaunchTemplate=version(scene, ImageId=f"resolve:ssm:{name}", InstanceType="t3.small"))
    scene.in_service(live, 1)
    scene.autoscaling.start_instance_refresh(AutoScalingGroupName=live, Preferences=HELD)
    arm = scene.ec2.register_image(Name=scene.name("image"), Architecture="arm64", RootDeviceName="/dev/sda1")
    made()
    result = plan(["roll"], **demo.definition, image_id=arm["ImageId"])
    assert result["failed"]
    for said in (
        f"The launch template of {live} names a parameter of Systems Manager instead of an image",
        f"Image {arm['ImageId']} does not run on t3.small: its architecture is arm64",
        f"{live} is being rolled to what it launches already, not to {arm['ImageId']}",
    ):
        assert [each for each in result["findings"] if each.startswith(said)], result["findings"]
    assert (len(result["findings"]), made("write")) == (3, [])


def test_a_roll_that_is_under_way_is_continued(plan: Plan, ask: Ask, scene: Scene, demo: Demo) -> None:
    live, new, other = demo.live(1), scene.image(release="2"), scene.image(release="3")
    scene.in_service(live, 1)
    begun = ask("instance_refresh", group=live, service=demo.service, image_id=new, instance_warmup=3600, wait=False)
    assert begun["changed"]
    assert plan(["roll"], **demo.definition, image_id=new)["findings"] == []
    (finding,) = plan(["roll"], **demo.definition, image_id=other)["findings"]
    assert finding.startswith(f"{live} is being rolled to {new}, not to {other}")


def test_a_key_pair_that_was_deleted_meanwhile_does_not_prevent_a_roll_that_has_begun_or_is_done(
    plan: Plan, ask: Ask, scene: Scene, demo: Demo
) -> None:
    key = scene.name("key")
    scene.ec2.create_key_pair(KeyName=key)
    old, new = (scene.image(release=release) for release in ("1", "2"))
    live = demo.live(1, LaunchTemplate=version(scene, ImageId=old, KeyName=key))
    scene.in_service(live, 1)
    scene.ec2.delete_key_pair(KeyName=key)
    found = {image: plan(["roll"], **demo.definition, image_id=image)["findings"] for image in (old, new)}
    assert (found[old], [key in each for each in found[new]]) == ([], [True])
    scene.ec2.create_key_pair(KeyName=key)
    ask("instance_refresh", group=live, service=demo.service, image_id=new, instance_warmup=3600, wait=False)
    scene.ec2.delete_key_pair(KeyName=key)
    assert plan(["roll"], **demo.definition, image_id=new)["findings"] == []


def test_new_instances_that_would_not_be_registered_are_told_at_once(
    plan: Plan, scene: Scene, demo: Demo, made: Made
) -> None:
    live = demo.live(1)
    scene.in_service(live, 1)
    scene.autoscaling.suspend_processes(AutoScalingGroupName=live, ScalingProcesses=["AddToLoadBalancer"])
    made()
    (finding,) = plan(["roll"], **demo.definition, image_id=scene.image(release="2"))["findings"]
    assert finding.startswith(f"Suspended on {live}: AddToLoadBalancer. ")
    assert made("write") == []
