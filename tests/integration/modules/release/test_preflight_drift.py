# SPDX-License-Identifier: GPL-3.0-or-later
"""A candidate that a release would continue with, and a live group that was changed since it was built."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Plan
from ..demo import Demo
from ..whole import Whole


@pytest.fixture
def resumed(ask: Ask, demo: Demo) -> dict[str, Any]:
    """Options for a release of which the candidate was built, with the module that builds it."""
    green = demo.definition["target_groups"]["green"]
    wanted = demo.wanted(demo.live(DefaultCooldown=120, TerminationPolicies=["OldestInstance"]), target_groups=[green])
    candidate = ask("autoscaling_clone", **wanted)["group"]["name"]
    return {"source": wanted["source"], "image_id": wanted["image_id"], "candidate": candidate}


def release(demo: Demo, resumed: dict[str, Any]) -> dict[str, Any]:
    return {**demo.definition, "image_id": resumed["image_id"]}


def test_a_clone_differs_in_nothing(plan: Plan, demo: Demo, resumed: dict[str, Any]) -> None:
    result = plan(**release(demo, resumed), shape_change="refuse")
    assert (result["findings"], result["shape_changes"]) == ([], [])


def test_a_change_of_the_live_group_is_shown_or_refused(
    plan: Plan, scene: Scene, demo: Demo, resumed: dict[str, Any]
) -> None:
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=resumed["source"], DefaultCooldown=60, MaxSize=12)
    result = plan(**release(demo, resumed))
    assert result["findings"] == []
    assert result["shape_changes"] == [
        {"field": "DefaultCooldown", "candidate": resumed["candidate"], "before": 60, "after": 120},
        {"field": "MaxSize", "candidate": resumed["candidate"], "before": 12, "after": 10},
    ]
    said = f"DefaultCooldown of {resumed['candidate']} is 120, that of {resumed['source']} 60."
    assert said in result["msg"]
    refused = plan(**release(demo, resumed), shape_change="refuse")
    assert refused["failed"]
    assert [finding.split()[0] for finding in refused["findings"]] == ["DefaultCooldown", "MaxSize"]


def test_a_candidate_of_another_image_is_built_anew_anyway(
    plan: Plan, scene: Scene, demo: Demo, resumed: dict[str, Any]
) -> None:
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=resumed["source"], DefaultCooldown=60)
    result = plan(**demo.definition, image_id=scene.image(release="3"), shape_change="refuse")
    assert (result["findings"], result["shape_changes"]) == ([], [])


def test_also_what_the_group_launches_and_what_it_has_beside_its_fields(
    ask: Ask, plan: Plan, scene: Scene, demo: Demo
) -> None:
    """A live group with everything, of which the clone has everything until it is changed."""
    whole = Whole(scene, demo)
    wanted = demo.wanted(whole.name, target_groups=[whole.green])
    ask("autoscaling_clone", **wanted)
    options = {**demo.definition, "image_id": wanted["image_id"]}
    assert plan(**options)["shape_changes"] == []

    named = {"AutoScalingGroupName": whole.name}
    scene.autoscaling.delete_policy(**named, PolicyName="more")
    scene.autoscaling.delete_scheduled_action(**named, ScheduledActionName="night")
    scene.autoscaling.resume_processes(**named, ScalingProcesses=["AZRebalance"])
    data = {"InstanceType": "t3.large", "ImageId": scene.image(release="1"), "UserData": "cGFzc3dvcmQ="}
    scene.ec2.create_launch_template_version(LaunchTemplateId=whole.template, LaunchTemplateData=data)
    launched = {"LaunchTemplateId": whole.template, "Version": "$Latest"}
    scene.autoscaling.update_auto_scaling_group(**named, LaunchTemplate=launched)
    since = {each["field"]: each["after"] for each in plan(**options)["shape_changes"] if "candidate" in each}
    assert sorted(since) == ["InstanceType", "ScalingPolicy more", "ScheduledAction night", "SuspendedProcesses"]
    assert since["InstanceType"] == "t3.small"
    assert since["SuspendedProcesses"] == ["AZRebalance", "ReplaceUnhealthy"]
