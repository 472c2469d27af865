# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of several claims has the lease.

A claim is asked for first and then, once it was read back with all others, held. Tags have no conditional write, so
that two may ask at the same time; each of them sees the other one when it reads back, and all decide alike. It is the
bakery algorithm (L. Lamport, "A New Solution of Dijkstra's Concurrent Programming Problem", 1974): who was there first
goes first, and waits for those behind who may not have seen it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.timestamps import utc
from .claim import Claim, Process


@dataclass(frozen=True)
class Contest:
    """How a claim stands: it has ``lost`` to another one, or waits for some that are ``behind`` it, or neither."""

    lost: Claim | None = None
    gone: bool = False
    behind: Collection[Claim] = ()

    @property
    def won(self) -> bool:
        return not (self.lost or self.gone or self.behind)


def living(claims: Iterable[Claim], now: float, dead: Collection[Process]) -> list[Claim]:
    """Without those that are over, and those of processes that are known to be ``dead``."""
    return [claim for claim in claims if claim.lives(now) and claim.process not in dead]


def stand(mine: Claim, claims: Iterable[Claim]) -> Contest:
    """A claim that was read back, among the ``claims`` that live."""
    found = list(claims)
    others = [claim for claim in found if claim.run != mine.run]
    if held := [claim for claim in others if claim.held]:
        return Contest(lost=max(held, key=lambda claim: claim.fence))
    if first := [claim for claim in others if claim.before(mine)]:
        return Contest(lost=min(first, key=lambda claim: (claim.fence, claim.run)))
    if all(claim.run != mine.run for claim in found):
        return Contest(gone=True)
    return Contest(behind=others)


def taken_by(mine: Claim, claims: Iterable[Claim]) -> Contest:
    """A claim that was held: whether another run has it now. Of two that are held, the later one has it: it was taken
    by force, or with the first write of a return of traffic."""
    found = list(claims)
    later = [claim for claim in found if claim.held and claim.run != mine.run and claim.fence > mine.fence]
    if later:
        return Contest(lost=later[-1])
    return Contest(gone=all(claim.run != mine.run for claim in found))


@dataclass(frozen=True)
class Holder:
    """Who has the lease, or had it last: the claim of a run that died stays. ``alive``: it may still be active."""

    claim: Claim
    alive: bool

    def as_data(self, now: datetime) -> dict[str, Any]:
        claim = self.claim
        return {
            "run": claim.run,
            "by": claim.by,
            "doing": claim.doing,
            "since": claim.since.isoformat(),
            "until": utc(claim.until).isoformat(),
            "silent_seconds": round(claim.silence(now.timestamp())),
            "alive": self.alive,
        }


def find_holder(claims: Iterable[Claim], now: float, dead: Collection[Process]) -> Holder | None:
    """The claim that has the lease: among those that live, the one that goes before the others. If none lives, the
    last one that did."""
    every = list(claims)
    if alive := living(every, now, dead):
        held = [claim for claim in alive if claim.held]
        return Holder(held[-1] if held else alive[0], alive=True)
    return Holder(every[-1], alive=False) if every else None
