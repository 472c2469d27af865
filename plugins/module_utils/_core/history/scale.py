# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scales of charts: where in its width a moment stands, round numbers for its axes."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

from ..base.durations import spoken

STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400)
MOST_TICKS = 6  # that a phone has room for


@dataclass(frozen=True)
class Time:
    """From ``first`` to ``last``, in seconds since the epoch; ``zero`` is where the run began."""

    first: float
    last: float
    zero: float

    def percent(self, at: float) -> float:
        """The place of the moment ``at`` (seconds since 1970) in the width of the chart, from 0 to 100."""
        return 100 * min(1.0, max(0.0, (at - self.first) / max(self.last - self.first, 1e-3)))

    def ticks(self) -> list[tuple[float, str]]:
        """Percents with how long after the beginning that is."""
        length = self.last - self.first
        step = next((each for each in STEPS if length / each <= MOST_TICKS), ceil(length / MOST_TICKS / 86400) * 86400)
        first, last = ceil((self.first - self.zero) / step), floor((self.last - self.zero) / step)
        return [(self.percent(self.zero + step * each), _since(step * each)) for each in range(first, last + 1)]


def round_up(value: float) -> float:
    """The next round number."""
    if value <= 0:
        return 1.0
    magnitude: float = 10.0 ** floor(log10(value))
    return next(each * magnitude for each in (1, 2, 3, 4, 5, 6, 8, 10) if each * magnitude >= value * 0.9999)


def _since(seconds: int) -> str:
    return "0" if seconds == 0 else f"{'-' if seconds < 0 else ''}{spoken(abs(seconds))}"
