# SPDX-License-Identifier: GPL-3.0-or-later
"""Releases that are judged by metrics, against the color that is live next to them."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

from switchyard_lab.load import BackgroundLoad
from tests.sample import Sample

ERRORS = [{"name": "errors"}]
STEPS = [{"weight": 50, "bake_seconds": 3}, {"weight": 100, "bake_seconds": 3}]


@pytest.fixture
def judged() -> dict[str, Any]:
    """Alarms are left out, so that it is the metrics that decide."""
    return {"bluegreen_alarms": [], "bluegreen_metrics": ERRORS, "bluegreen_strategy": STEPS}


@pytest.mark.thorough
def test_a_bad_release_is_turned_back_with_the_numbers_of_both_colors(sample: Sample, judged: dict[str, Any]) -> None:
    with BackgroundLoad(sample.url, rate=60):
        played = sample.open("deploy", bluegreen_release="1.2.0-bad", **judged)
    assert played.returncode != 0
    reported = r"Metric errors: demo-green has [23]\d\.\d\d% \(\d+ of \d+\), demo-blue has 0\.00% \(0 of \d+\)"
    assert re.search(reported, played.results[-1]["msg"]), played.results[-1]["msg"]
    assert played.outcomes["demo"]["end_state"] == "rolled_back"
    assert sample.answering() == {"1.0.0"}


@pytest.mark.thorough
def test_a_release_that_nobody_asks_pauses_and_goes_on(sample: Sample, judged: dict[str, Any]) -> None:
    release = {"bluegreen_release": "1.1.0", **judged}
    paused = sample.open("deploy", **release, bluegreen_inconclusive="pause")
    assert paused.returncode == 0, paused.messages
    outcome = paused.outcomes["demo"]
    assert (outcome["end_state"], outcome["stable"]) == ("paused", "blue")
    assert list(outcome["weights"].values()) == [50, 50]
    # Chance decides whether the requests of the checks are in the minute in which the bake begins.
    doubts = r"(It takes 50 of each to compare|there is no data of demo-green)\. Run the same playbook again"
    assert re.search(doubts, paused.results[-1]["msg"])
    assert sample.status()["phase"] == "shifting"
    went_on = sample.open("deploy", **release, bluegreen_inconclusive="continue")
    assert went_on.returncode == 0, went_on.messages
    assert sample.stable_release() == "1.1.0"


@pytest.mark.thorough
def test_the_whole_traffic_is_compared_with_the_minutes_before(sample: Sample, judged: dict[str, Any]) -> None:
    at_once = judged | {"bluegreen_strategy": [{"weight": 100, "bake_seconds": 8}]}
    with BackgroundLoad(sample.url, rate=60):
        played = sample.open("deploy", bluegreen_release="1.1.0", **at_once)
    assert played.returncode == 0, played.messages
    (bake,) = [result for result in played.results if result["task"].endswith(": Bake")]
    assert bake["verdict"] == "pass"
    assert min(bake["metrics"][0][color]["samples"] for color in ("candidate", "stable")) >= 50


def test_a_misspelt_metric_is_told_before_the_first_write(sample: Sample, judged: dict[str, Any]) -> None:
    since = time.time()
    misspelt = judged | {"bluegreen_metrics": [{"name": "erors"}]}
    played = sample.open("deploy", bluegreen_release="1.1.0", **misspelt)
    assert played.returncode != 0
    assert "Metric erors: it needs compare and queries; only errors and latency are known without." in played.messages
    assert sample.lab.calls(since, kind="write") == []
