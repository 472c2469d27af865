# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets the next request: a target group by weight at random, then a target of it in turn."""

from collections.abc import Sequence
from random import Random
from typing import Protocol, TypeVar

from .health import Health


class Candidate(Protocol):
    @property
    def health(self) -> Health: ...

    @property
    def outstanding(self) -> int: ...

    def takes_turn(self) -> bool: ...


CandidateT = TypeVar("CandidateT", bound=Candidate)


def choose_group(weights: Sequence[tuple[str, int]], random: Random) -> str | None:
    """None when all weights are zero: there is nowhere to send the request."""
    if not any(weight for _group, weight in weights):
        return None
    return random.choices([group for group, _weight in weights], [weight for _group, weight in weights])[0]


def eligible(registered: Sequence[CandidateT]) -> Sequence[CandidateT]:
    """The healthy targets; with none healthy the group fails open, and every registered target gets traffic."""
    return [target for target in registered if target.health.state == "healthy"] or registered


class SlowStart:
    """How large a part of its turns a target takes: a part that grows linearly from nothing to all of them."""

    def __init__(self, began: float, seconds: float) -> None:
        self._began, self._seconds = began, seconds
        self._credit = 0.0

    def is_over(self, now: float) -> bool:
        return now >= self._began + self._seconds

    def takes_turn(self, now: float) -> bool:
        self._credit += (now - self._began) / self._seconds
        if self._credit < 1:
            return False
        self._credit -= 1
        return True


class Rotation:
    """Round robin, or least outstanding requests with ties broken by round robin."""

    def __init__(self) -> None:
        self._turn = 0

    def next(self, candidates: Sequence[CandidateT], algorithm: str) -> CandidateT:
        self._turn += 1
        start = self._turn % len(candidates)
        in_turn = (*candidates[start:], *candidates[:start])
        if algorithm == "least_outstanding_requests":
            return min(in_turn, key=lambda target: target.outstanding)
        return next((target for target in in_turn if target.takes_turn()), in_turn[0])
