# SPDX-License-Identifier: GPL-3.0-or-later
"""Target groups and Auto Scaling groups that do not belong to each other alone."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..pair import Pair


@pytest.fixture
def release(scene: Scene, pair: Pair) -> dict[str, Any]:
    """Of another image, next to a candidate that waits."""
    listener = pair.listener()
    pair.healthy()
    pair.declare_stable()
    return {**pair.definition, "routes": [listener], "image_id": scene.image(release="2")}


def name(arn: str) -> str:
    return arn.split("/")[1]


def second_group(scene: Scene, target_group: str) -> tuple[str, str]:
    """A group that nobody mentioned, and its one instance."""
    group = scene.group(1, (target_group,))
    (instance,) = scene.in_service(group, 1)
    return group, instance


def test_a_group_that_serves_several_target_groups_is_refused(
    ask: Ask, plan: Plan, scene: Scene, pair: Pair, release: dict[str, Any], made: Made
) -> None:
    internal = scene.target_group()
    source = [{"Identifier": internal, "Type": "elbv2"}]
    scene.autoscaling.attach_traffic_sources(AutoScalingGroupName=pair.groups[0], TrafficSources=source)
    made()
    (finding,) = plan(**release)["findings"]
    assert f"{pair.groups[0]} serves 2 target groups: {name(pair.blue)}, {name(internal)}" in finding
    clone = {"service": pair.service, "color": "green", "source": pair.groups[0], "image_id": release["image_id"]}
    refused = ask("autoscaling_clone", **clone, target_groups=[pair.green])
    assert refused["msg"] == finding
    assert made("write") == []
    both = ask("autoscaling_clone", check=True, **clone, target_groups=[pair.green, scene.target_group()])
    assert both["changed"], "each of them has a twin"


def test_strangers_among_the_candidate_s_targets_are_refused(
    plan: Plan, scene: Scene, pair: Pair, release: dict[str, Any]
) -> None:
    group, instance = second_group(scene, pair.green)
    (own,) = pair.scene.describe(pair.groups[0])["Instances"]
    scene.elbv2.register_targets(TargetGroupArn=pair.green, Targets=[{"Id": own["InstanceId"]}])
    (finding,) = plan(**release)["findings"]
    assert f"Target group {name(pair.green)} is to serve only the candidate" in finding
    assert f"{instance} (Auto Scaling group {group})" in finding
    assert f"{own['InstanceId']} (Auto Scaling group {pair.groups[0]})" in finding, "it has the old release"
    shifted = {**release, "image_id": None, "stages": ["swap"]}
    assert finding in plan(**shifted)["findings"], "also where nothing is built any more"


def test_strangers_among_stable_s_targets_are_named_with_what_they_carry(
    plan: Plan, scene: Scene, pair: Pair, release: dict[str, Any]
) -> None:
    assert "in target group" not in str(plan(**release)["warnings"]).lower()
    group, instance = second_group(scene, pair.blue)
    scene.healthy(pair.blue, 2)
    result = plan(**release)
    assert result["findings"] == []
    warning = next(each for each in result["warnings"] if name(pair.blue) in each)
    assert f"{instance} (Auto Scaling group {group})" in warning
    assert "1 of its 2 healthy targets" in warning
    assert "about 50 % of its requests" in warning


def test_a_target_that_is_leaving_is_no_stranger(plan: Plan, scene: Scene, pair: Pair, release: dict[str, Any]) -> None:
    (own,) = pair.scene.describe(pair.groups[0])["Instances"]
    target = [{"Id": own["InstanceId"]}]
    scene.elbv2.register_targets(TargetGroupArn=pair.green, Targets=target)
    scene.elbv2.deregister_targets(TargetGroupArn=pair.green, Targets=target)
    assert plan(**release)["findings"] == []
