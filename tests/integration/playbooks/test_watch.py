# SPDX-License-Identifier: GPL-3.0-or-later
"""A watch, run every few minutes: it returns what a run that died has left, and touches nothing that somebody is at."""

from __future__ import annotations

import time
from typing import Any

from tests.sample import Sample

from .interrupting import interrupt_at
from .test_lease import baking


def test_a_release_whose_run_died_is_turned_back_and_then_there_is_nothing_to_do(
    sample: Sample, good: dict[str, Any]
) -> None:
    interrupt_at(sample, good, 10)
    played = sample.open("watch")
    outcome = played.outcomes["demo"]
    assert (played.returncode, outcome["end_state"]) == (0, "rolled_back"), played.messages
    assert "has given no sign of life for" in outcome["message"]
    assert "(deploy" in outcome["message"]
    status = sample.status()
    assert list(status["weights"].values()) == [100, 0]
    assert status["environments"]["green"]["rejected"]["reason"].split(" (")[0] in outcome["message"]
    assert (status["environments"]["blue"]["pinned"], status["lease"]) == (None, None)
    assert status["outcomes"][0]["end_state"] == "rolled_back"

    since = time.time()
    again = sample.open("watch")
    calls = sample.lab.calls(since)
    assert (again.returncode, again.changed, again.outcomes["demo"]["end_state"]) == (0, 0, "unchanged")
    assert "was rejected, and stays until" in again.outcomes["demo"]["message"]
    assert len(calls) <= 5, [call["operation"] for call in calls]


def test_a_live_release_is_left_alone(sample: Sample, good: dict[str, Any]) -> None:
    with baking(sample, good) as deploy:
        since = time.time()
        played = Sample(sample.lab).open("watch")
        assert not deploy.done()
        assert (played.returncode, played.outcomes["demo"]["end_state"]) == (0, "unchanged"), played.messages
        assert "is changing demo (deploy" in played.outcomes["demo"]["message"]
        assert len([call for call in sample.lab.calls(since) if call["kind"] == "write"]) <= 1, "heartbeats"
        assert Sample(sample.lab).open("rollback").returncode == 0
