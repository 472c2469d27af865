# SPDX-License-Identifier: GPL-3.0-or-later
"""AWS has done what it was asked for, and its answer was lost: the SDK asks again, is refused, and nothing is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo
from ..names import make_zone
from ..pair import Pair


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


def lose(scene: Scene, *operations: str) -> None:
    for operation in operations:
        scene.lab.fault(operation=operation, lost=True)


def test_a_clone_is_made_once_and_whole(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    source = demo.group()
    suspended = {"AutoScalingGroupName": source, "ScalingProcesses": ["AZRebalance"]}
    scene.autoscaling.suspend_processes(**suspended)
    wanted = demo.wanted(source, run="run-1")
    lose(scene, "CreateLaunchTemplateVersion", "CreateAutoScalingGroup", "SuspendProcesses", "DeleteTags")
    built = ask("autoscaling_clone", **wanted)
    assert built["changed"], built
    assert made("write").count("CreateAutoScalingGroup") == 2, "the first answer was lost"
    found = scene.describe(built["group"]["name"])
    assert [each["ProcessName"] for each in found["SuspendedProcesses"]] == ["AZRebalance"]
    assert found["LaunchTemplate"]["Version"] == built["group"]["launch_template"]["version"] == "2"
    again = ask("autoscaling_clone", **wanted)
    assert (again["changed"], again["group"]["name"]) == (False, built["group"]["name"])


def test_a_template_is_made_once_of_a_launch_configuration(ask: Ask, scene: Scene, demo: Demo) -> None:
    name = scene.name("configuration")
    scene.autoscaling.create_launch_configuration(
        LaunchConfigurationName=name, ImageId=scene.image(), InstanceType="t3.small"
    )
    source = demo.group(LaunchTemplate=None, LaunchConfigurationName=name)
    lose(scene, "CreateLaunchTemplate")
    built = ask("autoscaling_clone", **demo.wanted(source))
    assert built["group"]["launch_template"]["version"] == "1", built


def test_a_group_is_detached_drained_and_removed(ask: Ask, scene: Scene, demo: Demo) -> None:
    target_group = scene.target_group()
    scene.listener({target_group: 0, scene.target_group(): 100})
    name = demo.group(1, TargetGroupARNs=[target_group])
    scene.healthy(target_group, 1)
    lose(scene, "DetachTrafficSources")
    detached = ask("target_registration", target_group=target_group, autoscaling_group=name, state="absent")
    assert (detached.get("failed"), detached["changed"]) == (None, True), detached
    lose(scene, "DeleteAutoScalingGroup")
    removed = ask("autoscaling_clone", service=demo.service, name=name, state="absent")
    assert (removed.get("failed"), removed["changed"]) == (None, True), removed
    assert scene.describe(name) == {}


@pytest.mark.parametrize(
    ("operation", "asked"),
    [
        ("CreateRule", {"header": {"name": "X-Candidate", "value": "yes"}, "priority": 3}),
        ("CreateListener", {"port": 8443}),
    ],
)
def test_a_test_route_is_made_once(ask: Ask, scene: Scene, operation: str, asked: dict[str, Any]) -> None:
    live, candidate = scene.target_group(), scene.target_group()
    options = {"route": scene.listener({live: 100}), "weights": {live: 0, candidate: 100}, **asked}
    lose(scene, operation)
    made = ask("test_route", **options)
    assert made["changed"], made
    again = ask("test_route", **options)
    assert (again["changed"], again["test_route"]) == (False, made["test_route"])


def test_records_are_written_and_awaited(ask: Ask, scene: Scene, lab: LabProcess, made: Made) -> None:
    names = make_zone(lab)
    names.put_pair(100, 0)
    lose(scene, "ChangeResourceRecordSets")
    asked = {"routes": [{"zone": names.id, "name": names.www}], "weights": {"blue": 90, "green": 10}}
    result = ask("route_weights", **asked)
    assert result["changed"], result
    assert names.weights() == {"blue": 90, "green": 10}
    assert "GetChange" in made()
    assert not ask("route_weights", **asked)["changed"]


def test_weights_are_shifted(ask: Ask, scene: Scene) -> None:
    pair = Pair(scene)
    asked = {"routes": [pair.listener()], "target_groups": pair.definition["target_groups"]}
    asked |= {"weights": pair.split(90, 10), "expected": pair.split(100, 0)}
    lose(scene, "ModifyListener")
    shifted = ask("route_weights", **asked)
    assert (shifted.get("changed"), shifted.get("weights")) == (True, pair.split(90, 10)), shifted


def test_a_refresh_is_started_and_rolled_back_once(ask: Ask, scene: Scene) -> None:
    new = scene.image(release="2")
    name = scene.group(2)
    scene.in_service(name, 2)
    asked = {"group": name, "service": "demo", "instance_warmup": 0}
    lose(scene, "StartInstanceRefresh")
    rolled = ask("instance_refresh", image_id=new, checkpoints=[50], until_percentage=50, **asked)
    assert rolled.get("changed"), rolled
    lose(scene, "RollbackInstanceRefresh")
    back = ask("instance_refresh", state="rolled_back", **asked)
    assert (back.get("changed"), back.get("method")) == (True, "rollback"), back
    found = scene.autoscaling.describe_instance_refreshes(AutoScalingGroupName=name)["InstanceRefreshes"]
    assert [each["Status"] for each in found] == ["RollbackSuccessful"]
