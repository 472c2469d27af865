# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests, errors and latency of each color over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any, Self

NOBODY = ""  # stands for a color where no environment has answered
ROUNDING = 1e-3  # of a period: moments are no exact multiples of it
MOST_BINS = 120  # more than that cannot be distinguished on a phone


@dataclass(frozen=True)
class Point:
    """One period that begins ``at``, in seconds since the epoch."""

    at: float
    requests: float = 0.0
    errors: float = 0.0
    latency_ms: float | None = None


@dataclass(frozen=True)
class Series:
    """``points`` are by color, one for each ``period`` seconds in which there is something; their latency is the
    ``percentile``."""

    period: int
    percentile: str
    points: Mapping[str, Sequence[Point]]

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        points = {color: [Point(**each) for each in its] for color, its in data["points"].items()}
        return cls(data["period"], data["percentile"], points)

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @property
    def times(self) -> list[float]:
        return [each.at for its in self.points.values() for each in its]

    @property
    def requests(self) -> float:
        return sum(each.requests for its in self.points.values() for each in its)

    def errors_of(self, color: str) -> float:
        return sum(each.errors for each in self.points.get(color, []))

    @property
    def errors(self) -> float:
        return sum(map(self.errors_of, self.points))

    def coarser(self) -> Series:
        """With few enough periods to be drawn."""
        times = self.times
        if not times:
            return self
        factor = ceil((max(times) - min(times) + self.period) / self.period / MOST_BINS)
        period, start = self.period * factor, min(times)
        return Series(
            period, self.percentile, {color: _merged(its, start, period) for color, its in self.points.items()}
        )


def _merged(points: Iterable[Point], start: float, period: int) -> list[Point]:
    """Latency is that of the slowest part: percentiles cannot be added up."""
    bins: dict[int, list[Point]] = {}
    for each in points:
        bins.setdefault(int((each.at - start) / period + ROUNDING), []).append(each)
    return [
        Point(
            start + number * period,
            sum(each.requests for each in its),
            sum(each.errors for each in its),
            max((each.latency_ms for each in its if each.latency_ms is not None), default=None),
        )
        for number, its in sorted(bins.items())
    ]
