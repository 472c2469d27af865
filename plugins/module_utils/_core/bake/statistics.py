# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether one sample is higher than another by more than chance, and how well its periods agree.

All p-values are one-sided: the probability of a difference in this direction at least as large, were both alike.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

NEGLIGIBLE = 1e-17  # compared with 1, in double precision

OUTAGE = 0.05  # a period in which more than this, and many times more than usual, went wrong, is an outage
OUTAGE_TIMES = 10

# How many had which value.
Counts = Mapping[float, float]


@dataclass(frozen=True)
class Share:
    """A part of a total."""

    count: float
    total: float

    @property
    def rate(self) -> float:
        return self.count / self.total if self.total else 0.0


def pooled(parts: Iterable[Counts]) -> dict[float, float]:
    together: dict[float, float] = {}
    for part in parts:
        for value, count in part.items():
            together[value] = together.get(value, 0) + count
    return together


def proportion_test(first: Share, second: Share) -> float:
    """Whether the first share is higher: Fisher's exact test.

    Exact for any counts, so there is no border at which another test would have to take over. It is never too quick
    to find a difference: with small counts it is a little slow, which for a judge that turns releases back is the
    right side to err on, and with large ones it agrees with the z test. Counts are rounded to whole ones.
    """
    hits, draws = round(first.count), round(first.total)
    marked, others = hits + round(second.count), round(first.total) + round(second.total)
    if hits * others > draws * marked:
        return min(1.0, _tail(hits, draws, marked, others))
    # Below the expectation the other tail is the short one: of those that were not hit, as many or more.
    return max(0.0, 1.0 - _tail(draws - hits + 1, draws, others - marked, others))


def _tail(hits: int, draws: int, marked: int, others: int) -> float:
    """P(X ≥ hits) of the hypergeometric distribution, for hits above its mean, where the terms only fall."""
    most = min(draws, marked)
    if hits > most:
        return 0.0
    term = math.exp(_log_choose(marked, hits) + _log_choose(others - marked, draws - hits) - _log_choose(others, draws))
    total = 0.0
    for seen in range(hits, most + 1):
        total += term
        if term <= total * NEGLIGIBLE:
            break
        term *= (marked - seen) * (draws - seen) / ((seen + 1) * (others - marked - draws + seen + 1))
    return total


def _log_choose(of: int, some: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)


def rank_test(first: Counts, second: Counts) -> float:
    """Whether values of the first sample are higher: Mann and Whitney's test.

    By the normal approximation, corrected for ties and for continuity.
    """
    size, other_size = sum(first.values()), sum(second.values())
    both = pooled([first, second])
    size_of_both = size + other_size
    if size_of_both <= 1:
        return 1.0
    ties = sum(count**3 - count for count in both.values()) / (size_of_both * (size_of_both - 1))
    variance = size * other_size / 12 * (size_of_both + 1 - ties)
    if variance <= 0:
        return 1.0
    above = superiority(first, second) * size * other_size - size * other_size / 2
    return 0.5 * math.erfc((above - 0.5) / math.sqrt(2 * variance))


def superiority(first: Counts, second: Counts) -> float:
    """The probability that a value of the first sample is above one of the second, ties half (Vargha and Delaney's A).

    0.5 where both are alike.
    """
    below, above = 0.0, 0.0
    for value in sorted({*first, *second}):
        above += first.get(value, 0) * (below + second.get(value, 0) / 2)
        below += second.get(value, 0)
    return above / (sum(first.values()) * below)


def without_outages(periods: Sequence[Share]) -> list[Share]:
    """Those that show how much the periods usually vary: one minute of an outage would hide every other difference."""
    usual = median([each.rate for each in periods] or [0.0])
    return [each for each in periods if each.rate <= max(OUTAGE, OUTAGE_TIMES * usual)]


def clustering(periods: Sequence[Share]) -> float:
    """How much more alike two requests of one period are than two of any: the intraclass correlation, 0 for not at all.

    Requests are not drawn one by one: errors come in bursts, and a slow database is slow for everybody for a while. The
    variance between periods beyond that of independent requests (Pearson's chi-square over its degrees of freedom)
    shows how much.
    """
    whole = Share(sum(each.count for each in periods), sum(each.total for each in periods))
    if len(periods) < 2 or not 0 < whole.rate < 1:
        return 0.0
    degrees, expected = len(periods) - 1, whole.rate * (1 - whole.rate)
    spread = sum(each.total * (each.rate - whole.rate) ** 2 for each in periods) / expected / degrees
    size = (whole.total - sum(each.total**2 for each in periods) / whole.total) / degrees
    return min(1.0, max(0.0, (spread - 1) / (size - 1))) if size > 1 else 0.0


def design_effect(correlation: float, total: float, periods: int) -> float:
    """How many requests are worth one independent request (Kish's design effect), at this size of periods.

    Counts divided by it can be tested as if they were independent (Rao and Scott, 1992).
    """
    return 1 + max(0.0, total / periods - 1) * correlation
