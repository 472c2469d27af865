# SPDX-License-Identifier: GPL-3.0-or-later
"""A watch, run every few minutes: it returns what a run that died has left, and touches nothing that somebody is at."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.playing import Played, started
from tests.sample import Sample

from .interrupting import interrupt_at
from .shifting import baking

AT_ONCE = {"bluegreen_keep_failed": 0, "bluegreen_quiet_seconds": 0, "bluegreen_drain_timeout": 0}


@pytest.mark.thorough
def test_a_release_whose_run_died_is_turned_back_and_removed_later(sample: Sample, good: dict[str, Any]) -> None:
    interrupt_at(sample, good, 10)
    played = sample.open("watch")
    outcome = played.outcomes["demo"]
    assert (played.returncode, outcome["end_state"]) == (0, "rolled_back"), played.messages
    assert "has not renewed its lease for" in outcome["message"]
    assert "(deploy" in outcome["message"]
    status = sample.status()
    assert list(status["weights"].values()) == [100, 0]
    assert status["environments"]["green"]["rejected"]["reason"].split(" (")[0] in outcome["message"]
    assert (status["environments"]["blue"]["pinned"], status["lease"]) == (None, None)
    assert status["outcomes"][0]["end_state"] == "rolled_back"

    removed = sample.open("watch", **AT_ONCE)
    assert (removed.returncode, removed.outcomes["demo"]["end_state"]) == (0, "succeeded"), removed.messages
    status = sample.status()
    assert (status["phase"], status["environments"]["green"]["group"], status["lease"]) == ("settled", None, None)
    assert sample.answering() == {"1.0.0"}


@pytest.mark.thorough
def test_a_release_whose_run_died_is_taken_on_without_an_image_being_named(
    sample: Sample, good: dict[str, Any]
) -> None:
    interrupt_at(sample, good, 10)
    played = sample.open("watch", bluegreen_abandoned="resume", bluegreen_strategy=[{"weight": 50}, {"weight": 100}])
    outcome = played.outcomes["demo"]
    assert (played.returncode, outcome["end_state"], outcome["to"]["release"]) == (0, "succeeded", "1.1.0"), outcome
    assert sample.stable_release() == "1.1.0"
    assert sample.answering() == {"1.1.0"}
    assert sample.status()["outcomes"][0]["doing"] == "deploy"


@pytest.mark.thorough
def test_of_watches_and_a_deploy_at_once_one_acts(sample: Sample, good: dict[str, Any]) -> None:
    """Whoever it is, the others touch nothing, and a watch that was slower is no failure."""
    interrupt_at(sample, good, 10)
    doors = ["watch", "deploy", "watch", "watch"]

    def go(door: str) -> Played:
        return Sample(sample.lab, run=started).open(door, **(good if door == "deploy" else {}))

    with ThreadPoolExecutor(len(doors)) as pool:
        played = list(zip(doors, pool.map(go, doors), strict=True))
    ends = [(door, each.outcomes["demo"]["end_state"]) for door, each in played]
    acted = [(door, end) for door, end in ends if end not in ("unchanged", "refused")]
    # A deploy that begins when a watch has ended deploys again, and a watch then has nothing to do.
    assert acted, ends
    assert {end for door, end in ends if door == "watch"} <= {"unchanged", "rolled_back"}, ends
    assert [each.messages for door, each in played if door == "watch" and each.returncode] == []
    assert ("deploy", "halted") not in ends
    assert len([each for each in acted if each == ("watch", "rolled_back")]) <= 1, ends


@pytest.mark.thorough
def test_a_live_release_is_left_alone(sample: Sample, good: dict[str, Any]) -> None:
    with baking(sample, good) as deploy:
        since = time.time()
        played = Sample(sample.lab).open("watch")
        assert not deploy.done()
        assert (played.returncode, played.outcomes["demo"]["end_state"]) == (0, "unchanged"), played.messages
        assert "is changing demo (deploy" in played.outcomes["demo"]["message"]
        assert len([call for call in sample.lab.calls(since) if call["kind"] == "write"]) <= 1, "heartbeats"
        assert Sample(sample.lab).open("rollback").returncode == 0


@pytest.mark.thorough
def test_a_candidate_that_a_person_turned_down_is_removed(sample: Sample, good: dict[str, Any]) -> None:
    assert sample.open("provision", **good).returncode == 0
    assert sample.open("watch", **AT_ONCE).outcomes["demo"]["end_state"] == "unchanged", "it waits for a person"
    denied = sample.open("rollback")
    assert (denied.returncode, denied.outcomes["demo"]["end_state"]) == (0, "rolled_back"), denied.messages
    green = sample.status()["environments"]["green"]
    assert green["rejected"]["reason"] == "It was rejected by rollback.yml."
    assert sample.open("rollback").outcomes["demo"]["end_state"] == "unchanged"
    assert sample.open("watch", **AT_ONCE).outcomes["demo"]["end_state"] == "succeeded"
    assert sample.status()["environments"]["green"]["group"] is None
