# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One loop: look, decide, sleep; never a sleep after the answer is known, and never a long silence."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import TypeVar

from ..._aws.base.errors import AwsError
from ..._core.base.durations import elapsed
from .run import Run

T = TypeVar("T")

CONFIRMING_PAUSE = 0.25  # seconds between the looks that confirm a first good one
LONGEST_SILENCE = 30.0  # seconds after which a wait reports progress
SHORTEST_NAP = 0.1


def poll(
    run: Run,
    doing: str,
    look: Callable[[], T],
    done: Callable[[T], bool],
    timeout: float,
    longest: float = 15.0,
    first: float = 0.1,
    times: int = 1,
    standing: Callable[[T], str] | None = None,
) -> T:
    """Look until ``done`` this many ``times`` in a row, at most ``timeout`` seconds; return the last look, done or not.

    ``doing``, as in "waiting until it is healthy", and ``standing``, how a look has found it, are for the person who
    waits. The pause grows from ``first`` to ``longest`` seconds, with jitter, so that many runs at once do not look in
    step. The looks that confirm a first good one follow it closely, so these may pass the deadline. A look that AWS
    throttles is no look: the next one comes later. So it is with the first one after credentials have expired.
    """
    longest = max(longest, run.pace)
    deadline = run.clock.monotonic() + timeout
    pause, in_a_row, expired = first, 0, False
    while True:
        throttled: AwsError | None = None
        try:
            seen = look()
            in_a_row, expired = in_a_row + 1 if done(seen) else 0, False
        except AwsError as error:
            if not error.throttled and (expired or not error.expired):
                raise
            in_a_row, throttled, expired = 0, error, error.expired
        left = deadline - run.clock.monotonic()
        if in_a_row >= times or (left <= 0 and not in_a_row):
            if throttled:
                raise throttled
            return seen
        if in_a_row:
            nap = CONFIRMING_PAUSE
        else:
            nap = min(left, pause * random.uniform(0.75, 1.0))
            pause = min(longest, pause * 1.5)
        how = partial(str, throttled) if throttled else partial(standing, seen) if standing else None
        rest(run, doing, nap, deadline, how)


def rest(
    run: Run, doing: str, seconds: float, deadline: float | None = None, standing: Callable[[], str] | None = None
) -> None:
    """Sleep, and report progress whenever nothing was reported for too long; beats that are due run in between.
    ``deadline``: when the wait ends."""
    deadline = run.clock.monotonic() + seconds if deadline is None else deadline
    while seconds > 0:
        nap = min(seconds, max(SHORTEST_NAP, LONGEST_SILENCE - run.silence), max(SHORTEST_NAP, _until_beat(run)))
        run.clock.sleep(nap)
        seconds -= nap
        run.beat()
        if run.silence >= LONGEST_SILENCE:
            how = f": {said.rstrip('.')}" if standing and (said := standing()) else ""
            run.progress(f"{doing}{how}; at most {elapsed(max(0.0, deadline - run.clock.monotonic()))} more")


def _until_beat(run: Run) -> float:
    due = run.until_beat()
    return LONGEST_SILENCE if due is None else due
