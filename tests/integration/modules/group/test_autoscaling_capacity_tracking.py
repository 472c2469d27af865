# SPDX-License-Identifier: GPL-3.0-or-later
"""A pin against the group's own target tracking, in a lab where a quarter of an hour passes in nine seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lab.tests.integration.target_tracking import tracking
from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually, status
from tests.in_process import in_process
from tests.integration.conftest import Ask


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    with LabProcess(speed=100) as process:
        yield process


@pytest.mark.parametrize("ask", [in_process], indirect=True)
@pytest.mark.thorough
def test_a_pinned_group_does_not_scale_in_and_a_released_one_does(ask: Ask, scene: Scene) -> None:
    groups, urls = {}, []
    for name in ("pinned", "free"):
        targets = scene.target_group()
        urls.append(scene.url(scene.listener({targets: 1})))
        groups[name] = scene.group(3, (targets,), MinSize=1, MaxSize=3, HealthCheckGracePeriod=3600)
        scene.healthy(targets, 3)
        policy = tracking(scene, targets, 1_000_000)  # so few requests are always too few
        scene.autoscaling.put_scaling_policy(AutoScalingGroupName=groups[name], **policy)

    def desired() -> dict[str, int]:
        """After another request to each: without data, target tracking does not scale in."""
        assert {status(url) for url in urls} == {200}
        return {name: scene.describe(group)["DesiredCapacity"] for name, group in groups.items()}

    assert ask("autoscaling_capacity", group=groups["pinned"])["changed"]
    seen = eventually(desired, lambda now: now["free"] == 1, seconds=60)
    assert seen["pinned"] == 3

    ask("autoscaling_capacity", group=groups["pinned"], state="released", wait_timeout=0)
    eventually(desired, lambda now: now["pinned"] == 1, seconds=60)
    left = scene.describe(groups["pinned"])
    assert (left["MinSize"], left["MaxSize"]) == (1, 3)
