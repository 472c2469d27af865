# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Iterable

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import Look, Progress
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.targets.health import Waiting, watch

from tests.unit.clock import FakeClock


def looks(counts: Iterable[int]) -> list[Look]:
    return [Look([Progress("web", "healthy", count, 3, ["i-3 initial"] if count < 3 else [])], []) for count in counts]


def watched(counts: Iterable[int], timeout: float = 600, times: int = 1) -> tuple[list[str], FakeClock, int]:
    """What was told, the clock at the end, and how many looks it took."""
    said: list[str] = []
    clock, left = FakeClock(), looks(counts)
    taken = len(left)
    watch(Run(client=str, clock=clock, report=said.append), "healthy", lambda: left.pop(0), Waiting(timeout, times))
    return said, clock, taken - len(left)


def test_a_change_is_told_once() -> None:
    said, _clock, _looks = watched([1, 1, 2, 2, 2, 3])
    assert said == ["web: 1 of 3 healthy, i-3 initial", "web: 2 of 3 healthy, i-3 initial", "web: 3 of 3 healthy"]


def test_nothing_is_told_when_there_is_nothing_to_wait_for() -> None:
    said, clock, _looks = watched([3, 3, 3], times=3)
    assert said == []
    assert clock.time < 1


def test_one_bad_look_begins_the_count_anew() -> None:
    _said, _clock, taken = watched([3, 3, 2, 3, 3, 3, 3], times=3)
    assert taken == 6


def test_looks_come_close_at_first_and_never_far_apart() -> None:
    _said, clock, _looks = watched([0] * 20 + [3])
    assert 20 < clock.time < 20 * 5


def test_a_time_out_names_every_target() -> None:
    with pytest.raises(BluegreenError) as caught:
        watched([2] * 1000, timeout=30)
    assert str(caught.value) == "Not healthy within 30 seconds. web: 2 of 3 healthy, i-3 initial."


def test_a_look_that_was_good_just_in_time_is_confirmed_after_it() -> None:
    _said, clock, taken = watched([0, 3, 3, 3], timeout=0.4, times=3)
    assert taken == 4
    assert clock.time > 0.4
