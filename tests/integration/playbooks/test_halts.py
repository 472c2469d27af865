# SPDX-License-Identifier: GPL-3.0-or-later
"""A run that nobody can turn back is still reported."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from switchyard_lab.scene import eventually
from tests.sample import Sample

from .interrupting import EXPIRED, weight_of_green
from .reading import end

READS = ("DescribeAlarms", "DescribeListeners", "DescribeTags", "DescribeTargetHealth", "DescribeAutoScalingGroups")


def baking(sample: Sample, since: float) -> bool:
    """Whether the shift to 10 % is over, with its answer."""
    if weight_of_green(sample) != 10:
        return False
    calls = [call["operation"] for call in sample.lab.calls(since)]
    shift = max(at for at, call in enumerate(calls) if call == "ModifyListener")
    return "DescribeAlarms" in calls[shift:]


@pytest.mark.thorough
def test_credentials_that_expire_in_mid_shift_are_the_first_reason_of_a_halt(sample: Sample) -> None:
    steps = [{"weight": 10, "bake_seconds": 600}, {"weight": 100}]
    since = time.time()
    with ThreadPoolExecutor() as pool:
        deploying = pool.submit(sample.open, "deploy", bluegreen_release="1.1.0", bluegreen_strategy=steps)
        eventually(lambda: baking(sample, since), bool, seconds=100)
        for operation in (*READS, "*"):
            sample.lab.fault(operation=operation, times=1000, **EXPIRED)
        played = deploying.result()
    for operation in (*READS, "*"):
        sample.lab.fault(operation=operation, times=0)
    assert end(played) == ("halted", 1)
    said = played.results[-1]["msg"]
    for part in ("expired", "the last known state is that blue has 90 % and green 10 %", "rollback.yml"):
        assert part in said
    assert weight_of_green(sample) == 10
    returned = sample.open("rollback")
    assert end(returned) == ("rolled_back", 0)
    assert sample.answering() == {"1.0.0"}
