# SPDX-License-Identifier: GPL-3.0-or-later
"""Services of one play do not hold each other up, whatever their plans are."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from switchyard_lab.client import LabProcess
from tests.playing import Played
from tests.sample import Sample

SERVICES = ("alpha", "beta", "gamma", "delta")


@pytest.fixture
def sample() -> Iterator[Sample]:
    with LabProcess(speed=20, latency_ms=5, propagation_ms=500, services=SERVICES) as lab:
        yield Sample(lab, "alpha")


def taken(played: Played) -> timedelta:
    """From the first task to the last."""
    ran = [each["duration"] for each in played.results]
    return max(map(ended, ran)) - min(datetime.fromisoformat(each["start"]) for each in ran)


def ended(duration: dict[str, str]) -> datetime:
    return datetime.fromisoformat(duration["end"])


@pytest.mark.thorough
def test_three_services_with_plans_of_their_own_take_hardly_longer_than_the_longest(
    sample: Sample, tmp_path: Path
) -> None:
    """Of two steps, of three, and with a hook; delta has the longest plan to itself."""
    hook = tmp_path / "hook.yml"
    hook.write_text("- ansible.builtin.wait_for: {timeout: 10}\n")
    longest = [{"weight": 10, "bake_seconds": 25}, {"weight": 50, "bake_seconds": 25}, {"weight": 100}]
    variables = {
        "bluegreen_release": "1.1.0",
        "bluegreen_strategy": "{{ steps[inventory_hostname] }}",
        "bluegreen_hooks": "{{ {'after_shift': hook} if inventory_hostname == 'gamma' else {} }}",
        "hook": str(hook),
        "steps": {
            "alpha": [{"weight": 10, "bake_seconds": 45}, {"weight": 100}],
            "beta": longest,
            "gamma": [{"weight": 20, "bake_seconds": 25}, {"weight": 100}],
            "delta": longest,
        },
        "bluegreen_final_bake_seconds": 20,
    }
    alone = sample.open("deploy", "--limit", "localhost,delta", **variables)
    together = sample.open("deploy", "--limit", "localhost,alpha,beta,gamma", "--forks", "3", **variables)
    assert {each["end_state"] for played in (alone, together) for each in played.outcomes.values()} == {"succeeded"}, (
        together.messages
    )
    assert len(together.outcomes) == 3
    assert taken(together) <= 1.2 * taken(alone), (taken(together), taken(alone))
