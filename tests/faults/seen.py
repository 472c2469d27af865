# SPDX-License-Identifier: GPL-3.0-or-later
"""What a cell shows, and whether that is a fault."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

MISSING = "no outcome"
STAYS = ("lease", "schedule", "pin")
BACK = ("refused", "rolled_back")  # ends of a deploy that gives users what they had


@dataclass(frozen=True)
class Seen:
    """``ends``: the end states of the runs in turn, and ``messages`` what they say. ``weight``: the candidate's percent
    of the traffic at the end. ``unserved``: target groups with traffic that nobody serves."""

    doors: Sequence[str]
    ends: Sequence[str]
    messages: Sequence[str]
    weight: int
    requests: int
    failed: int
    failures: Sequence[str]
    left: Sequence[str]
    unserved: Sequence[str]
    seconds: float
    problems: Sequence[str] = ()

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Seen:
        return cls(**data)

    @property
    def faults(self) -> list[str]:
        return list(self._faults())

    def _faults(self) -> Iterator[str]:
        if self.failed:
            yield f"{self.failed} of {self.requests:,} requests failed"
        if self.unserved:
            yield "traffic without anybody who serves it"
        if MISSING in self.ends:
            yield MISSING
        last, end = self.doors[-1], self.ends[-1]
        if last == "deploy" and end == "succeeded" and self.weight != 100:
            yield f"succeeded with {self.weight} % of the traffic"
        if last == "deploy" and end in BACK and self.doors == ("deploy",) and self.weight:
            yield f"{end} with {self.weight} % of the traffic"
        if self._is_split and end == "halted":
            yield from ("no schedule at a split",) if not self._left("schedule") else ()
        yield from (f"{each} stays" for each in STAYS if self._left(each) and not self._is_right(each))
        yield from self.problems

    @property
    def _is_split(self) -> bool:
        return 0 < self.weight < 100

    def _left(self, what: str) -> list[str]:
        return [each for each in self.left if each.startswith(what)]

    def _is_right(self, what: str) -> bool:
        """Where users are left at a split, because nobody could return them or nobody was asked to, AWS shall return
        them, to an environment that can carry them. A lease of who has died ends by itself. A teardown that finds
        nothing due leaves everything to those who continue the release, if it says so."""
        if self.doors[-1] == "teardown" and self.ends[-1] == "unchanged" and "nobody watches" in self.messages[-1]:
            return True
        untouched = self.ends[-1] in ("halted", "unchanged", "refused")
        return self._is_split and untouched and (what != "lease" or self.ends[-1] != "halted")
