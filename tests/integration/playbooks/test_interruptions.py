# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that is killed is taken up by the same command again."""

from __future__ import annotations

from typing import Any

from tests.lab.load import BackgroundLoad
from tests.sample import Sample

from .killing import kill_in_mid_shift


def test_a_deploy_killed_in_the_middle_of_a_shift_is_finished_by_the_same_command(
    sample: Sample, good: dict[str, Any]
) -> None:
    with BackgroundLoad(sample.url, rate=50) as load:
        kill_in_mid_shift(sample, good)
        status = sample.status()
        assert (status["phase"], status["environments"]["green"]["weight"]) == ("shifting", 50)
        again = sample.open("deploy", **good)
    assert again.returncode == 0, again.messages
    assert (sample.status()["stable"], sample.stable_release()) == ("green", "1.1.0")
    assert load.result.failed == 0


def test_a_deploy_killed_in_the_middle_of_a_shift_can_be_taken_back(sample: Sample, good: dict[str, Any]) -> None:
    kill_in_mid_shift(sample, good)
    assert sample.open("rollback").returncode == 0
    status = sample.status()
    assert (status["stable"], status["environments"]["blue"]["weight"]) == ("blue", 100)
