# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is interrupted is taken up by the same command again, or taken back."""

from __future__ import annotations

from signal import SIGINT, SIGKILL, SIGTERM, Signals
from typing import Any

import pytest

from switchyard_lab.load import BackgroundLoad
from tests.sample import Sample

from .interrupting import interrupt_at, interrupted_after_each_write, weight_of_green

WEIGHTS = [10, 50, 100]
CANARY = {"type": "canary", "percent": 10, "bake_seconds": 0}


@pytest.mark.thorough
@pytest.mark.parametrize("number", [SIGINT, SIGTERM, SIGKILL])
def test_a_canary_interrupted_at_any_step_can_be_taken_back_and_finished(
    sample: Sample, good: dict[str, Any], number: Signals
) -> None:
    with BackgroundLoad(sample.url, rate=20) as load:
        for weight in WEIGHTS:
            interrupt_at(sample, good, weight, number)
            returned = sample.open("rollback")
            assert returned.returncode == 0, returned.messages
            assert weight_of_green(sample) == 0
        for weight in WEIGHTS:
            interrupt_at(sample, good, weight, number)
        finished = sample.open("deploy", **good | {"bluegreen_strategy": CANARY})
    assert finished.returncode == 0, finished.messages
    assert (sample.answering(), sample.status()["phase"]) == ({"1.1.0"}, "settled")
    assert load.result.failed == 0, load.result.failures[:5]


@pytest.mark.thorough
def test_a_run_killed_after_any_of_its_writes_is_finished_by_the_next(sample: Sample, good: dict[str, Any]) -> None:
    """What each run writes again is passed: its lease, which it asks for and holds, after a death also that of the dead
    which it takes away; its id on a candidate that is there; and the deadline of the retention."""
    variables = good | {"bluegreen_strategy": CANARY, "bluegreen_retain_seconds": 0}
    with BackgroundLoad(sample.url, rate=20) as load:
        killed = interrupted_after_each_write(sample, variables, lambda runs: 2 + bool(runs) + is_there(sample))
    assert killed > 10
    assert (sample.answering(), sample.status()["phase"]) == ({"1.1.0"}, "settled")
    assert load.result.failed == 0, load.result.failures[:5]


def is_there(sample: Sample) -> bool:
    """Whether there is a candidate, which a run takes up before it does anything else."""
    status = sample.status()
    return status["environments"][status["candidate"]]["group"] is not None and status["stable"] == "blue"
