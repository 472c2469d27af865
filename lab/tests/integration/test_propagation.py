# SPDX-License-Identifier: GPL-3.0-or-later
"""With LAB_PROPAGATION_MS a change takes its time to reach the traffic, as on AWS; with LAB_LATENCY_MS, so do calls."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually, forward, status

SPEED = 20
PROPAGATION_SECONDS = 1.0  # real ones, at that speed
LATENCY_SECONDS = 0.2


@pytest.fixture(scope="module")
def lab() -> Iterator[LabProcess]:
    settings = {"propagation_ms": PROPAGATION_SECONDS * SPEED * 1000, "latency_ms": LATENCY_SECONDS * 1000}
    with LabProcess(speed=SPEED, **settings) as process:
        yield process


@pytest.fixture
def targets(scene: Scene) -> str:
    return scene.target_group()


@pytest.fixture
def listener(scene: Scene, targets: str) -> str:
    return scene.listener({targets: 1})


@pytest.mark.usefixtures("listener")
def test_a_target_is_initial_until_the_data_plane_knows_it(scene: Scene, targets: str) -> None:
    scene.group(1, (targets,))
    eventually(lambda: list(scene.health(targets).values()), lambda states: states == ["initial"])
    assert scene.reasons(targets) == ["Elb.RegistrationInProgress"]
    scene.healthy(targets, 1)


@pytest.mark.usefixtures("listener")
def test_a_target_that_comes_back_starts_from_initial(scene: Scene, targets: str) -> None:
    (instance,) = scene.in_service(scene.group(1, (targets,)), 1)
    scene.healthy(targets, 1)
    target = {"TargetGroupArn": targets, "Targets": [{"Id": instance}]}
    scene.elbv2.deregister_targets(**target)
    assert scene.health(targets) == {(instance, 8080): "draining"}
    scene.elbv2.register_targets(**target)
    assert scene.health(targets) == {(instance, 8080): "initial"}
    scene.healthy(targets, 1)


def test_traffic_moves_a_while_after_the_call(scene: Scene, targets: str, listener: str) -> None:
    scene.group(1, (targets,))
    scene.healthy(targets, 1)
    empty, url = scene.target_group(), scene.url(listener)
    assert status(url) == 200
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({targets: 0, empty: 1})])
    called = time.monotonic()
    soon = status(url)
    assert soon == 200 or time.monotonic() - called >= PROPAGATION_SECONDS
    eventually(lambda: status(url), lambda seen: seen == 503)
    assert time.monotonic() - called > PROPAGATION_SECONDS / 2


def test_latency_delays_each_call_and_not_the_calls_beside_it(scene: Scene, targets: str) -> None:
    calls = 24
    began = time.monotonic()
    with ThreadPoolExecutor(calls) as threads:
        list(threads.map(lambda _: scene.health(targets), range(calls)))
    assert LATENCY_SECONDS <= time.monotonic() - began < calls * LATENCY_SECONDS
