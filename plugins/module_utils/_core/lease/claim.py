# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A claim to a service's lease: who wants to change the service, or changes it now."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..base.durations import elapsed
from ..base.tag_text import LONGEST_VALUE, decoded, encoded, shortened
from ..base.tags import LEASE
from ..base.timestamps import utc

SECONDS = 90  # how long a lease lasts that is not renewed
ASKING_SECONDS = 15  # how long a claim lasts that is not decided yet
CLOCKS_APART = 5  # seconds by which the clocks of two controllers may differ
LONGEST_DOING = 100
MOMENTS = re.compile(r"[0-9]{1,14} [0-9]{1,11} [0-9]{1,11}")  # of the fence, and of seconds: until the year 5138
HELD, ASKED = "held", "asked"


@dataclass(frozen=True)
class Process:
    """The process whose end is the end of the run. ``place``: where its number means something, ``born``: when it
    began, in that place's own count, because numbers are used again."""

    place: str
    pid: int
    born: str

    @classmethod
    def read(cls, text: str) -> Process | None:
        place, _colon, rest = text.partition(":")
        pid, _colon, born = rest.partition(":")
        return cls(place, int(pid), born) if pid.isdecimal() else None

    def __str__(self) -> str:
        return f"{self.place}:{self.pid}:{self.born}"


@dataclass(frozen=True)
class Claim:
    """``fence`` grows from lease to lease: it is the time of the claim, in milliseconds since the epoch. ``renewed``
    and ``until`` are seconds since the epoch; ``by`` is who, ``doing`` is what."""

    run: str
    fence: int
    held: bool
    renewed: int
    until: int
    doing: str
    by: str
    process: Process | None = None

    @classmethod
    def new(cls, run: str, doing: str, by: str, process: str, now: float, seconds: int = SECONDS) -> Claim:
        """Held from ``now``, in seconds since the epoch."""
        by = by or "a run without a name"
        return cls(run, int(now * 1000), True, int(now), int(now) + seconds, doing, by, Process.read(process))

    @classmethod
    def read(cls, run: str, text: str) -> Claim | None:
        """None for a text that is no claim."""
        fields = text.split(" ", 6)
        if len(fields) < 7 or fields[0] not in (HELD, ASKED) or not MOMENTS.fullmatch(" ".join(fields[1:4])):
            return None
        state, fence, renewed, until, process, doing, by = fields
        return cls(
            run, int(fence), state == HELD, int(renewed), int(until), decoded(doing), decoded(by), Process.read(process)
        )

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Claim:
        process = Process.read(data["process"]) if data["process"] else None
        return cls(**{**data, "process": process})

    def as_data(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "fence": self.fence,
            "held": self.held,
            "renewed": self.renewed,
            "until": self.until,
            "doing": self.doing,
            "by": self.by,
            "process": str(self.process) if self.process else "",
        }

    @property
    def key(self) -> str:
        """The key of its tag. Each claim has its own, so that none takes the place of another one."""
        return f"{LEASE}{encoded(self.run)}"

    def text(self) -> str:
        """The tag's value."""
        state = HELD if self.held else ASKED
        text = f"{state} {self.fence} {self.renewed} {self.until} {self.process or '-'} {self._doing} "
        return text + (shortened(self.by, LONGEST_VALUE - len(text)) or "-")

    @property
    def _doing(self) -> str:
        """A space would end it, and a long one would leave no room for who does it."""
        return shortened(self.doing, LONGEST_DOING).replace(" ", "=20")

    def after(self, others: Iterable[Claim]) -> Claim:
        """Later than all of them, however far behind the clock is that it was made by."""
        return replace(self, fence=max([self.fence, *(each.fence + 1 for each in others)]))

    def renewed_at(self, now: float, seconds: int) -> Claim:
        return replace(self, held=True, renewed=int(now), until=int(now) + seconds)

    def lives(self, now: float) -> bool:
        return now < self.until + CLOCKS_APART

    def before(self, other: Claim) -> bool:
        """Whether it goes first, of two that are not decided yet."""
        return (self.fence, self.run) < (other.fence, other.run)

    @property
    def since(self) -> datetime:
        return utc(self.fence // 1000)

    def silence(self, now: float) -> float:
        """For how many seconds it has not been renewed."""
        return max(0.0, now - self.renewed)

    def message(self, service: str, now: float) -> str:
        """Who is active, as a person wants to know it."""
        return (
            f"{self.by} is changing {service} ({self.doing}, since {self.since:%H:%M:%S} UTC, lease renewed "
            f"{elapsed(self.silence(now))} ago, run {self.run})"
        )


def read_claims(tags: Iterable[Mapping[str, str]]) -> list[Claim]:
    """From the tags of a service's target groups, which say the same unless somebody is writing them just now: of a
    claim the latest that is found, and each claim once."""
    latest: dict[str, Claim] = {}
    for claim in _all(tags):
        known = latest.get(claim.run)
        if known is None or (claim.held, claim.renewed) > (known.held, known.renewed):
            latest[claim.run] = claim
    return sorted(latest.values(), key=lambda claim: (claim.fence, claim.run))


def _all(tags: Iterable[Mapping[str, str]]) -> Iterator[Claim]:
    for its in tags:
        for key, value in its.items():
            if key.startswith(LEASE) and (claim := Claim.read(decoded(key.removeprefix(LEASE)), value)):
                yield claim
