# SPDX-License-Identifier: GPL-3.0-or-later
"""Statistics that CloudWatch computes from single values: percentiles, trimmed mean, count and sum, percentile rank.

"CloudWatch statistics definitions" in the user guide is what this follows: bounds in percent are of the ordered values,
others are "exclusive on the lower bound and inclusive on the upper bound". Winsorized means are left out.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import itemgetter

# How often each value came, by value.
Distribution = tuple[tuple[float, float], ...]

NUMBER = r"\d+(?:\.\d{1,10})?"
PERCENTILE = re.compile(rf"p({NUMBER})")
TRIMMED = re.compile(rf"t[mcs]({NUMBER})")  # tm90 is TM(:90%)
RANGE = re.compile(rf"(TM|TC|TS|PR)\(({NUMBER}%?)?:({NUMBER}%?)?\)")


@dataclass(frozen=True)
class Bound:
    """An end of a range; in percent of the ordered values, or a value."""

    number: float
    percent: bool

    @classmethod
    def read(cls, text: str | None, missing: Bound) -> Bound:
        return cls(float(text.rstrip("%")), text.endswith("%")) if text else missing


LOWEST, HIGHEST = Bound(-math.inf, False), Bound(math.inf, False)


@dataclass(frozen=True)
class Extended:
    """What a statistic's name says: percentile ``p``, or one of TM, TC, TS and PR over a range."""

    kind: str
    lower: Bound
    upper: Bound

    @classmethod
    def read(cls, name: str) -> Extended:
        """ValueError for what is none of these."""
        if name == "IQM":
            return cls("TM", Bound(25, True), Bound(75, True))
        if found := PERCENTILE.fullmatch(name) or TRIMMED.fullmatch(name):
            kind = "p" if name[0] == "p" else name[:2].upper()
            read = cls(kind, LOWEST, Bound(float(found[1]), True))
        elif found := RANGE.fullmatch(name):
            read = cls(found[1], Bound.read(found[2], LOWEST), Bound.read(found[3], HIGHEST))
        else:
            raise ValueError(f"The statistic {name} is not supported.")
        if (
            any(bound.percent and bound.number > 100 for bound in (read.lower, read.upper))
            or (read.lower, read.upper) == (LOWEST, HIGHEST)
            or (read.kind == "PR" and (read.lower.percent or read.upper.percent))
        ):
            raise ValueError(f"The statistic {name} is not supported.")
        return read

    def of(self, ordered: Distribution) -> float | None:
        """Of at least one value; None where the range holds none and so has no mean."""
        if self.kind == "p":
            return _percentile(ordered, self.upper.number)
        return AGGREGATES[self.kind](_trimmed(ordered, self.lower, self.upper), ordered)


def _percentile(ordered: Distribution, rank: float) -> float:
    wanted, passed = rank / 100 * _count(ordered), 0.0
    for value, count in ordered:
        passed += count
        if passed >= wanted:
            return value
    return ordered[-1][0]


def _trimmed(ordered: Distribution, lower: Bound, upper: Bound) -> Distribution:
    """What lies between the bounds."""
    if lower.percent or upper.percent:
        return tuple(_shares(ordered, lower, upper))
    first, end = (bisect_right(ordered, bound.number, key=itemgetter(0)) for bound in (lower, upper))
    return ordered[first:end]


def _shares(ordered: Distribution, lower: Bound, upper: Bound) -> Iterable[tuple[float, float]]:
    """Of equal values at a bound in percent, as many as belong to it."""
    total, passed = _count(ordered), 0.0
    for value, count in ordered:
        first = lower.number / 100 * total - passed if lower.percent else 0.0 if value > lower.number else count
        last = upper.number / 100 * total - passed if upper.percent else count if value <= upper.number else 0.0
        passed += count
        if (kept := min(last, count) - max(first, 0.0)) > 0:
            yield value, kept


def _count(values: Iterable[tuple[float, float]]) -> float:
    return math.fsum(count for _value, count in values)


def _sum(values: Iterable[tuple[float, float]]) -> float:
    return math.fsum(value * count for value, count in values)


AGGREGATES: dict[str, Callable[[Distribution, Distribution], float | None]] = {
    "TM": lambda kept, _all: _sum(kept) / _count(kept) if kept else None,
    "TC": lambda kept, _all: _count(kept),
    "TS": lambda kept, _all: _sum(kept),
    "PR": lambda kept, all_: 100 * _count(kept) / _count(all_),
}
