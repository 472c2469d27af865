# SPDX-License-Identifier: GPL-3.0-or-later
"""When in its minute a schedule of EventBridge Scheduler calls."""

from __future__ import annotations

from switchyard_lab.aws.scheduler.backend import second_of


def test_a_schedule_calls_in_any_second_of_its_minute_and_always_in_the_same() -> None:
    minutes = [60.0 * number for number in range(1000)]
    seconds = [second_of("group", "web", since) for since in minutes]
    assert set(seconds) == set(range(60))
    assert seconds == [second_of("group", "web", since) for since in minutes]
    assert seconds != [second_of("group", "shop", since) for since in minutes]
