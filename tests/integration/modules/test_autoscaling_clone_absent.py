# SPDX-License-Identifier: GPL-3.0-or-later
"""The removal of an environment's group."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene, eventually

from .conftest import Made
from .demo import Demo


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


def test_a_group_is_removed_with_its_instances_and_awaited(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = demo.group(2)
    members = scene.in_service(name, 2)
    asked = {"service": demo.service, "name": name, "state": "absent"}
    made()
    told = ask("autoscaling_clone", check=True, **asked)
    assert told["changed"]
    assert made("write") == []
    removed = ask("autoscaling_clone", **asked)
    assert removed["changed"]
    assert removed["diff"]["before"] == {"name": name, "instances": dict.fromkeys(members, "InService")}
    assert scene.describe(name) == {}
    assert made("write") == ["DeleteAutoScalingGroup"]
    assert not ask("autoscaling_clone", **asked)["changed"]


def test_without_wait_a_group_is_on_its_way_out(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = demo.group(1, TargetGroupARNs=[scene.target_group(delay=200)])
    scene.in_service(name, 1)
    asked = {"service": demo.service, "name": name, "state": "absent"}
    assert ask("autoscaling_clone", wait=False, **asked)["changed"]
    made()
    waited = ask("autoscaling_clone", **asked)
    assert not waited["changed"]
    assert scene.describe(name) == {}
    assert made("write") == []


def test_a_busy_group_is_deleted_when_it_is_free(ask: Ask, scene: Scene, demo: Demo) -> None:
    name = demo.group(0)
    scene.lab.fault(operation="DeleteAutoScalingGroup", times=2, error="ScalingActivityInProgress")
    assert ask("autoscaling_clone", service=demo.service, name=name, state="absent")["changed"]
    eventually(lambda: scene.describe(name), lambda found: not found)


def test_a_group_of_somebody_else_is_not_removed(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = scene.group(0)
    made()
    refused = ask("autoscaling_clone", service=demo.service, name=name, state="absent")
    assert "tag bluegreen:service is missing" in refused["msg"]
    assert scene.describe(name)
    assert made("write") == []


def test_a_time_out_names_the_instances_that_are_left(ask: Ask, scene: Scene, demo: Demo) -> None:
    target_group = scene.target_group(delay=2000)
    scene.listener({target_group: 100})
    name = demo.group(1, TargetGroupARNs=[target_group])
    (member,) = scene.in_service(name, 1)
    scene.healthy(target_group, 1)
    result = ask("autoscaling_clone", service=demo.service, name=name, state="absent", wait_timeout=1)
    assert f"{name} is still being deleted after 1 s" in result["msg"]
    assert list(result["instances"]) == [member]
