# SPDX-License-Identifier: GPL-3.0-or-later
"""The nightly cycle of a fleet: one job, twelve services, each found in another state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from tests.playing import ROOT

from .nightly import ENDS, NIGHT, Fleet
from .reading import states

PAGE = ROOT / "docs/schedules.md"


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[Fleet]:
    with LabProcess(speed=6, services=tuple(ENDS)) as lab:
        fleet = Fleet(lab, tmp_path)
        fleet.seed()
        yield fleet


@pytest.mark.thorough
def test_a_nightly_cycle_does_right_by_each_service(fleet: Fleet) -> None:
    """With fewer forks than services, so that most begin when others have failed already."""
    with BackgroundLoad(fleet.sample("bad").url, rate=50):
        night = fleet.play("deploy", "--forks", "4", **NIGHT)
    assert states(night) == {name: state for name, (state, _said) in ENDS.items()}, night.messages
    missing = {name: (said, night.outcomes[name]["message"]) for name, (_state, said) in ENDS.items()}
    assert {name: each for name, each in missing.items() if each[0] not in each[1]} == {}
    failed = {name for name, its in night.stats.items() if its["failures"]}
    assert (night.returncode, failed) == (2, {"sick", "bad"})
    found = {name: night.outcomes[name]["image"] for name in ("good", "parameter", "hotfix", "frozen", "busy")}
    assert {name: each["id"] for name, each in found.items()} == {name: fleet.images[name] for name in found}
    assert fleet.sample("good").stable_release() == "1.1.0"
    assert fleet.sample("bad").answering() == {"1.0.0"}

    again = fleet.play("deploy", "--limit", "good,bad,busy", **NIGHT | {"bluegreen_fail_on": "nothing"})
    assert states(again) == {"good": "unchanged", "bad": "refused", "busy": "refused"}, again.messages
    assert "a rule does not release such an image again" in again.outcomes["bad"]["message"]
    assert (again.returncode, again.messages) == (0, again.messages)


def test_the_page_says_what_the_cycle_does() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.count(" | ") == 3]
    reported = {row[0].strip("| `"): row[2].strip("`") for row in (line.split(" | ") for line in lines)}
    assert {name: reported.get(name) for name in ENDS} == {name: state for name, (state, _said) in ENDS.items()}
