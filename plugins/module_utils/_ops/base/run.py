# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a piece of work gets in addition to its options, and what it can do concurrently."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from ..._core.base.errors import BluegreenError
from ..._core.base.timestamps import utc
from .beat import Beat, Heart
from .clock import Clock

AT_ONCE = 8  # of the reads that are made together


def no_aws(service: str, _region: str | None = None) -> Any:
    """The clients where there is no AWS SDK, and of work that talks to no AWS API."""
    raise BluegreenError(
        f"This needs {service} of AWS, and the Python that runs it cannot import botocore. Install boto3 for it."
    )


def silent(_sentence: str) -> None:
    """Nobody waits for word."""


class Voice:
    """Speaks to the person who waits, and remembers when it last did."""

    def __init__(self, report: Callable[[str], None], clock: Clock) -> None:
        self._report, self._clock = report, clock
        self._last = clock.monotonic()

    def say(self, sentence: str) -> None:
        self._report(sentence)
        self._last = self._clock.monotonic()

    def silence(self) -> float:
        """For how many seconds nothing was said."""
        return self._clock.monotonic() - self._last


@dataclass(frozen=True)
class Run:
    """One task's run.

    ``client`` makes a botocore client by service name, and by region where that is another one. ``report`` takes a
    sentence for the person who waits. A wait that continues looks once in ``pace`` seconds at most.
    """

    client: Callable[..., Any]
    check_mode: bool = False
    clock: Clock = field(default_factory=Clock)
    report: Callable[[str], None] = silent
    pace: float = 0.0

    @property
    def now(self) -> datetime:
        """The present moment, in UTC."""
        return utc(self.clock.now())

    @cached_property
    def _voice(self) -> Voice:
        return Voice(self.report, self.clock)

    def progress(self, sentence: str) -> None:
        self._voice.say(sentence)

    @property
    def silence(self) -> float:
        """For how many seconds the person who waits has read nothing."""
        return self._voice.silence()

    @cached_property
    def _heart(self) -> Heart:
        return Heart()

    def keep(self, beat: Beat, *, soon: bool = False) -> None:
        """From now on, in each wait; ``soon``: also in the next one, and not only after its period."""
        self._heart.add(beat, self.clock.monotonic(), soon=soon)

    @property
    def beats(self) -> Sequence[Beat]:
        """Those that it keeps."""
        return self._heart.beats

    def until_beat(self) -> float | None:
        """For how many seconds no beat is due; None where there is none."""
        return self._heart.rest(self.clock.monotonic())

    def beat(self) -> None:
        """The beats that are due; a wait calls it between two naps."""
        self._heart.beat(self.clock.monotonic())

    def without_beats(self) -> Run:
        """To put back what was changed, also where another run has the lease by now."""
        return replace(self)

    @cached_property
    def _guards(self) -> list[Callable[[], None]]:
        return []

    def guard_writes(self, guard: Callable[[], None]) -> None:
        """One that raises ends the task before it writes."""
        self._guards.append(guard)

    def before_write(self) -> None:
        """For a task that reads and waits first, and may then find something to write."""
        for guard in self._guards:
            guard()


def together(*reads: Callable[[], Any]) -> list[Any]:
    """The answers of independent reads, asked at the same time (botocore clients are thread-safe)."""
    if len(reads) == 1:
        return [reads[0]()]
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return [future.result() for future in [pool.submit(read) for read in reads]]
