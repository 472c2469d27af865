# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock and one loop: look, decide, sleep; never a sleep after the answer is known."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Clock:
    """The machine's; tests hand in one of their own."""

    def now(self) -> float:
        """Seconds since the epoch, for what is written down."""
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


def poll(look: Callable[[], T], done: Callable[[T], bool], clock: Clock, timeout: float, longest: float = 15.0) -> T:
    """Look until ``done``, at most ``timeout`` seconds; return the last look, done or not.

    The pause grows from half a second to ``longest``, with jitter, so that many runs at once do not look in step.
    """
    deadline = clock.monotonic() + timeout
    pause = 0.5
    seen = look()
    while not done(seen) and (left := deadline - clock.monotonic()) > 0:
        clock.sleep(min(left, pause * random.uniform(0.75, 1.0)))
        pause = min(longest, pause * 1.5)
        seen = look()
    return seen
