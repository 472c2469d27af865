# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a call waits for its turn."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.rates import Rate

RATE = Rate("few", 3, 2.0)


def waits(*moments: float) -> list[float]:
    last, found = 0.0, []
    for now in moments:
        seconds, last = RATE.turn(last, now)
        found.append(seconds)
    return found


def test_a_burst_does_not_wait_and_each_further_call_waits_for_its_share_of_a_second() -> None:
    assert waits(*[100.0] * 6) == [0, 0, 0, 0.5, 1.0, 1.5]


def test_time_without_calls_makes_room_for_a_burst_and_for_no_more() -> None:
    assert waits(*[100.0] * 3, *[200.0] * 4) == [0, 0, 0, 0, 0, 0, 0.5]


def test_who_calls_no_more_often_never_waits() -> None:
    assert not any(waits(*[100 + each / 2 for each in range(100)]))
