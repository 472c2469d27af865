# SPDX-License-Identifier: GPL-3.0-or-later
"""roll.yml after one whose run died, while AWS went on."""

from __future__ import annotations

from typing import Any

from switchyard_lab.scene import Scene
from tests.sample import Sample

from .reading import judged


def tag(sample: Sample, live: dict[str, Any], **tags: str) -> None:
    """What the group remembers of its rolls."""
    named = {"ResourceId": live["group"], "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    written = [{"Key": f"bluegreen:{key.replace('_', '-')}", "Value": value, **named} for key, value in tags.items()]
    Scene(sample.lab).autoscaling.create_or_update_tags(Tags=written)


def refreshes(sample: Sample, live: dict[str, Any]) -> list[str]:
    found = Scene(sample.lab).autoscaling.describe_instance_refreshes(AutoScalingGroupName=live["group"])
    return [each["Status"] for each in found["InstanceRefreshes"]]


def test_what_aws_has_finished_is_checked_and_baked_once(sample: Sample) -> None:
    """Nothing is left to replace, and the tag that a roll begins with does not say that it was verified."""
    live = sample.status()["environments"]["blue"]
    tag(sample, live, rolled=live["image_id"])
    asked = {"bluegreen_image_id": live["image_id"], "bluegreen_bake_seconds": 1, "bluegreen_hold_seconds": 60}
    played = sample.open("roll", **asked)
    assert (played.returncode, played.outcomes["demo"]["end_state"]) == (0, "succeeded"), played.messages
    assert judged(played) == ["Check every new instance through the test route", "Bake"]
    assert sample.stable_release() == "1.0.0", "nobody gave it another name"
    again = sample.open("roll", **asked)
    assert (again.outcomes["demo"]["end_state"], judged(again)) == ("unchanged", [])


def test_who_takes_a_roll_up_leaves_alone_what_it_has_left_alone(sample: Sample) -> None:
    """The protected instances are of the version before, as after a roll that was to ignore them."""
    live, scene = sample.status()["environments"]["blue"], Scene(sample.lab)
    template = scene.describe(live["group"])["LaunchTemplate"]
    made = scene.ec2.create_launch_template_version(
        LaunchTemplateId=template["LaunchTemplateId"], SourceVersion=template["Version"], LaunchTemplateData={}
    )
    version = str(made["LaunchTemplateVersion"]["VersionNumber"])
    scene.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=live["group"],
        LaunchTemplate={"LaunchTemplateId": template["LaunchTemplateId"], "Version": version},
    )
    scene.autoscaling.set_instance_protection(
        AutoScalingGroupName=live["group"], InstanceIds=list(scene.members(live["group"])), ProtectedFromScaleIn=True
    )
    tag(sample, live, rolled=live["image_id"])
    asked = {"bluegreen_image_id": live["image_id"], "bluegreen_bake_seconds": 1, "bluegreen_hold_seconds": 5}
    ignoring = {"bluegreen_scale_in_protected": "ignore", "bluegreen_release_from": {}, "bluegreen_roll_timeout": 10}
    played = sample.open("roll", **asked, **ignoring)
    assert (played.returncode, refreshes(sample, live)) == (0, []), played.messages


def test_an_image_that_no_roll_has_brought_is_not_taken_back(sample: Sample) -> None:
    """Its checks fail, and what its tags remember is an older roll."""
    live = sample.status()["environments"]["blue"]
    other = Scene(sample.lab).image(release="9")
    tag(sample, live, rolled=f"{other} verified", previous_image=other)
    checks = [{"path": "/nowhere", "status": 418}]
    asked = {"bluegreen_image_id": live["image_id"], "bluegreen_bake_seconds": 1, "bluegreen_hold_seconds": 60}
    played = sample.open("roll", bluegreen_checks=checks, **asked)
    assert (played.outcomes["demo"]["end_state"], refreshes(sample, live)) == ("halted", []), played.messages
    assert f"was not rolled to {live['image_id']}" in played.outcomes["demo"]["message"]
