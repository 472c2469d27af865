# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock and one loop: look, decide, sleep; never a sleep after the answer is known."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

CONFIRMING_PAUSE = 0.25  # seconds between the looks that confirm a first good one


class Clock:
    """The machine's; tests hand in one of their own."""

    def now(self) -> float:
        """Seconds since the epoch, for what is written down."""
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def poll(
    look: Callable[[], T],
    done: Callable[[T], bool],
    clock: Clock,
    timeout: float,
    longest: float = 15.0,
    first: float = 0.1,
    times: int = 1,
) -> T:
    """Look until ``done`` so many ``times`` in a row, at most ``timeout`` seconds; return the last look, done or not.

    The pause grows from ``first`` to ``longest`` seconds, with jitter, so that many runs at once do not look in step.
    The looks that confirm a first good one follow it closely, so these may pass the deadline.
    """
    deadline = clock.monotonic() + timeout
    pause, in_a_row = first, 0
    while True:
        seen = look()
        in_a_row = in_a_row + 1 if done(seen) else 0
        left = deadline - clock.monotonic()
        if in_a_row >= times or (left <= 0 and not in_a_row):
            return seen
        if in_a_row:
            clock.sleep(CONFIRMING_PAUSE)
        else:
            clock.sleep(min(left, pause * random.uniform(0.75, 1.0)))
            pause = min(longest, pause * 1.5)
