# SPDX-License-Identifier: GPL-3.0-or-later
"""What Auto Scaling refuses in the names, the tags and the target groups of a group."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, refusal


def tags(count: int, **tag: Any) -> list[dict[str, Any]]:
    return [{"Key": f"own-{number}", "Value": "x", "PropagateAtLaunch": True, **tag} for number in range(count)]


def create(scene: Scene, **request: Any) -> str:
    template = {"LaunchTemplateId": scene.template(), "Version": "1"}
    asked = {"AutoScalingGroupName": scene.name("limited"), "MinSize": 0, "MaxSize": 0, "LaunchTemplate": template}
    zones = {"VPCZoneIdentifier": scene.subnets[0]}
    return refusal(scene.autoscaling.create_auto_scaling_group, **asked | zones | request)


@pytest.mark.parametrize("name", ["x" * 256, "eu:shop", "My Shop", "Größe"])
def test_a_name_has_255_ascii_characters_without_a_colon(scene: Scene, name: str) -> None:
    assert create(scene, AutoScalingGroupName=name) == "ValidationError"


def test_a_group_has_50_tags(scene: Scene) -> None:
    assert create(scene, Tags=tags(51)) == "LimitExceeded"
    group = scene.group(0, Tags=tags(50))
    named = {"ResourceId": group, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    update = scene.autoscaling.create_or_update_tags
    assert refusal(update, Tags=[{"Key": "one-more", "Value": "x", **named}]) == "LimitExceeded"
    update(Tags=[{"Key": "own-1", "Value": "y", **named}])
    assert len(scene.describe(group)["Tags"]) == 50


@pytest.mark.parametrize("tag", [{"Key": "x" * 129}, {"Value": "x" * 257}])
def test_a_tag_has_128_characters_of_a_key_and_256_of_a_value(scene: Scene, tag: dict[str, str]) -> None:
    assert create(scene, Tags=tags(1, **tag)) == "ValidationError"


def test_tags_that_begin_as_those_of_aws_are_refused(scene: Scene) -> None:
    reserved = {"Key": "aws:cloudformation:stack-name", "Value": "web"}
    assert create(scene, Tags=[{**reserved, "PropagateAtLaunch": True}]) == "ValidationError"
    named = {"ResourceId": scene.group(0), "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    assert refusal(scene.autoscaling.create_or_update_tags, Tags=[{**reserved, **named}]) == "ValidationError"


def test_a_group_takes_target_groups_of_type_instance_only(scene: Scene) -> None:
    addresses = scene.target_group(TargetType="ip")
    assert create(scene, TargetGroupARNs=[addresses]) == "ValidationError"
    attach = {"AutoScalingGroupName": scene.group(0), "TargetGroupARNs": [addresses]}
    assert refusal(scene.autoscaling.attach_load_balancer_target_groups, **attach) == "ValidationError"
