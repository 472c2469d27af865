# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One loop: look, decide, sleep; never a sleep after the answer is known, and never a long silence."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from ..._aws.base.errors import AwsError
from ..._core.base.durations import elapsed
from ..._core.base.pace import SHORTEST
from .run import Run

T = TypeVar("T")

CONFIRMING_PAUSE = 0.25  # seconds between the looks that confirm a first good one
UNREAD_PAUSE = 1.0  # seconds from a look that AWS refused to the one that decides
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
    paced: bool = True,
) -> T:
    """Look until ``done`` this many ``times`` in a row, at most ``timeout`` seconds; return the last look, done or not.

    ``doing``, as in "waiting until it is healthy", and ``standing``, how a look has found it, are for the person who
    waits. The pause grows from ``first`` to ``longest`` seconds, with jitter, so that many runs at once do not look in
    step. The looks that confirm a first good one follow it closely, so these may pass the deadline. A look that AWS
    throttles is no look: the next one comes later. One that AWS refuses otherwise, or leaves without an answer, may be
    a hiccup: another one follows it closely, and the wait ends when that is refused as well. Looks that call no AWS
    API, and those for which a return of traffic waits, are not ``paced``.
    """
    pauses = _growing(*(_paced(run.pace, first, longest, timeout) if paced else (first, longest)))
    deadline = run.clock.monotonic() + timeout
    in_a_row, refused = 0, False
    while True:
        unread: AwsError | None = None
        try:
            seen = look()
            in_a_row, refused = in_a_row + 1 if done(seen) else 0, False
        except AwsError as error:
            if refused and not error.throttled:
                raise
            in_a_row, refused, unread = 0, refused or not error.throttled, error
        left = deadline - run.clock.monotonic()
        soon = CONFIRMING_PAUSE if in_a_row else UNREAD_PAUSE if unread and not unread.throttled else 0.0
        if in_a_row >= times or (left <= 0 and not soon):
            if unread:
                raise unread
            return seen
        how = partial(str, unread) if unread else partial(standing, seen) if standing else None
        rest(run, doing, soon or min(left, next(pauses)), deadline, how)


def _paced(pace: float, first: float, longest: float, timeout: float) -> tuple[float, float]:
    """The first and the longest pause. Both are longer if many services look, but a short wait still looks often."""
    if pace > SHORTEST:
        first = max(first, min(pace, timeout) / 10)
    return first, max(longest, pace)


def _growing(first: float, longest: float) -> Iterator[float]:
    """Pauses in seconds, with jitter."""
    pause = first
    while True:
        yield pause * random.uniform(0.75, 1.0)
        pause = min(longest, pause * 1.5)


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
        show_life(run, partial(_standing, run, doing, deadline, standing))


def show_life(run: Run, doing: Callable[[], str]) -> None:
    """The beats that are due, and progress if nothing was reported for too long. Work that takes time without a wait
    calls it again and again."""
    run.beat()
    if run.silence >= LONGEST_SILENCE:
        run.progress(doing())


def _standing(run: Run, doing: str, deadline: float, standing: Callable[[], str] | None) -> str:
    how = f": {said.rstrip('.')}" if standing and (said := standing()) else ""
    return f"{doing}{how}; at most {elapsed(max(0.0, deadline - run.clock.monotonic()))} more"


def _until_beat(run: Run) -> float:
    due = run.until_beat()
    return LONGEST_SILENCE if due is None else due
