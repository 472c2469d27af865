# SPDX-License-Identifier: GPL-3.0-or-later
"""roll.yml: six instances replaced in place under load, and a bad image taken back."""

from __future__ import annotations

from tests.lab.load import BackgroundLoad
from tests.sample import Sample


def test_a_service_is_rolled_under_load(sample: Sample) -> None:
    with BackgroundLoad(sample.url, rate=50) as load:
        played = sample.open(
            "roll",
            bluegreen_release="1.1.0",
            bluegreen_instance_warmup=0,
            bluegreen_bake_seconds=1,
            bluegreen_hold_seconds=40,
            bluegreen_checkpoints=[33],
        )
    assert played.returncode == 0, played.messages
    assert load.result.failed == 0, load.result.failures[:5]
    assert sample.answering() == {"1.1.0"}
    assert sample.stable_release() == "1.1.0"
    again = sample.open("roll", bluegreen_release="1.1.0")
    assert (again.returncode, again.changed) == (0, 0), again.messages
    back = sample.open("rollback")
    assert back.returncode == 0, back.messages
    assert sample.answering() == {"1.0.0"}
