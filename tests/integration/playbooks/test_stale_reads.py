# SPDX-License-Identifier: GPL-3.0-or-later
"""Whole playbooks where reads lag writes for seconds, and new names are unknown at first."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from tests.sample import SERVICE, Sample

from .plain_service import PlainService

pytestmark = pytest.mark.thorough

STALE_MS = 2000
LAGGING = {"speed": 20, "latency_ms": 20, "propagation_ms": 5000, "stale_ms": STALE_MS}


@pytest.fixture
def lagging() -> Iterator[Sample]:
    with LabProcess(**LAGGING) as lab:
        yield Sample(lab)


def play(sample: Sample, door: str, **variables: Any) -> str:
    """How it has ended. Two runs know nothing of each other, and users start them seconds apart."""
    time.sleep(STALE_MS / 1000)
    played = sample.open(door, **variables)
    assert played.returncode == 0, (door, played.messages)
    return str(played.outcomes[SERVICE]["end_state"])


def test_a_service_is_released_returned_and_torn_down(lagging: Sample, good: dict[str, Any]) -> None:
    at_once = {**good, "bluegreen_retain_seconds": 0}
    with BackgroundLoad(lagging.url, rate=50) as load:
        assert play(lagging, "deploy", **good) == "succeeded"
        assert play(lagging, "rollback") == "rolled_back"
        assert play(lagging, "deploy", **at_once) == "succeeded"
        assert play(lagging, "teardown") in ("succeeded", "unchanged")
    assert load.result.failed == 0, load.result.failures[:5]
    assert lagging.answering() == {"1.1.0"}


def test_a_split_is_returned_at_once(lagging: Sample) -> None:
    """What returns the traffic must not believe a read from before the candidate had any."""
    steps = [{"weight": 50, "bake_seconds": 0}, {"weight": 100, "bake_seconds": 0}]
    lagging.lab.fault(operation="ModifyListener", times=1, after=2, error="AccessDenied")  # of the second step
    played = lagging.open("deploy", bluegreen_release="1.1.0", bluegreen_strategy=steps)
    assert played.outcomes[SERVICE]["end_state"] == "rolled_back", played.messages
    assert lagging.status()["environments"]["green"]["weight"] == 0
    assert lagging.answering() == {"1.0.0"}


def test_a_service_is_adopted_and_released(good: dict[str, Any]) -> None:
    with LabProcess(seed=False, **{**LAGGING, "stale_ms": 0}) as lab:
        PlainService(lab)
        lab.fault(stale_ms=STALE_MS)
        sample = Sample(lab)
        assert play(sample, "adopt", bluegreen_adopt_test_route={"port": 8001}) == "succeeded"
        assert play(sample, "deploy", bluegreen_quiet_seconds=2, **good) == "succeeded"
        assert sample.answering() == {"1.1.0"}
