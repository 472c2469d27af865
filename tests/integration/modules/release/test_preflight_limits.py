# SPDX-License-Identifier: GPL-3.0-or-later
"""Limits that AWS reports only when something is written, found before that."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo

CODEDEPLOY = {
    "LifecycleHookName": "CodeDeploy-managed-automatic-launch-deployment-hook-dev-16355e62-a577-41ad-93f9-61d0bb5b6904",
    "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
    "HeartbeatTimeout": 600,
}


def tagged(number: int) -> dict[str, str]:
    return {f"own-{each}": "x" for each in range(number)}


def test_tags_of_the_release_must_fit_next_to_those_of_the_group(
    plan: Plan, ask: Ask, scene: Scene, demo: Demo, made: Made
) -> None:
    live = demo.live(1, tags=tagged(45))
    image = scene.image(release="2")
    (finding,) = plan(**demo.definition, image_id=image)["findings"]
    assert f"{live} has 45 tags of its own" in finding
    assert "Remove 5 of them" in finding
    made()
    refused = ask("autoscaling_clone", **demo.wanted(live, image_id=image))
    assert finding in refused["msg"]
    assert made("write") == []


def test_labels_and_names_that_are_too_long(plan: Plan, ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    live = demo.live()
    (finding,) = plan(**demo.definition, image_id=scene.image(release="2"), release="x" * 257)["findings"]
    assert "at most 256 characters; this one has 257" in finding
    made()
    refused = ask("autoscaling_clone", **{**demo.wanted(live), "release": "x" * 257})
    assert "at most 256 characters; this one has 257" in refused["msg"]
    assert made("write") == []
    named = {**demo.definition, "service": "x" * 245}
    findings = plan(**named, image_id=scene.image(release="2"))["findings"]
    assert "256 characters long" in findings[0], "with the end -green-v001"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"TargetType": "ip"}, "takes targets of type ip"),
        ({"Protocol": "TCP"}, "protocol of target groups"),
    ],
)
def test_target_groups_that_a_route_or_a_group_cannot_have(
    plan: Plan, scene: Scene, demo: Demo, options: dict[str, Any], said: str
) -> None:
    groups = {"blue": scene.target_group(), "green": scene.target_group(**options)}
    demo.definition = {
        "service": demo.service,
        "routes": [scene.listener({groups["blue"]: 100})],
        "target_groups": groups,
    }
    demo.live()
    findings = plan(**demo.definition, image_id=scene.image(release="2"))["findings"]
    assert [each for each in findings if said in each], findings


def test_a_forward_action_has_five_target_groups(plan: Plan, scene: Scene, demo: Demo) -> None:
    groups = {"blue": scene.target_group(), "green": scene.target_group()}
    others = {scene.target_group(): 0 for _each in range(4)}
    demo.definition = {
        "service": demo.service,
        "routes": [scene.listener({groups["blue"]: 100, **others})],
        "target_groups": groups,
    }
    demo.live()
    (finding,) = plan(**demo.definition, image_id=scene.image(release="2"))["findings"]
    assert "would forward to 6 target groups" in finding
    assert "AWS allows 5" in finding


def test_hooks_of_codedeploy_are_not_copied(plan: Plan, ask: Ask, scene: Scene, demo: Demo) -> None:
    own = {**CODEDEPLOY, "LifecycleHookName": "warm-up"}
    live = demo.live(0, LifecycleHookSpecificationList=[CODEDEPLOY, own])
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=live, DesiredCapacity=1)
    image = scene.image(release="2")
    result = plan(**demo.definition, image_id=image)
    assert result["findings"] == []
    (warning,) = [each for each in result["warnings"] if "CodeDeploy" in each]
    built = ask("autoscaling_clone", **demo.wanted(live, image_id=image))
    assert built["copied"]["hooks"] == ["warm-up"]
    assert warning in built["warnings"]
    hooks = scene.autoscaling.describe_lifecycle_hooks(AutoScalingGroupName=built["group"]["name"])["LifecycleHooks"]
    assert [each["LifecycleHookName"] for each in hooks] == ["warm-up"]


def test_traffic_that_no_route_weighs_is_a_warning(plan: Plan, scene: Scene, demo: Demo) -> None:
    lattice = scene.lattice_target_group()
    demo.live(TrafficSources=[{"Identifier": lattice, "Type": "vpc-lattice"}])
    result = plan(**demo.definition, image_id=scene.image(release="2"))
    assert result["findings"] == []
    (warning,) = [each for each in result["warnings"] if lattice in each]
    assert "before it is verified" in warning
