# SPDX-License-Identifier: GPL-3.0-or-later
"""A clone has a warm pool of its own, with instances of the new image, and takes it along when it goes."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask

from ..demo import Demo

POOL = {"MinSize": 1, "PoolState": "Stopped", "InstanceReusePolicy": {"ReuseOnScaleIn": True}}


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


@pytest.fixture
def source(scene: Scene, demo: Demo) -> str:
    """One instance in service, one in the warm pool."""
    name = demo.group(1, MaxSize=2)
    scene.autoscaling.put_warm_pool(AutoScalingGroupName=name, **POOL)
    scene.in_service(name, 1)
    warm(scene, name)
    return name


def warm(scene: Scene, group: str) -> dict[str, Any]:
    """The one instance of the pool, as EC2 tells it, once it is prepared."""
    pool = {"AutoScalingGroupName": group}
    (member,) = eventually(
        lambda: scene.autoscaling.describe_warm_pool(**pool)["Instances"],
        lambda found: [each["LifecycleState"] for each in found] == ["Warmed:Stopped"],
    )
    (reservation,) = scene.ec2.describe_instances(InstanceIds=[member["InstanceId"]])["Reservations"]
    return dict(reservation["Instances"][0])


def test_the_pool_of_the_clone_is_like_the_sources_and_its_instances_are_new(
    ask: Ask, scene: Scene, demo: Demo, source: str
) -> None:
    wanted = demo.wanted(source)
    clone = ask("autoscaling_clone", **wanted)["group"]["name"]
    assert scene.describe(clone)["WarmPoolConfiguration"] == scene.describe(source)["WarmPoolConfiguration"] == POOL
    assert warm(scene, clone)["ImageId"] == wanted["image_id"]
    scene.in_service(clone, 1)


@pytest.mark.parametrize("options", [{}, {"spread_seconds": 1}], ids=["at once", "gradually"])
def test_nothing_is_left_of_a_clone_and_its_pool(
    ask: Ask, scene: Scene, demo: Demo, source: str, options: dict[str, Any]
) -> None:
    clone = ask("autoscaling_clone", **demo.wanted(source))["group"]["name"]
    instances = [*scene.in_service(clone, 1), warm(scene, clone)["InstanceId"]]
    assert ask("autoscaling_clone", service=demo.service, name=clone, state="absent", **options)["changed"]
    assert scene.describe(clone) == {}
    left = scene.ec2.describe_instances(InstanceIds=instances)["Reservations"]
    assert [each["State"]["Name"] for found in left for each in found["Instances"]] == ["terminated"] * 2
    assert warm(scene, source)
