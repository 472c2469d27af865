# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judging a release by metrics of both colors over the same minutes.

A metric fails when it is beyond its threshold more often than allowed, or when the candidate is worse than stable and
two things are true: chance explains it badly (significance), and it is enough to matter (effect). With much traffic
the least difference is significant, and with little the largest is chance, so neither is enough alone. The effect on
latency is that on the median or on the 90th percentile, whichever is larger: one slow path in five hardly moves the
median.

Requests are not independent of each other. How far they are not is read from stable's own minutes, also those before
the bake, and both sides count for as many requests as they are worth (see ``statistics.clustering``). An outage of
stable is not how it usually varies and is left out. Where what is left is worth too few requests, a candidate that
looks worse is in doubt. So is one that is only worse in some periods, if chance explains that as soon as the outages
count: they may come again and again. So is one whose points are all worse, and too few to be
significant.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, TypeVar

from ..base.verdicts import FAIL, INCONCLUSIVE, PASS
from . import histogram
from .metric_data import Seen
from .metrics import LATENCY, NONE, POINTS, RATE, Metric
from .statistics import Counts, Share, clustering, design_effect, pooled, proportion_test, rank_test, without_outages

T = TypeVar("T")

MIDDLE = 0.5  # between 0 and 1, as which a rate's requests are counted
LEAST_WORTH = 20  # independent requests of each color; of fewer, a few are no evidence even where half of them fail
LEAST_PERIODS = 3  # of fewer, one bad period is half of them or more


@dataclass(frozen=True)
class Measured:
    """One color: how many requests or points there were, and what they come to, by the name of the value."""

    name: str
    samples: float
    values: Mapping[str, float]

    def as_data(self) -> dict[str, Any]:
        return {"samples": round(self.samples), **self.values}


@dataclass(frozen=True)
class Comparison:
    """``p_value`` is the probability of such a difference by chance.

    ``ratio`` and ``difference`` are of the candidate being worse; of several values that which is worst. ``worth`` is
    how many independent requests, or points, the color with fewer of them has. ``with_outages`` is the p-value if those
    of stable count as its variation, ``lasting`` whether the median period of the candidate is worse by what matters.
    """

    candidate: Measured
    stable: Measured
    p_value: float
    ratio: float
    difference: float
    worth: float
    with_outages: float
    lasting: bool

    def matters(self, metric: Metric) -> bool:
        return metric.effect.reached(self.ratio, self.difference)


@dataclass(frozen=True)
class Judgement:
    """The verdict about one metric. ``reason`` is a sentence that names the numbers, ``level`` what ``p_value`` was
    compared with."""

    metric: Metric
    verdict: str
    reason: str
    level: float
    breaches: int
    comparison: Comparison | None

    def __str__(self) -> str:
        return f"Metric {self.metric.name}{' (dry run)' if self.metric.dry_run else ''}: {self.reason}"

    def as_data(self) -> dict[str, Any]:
        found = self.comparison
        return {
            "name": self.metric.name,
            "verdict": self.verdict,
            "dry_run": self.metric.dry_run,
            "reason": self.reason,
            "breaches": self.breaches,
            "candidate": found.candidate.as_data() if found else None,
            "stable": found.stable.as_data() if found else None,
            "ratio": found.ratio if found and math.isfinite(found.ratio) else None,
            "difference": found.difference if found else None,
            "p_value": found.p_value if found else None,
            "level": self.level if found else None,
        }


def judge_metric(
    metric: Metric, candidate: Seen, stable: Seen | None, level: float, *, stable_down: bool = False
) -> Judgement:
    """``stable_down``: stable was down before the release, so it is no doubt that it has too little to compare with."""
    breaches = [value for value in candidate.values if metric.threshold and metric.threshold.breached(value)]
    comparison = compare(metric, candidate, stable) if stable and metric.compare != NONE else None
    verdict, reason = _verdict(metric, candidate, breaches, comparison, level, stable_down)
    return Judgement(metric, verdict, reason, level, len(breaches), comparison)


def mildest(judgements: Sequence[Judgement]) -> Judgement:
    """A candidate fails only if it is worse than everything that it is compared with."""
    return min(judgements, key=lambda each: (PASS, INCONCLUSIVE, FAIL).index(each.verdict))


def _verdict(
    metric: Metric,
    candidate: Seen,
    breaches: Sequence[float],
    comparison: Comparison | None,
    level: float,
    stable_down: bool,
) -> tuple[str, str]:
    if metric.threshold and len(breaches) > metric.threshold.allowed:
        worst = ", ".join(f"{value:.4g}" for value in breaches[-5:])
        return FAIL, (
            f"{candidate.name} was {metric.threshold} in {len(breaches)} of {len(candidate.values)} periods ({worst}); "
            f"allowed are {metric.threshold.allowed}."
        )
    if not candidate.periods:
        return INCONCLUSIVE, f"there is no data of {candidate.name}."
    if metric.threshold and not candidate.values:
        return INCONCLUSIVE, f"there is no whole period of {candidate.name} yet."
    if comparison is None:
        return PASS, f"{candidate.name} was {metric.threshold} in {len(breaches)} of {len(candidate.values)} periods."
    sentence = _comparison_message(metric, comparison)
    few = [side for side in (comparison.candidate, comparison.stable) if side.samples < metric.minimum_samples]
    if stable_down and few == [comparison.stable]:
        return (
            PASS,
            f"{sentence} {comparison.stable.name} was down before the release, so there is nothing to compare with.",
        )
    if few:
        return INCONCLUSIVE, f"{sentence} It takes {metric.minimum_samples} of each to compare."
    if comparison.p_value <= level:
        return _significant(metric, comparison, sentence, level)
    return _insignificant(metric, comparison, sentence, level)


def _significant(metric: Metric, found: Comparison, sentence: str, level: float) -> tuple[str, str]:
    if not found.matters(metric):
        return PASS, f"{sentence} This is statistically significant, but less than what matters ({metric.effect})."
    if found.with_outages > level and not found.lasting:
        return INCONCLUSIVE, (
            f"{sentence} {found.stable.name} had such periods too, so {found.candidate.name} fails only if most of its "
            f"periods are worse, of at least {LEAST_PERIODS}."
        )
    return FAIL, sentence


def _insignificant(metric: Metric, found: Comparison, sentence: str, level: float) -> tuple[str, str]:
    """It passes only if it could have failed, or does not look worse."""
    if not found.matters(metric):
        return PASS, sentence
    least = min(LEAST_WORTH, metric.minimum_samples)
    if found.worth < least:
        return INCONCLUSIVE, (
            f"{sentence} {found.stable.name} varied so much from one period to the next that this is worth "
            f"{found.worth:.0f} independent requests; it takes {least} to compare."
        )
    if metric.compare == POINTS and found.p_value <= _least_p_value(found):
        return INCONCLUSIVE, (
            f"{sentence} Every point is worse, but so few show nothing: it takes p = {level:.2g}. Use fewer bakes, "
            "longer bakes, or a metric with a shorter period."
        )
    return PASS, sentence


def _least_p_value(found: Comparison) -> float:
    """What it would be if every point of the candidate were worse than every one of stable."""
    ours, theirs = round(found.candidate.samples), round(found.stable.samples)
    return rank_test(dict.fromkeys(range(theirs, theirs + ours), 1.0), dict.fromkeys(range(theirs), 1.0))


def compare(metric: Metric, candidate: Seen, stable: Seen) -> Comparison:
    ours, theirs = pooled(candidate.periods), pooled(stable.periods)
    measured = _measured(metric, candidate, ours), _measured(metric, stable, theirs)
    worse, better = _worse_first(metric, measured)
    values = [(worse.values[key], better.values[key]) for key in worse.values if key in better.values]
    history = _history(metric, stable, theirs)
    usual, whole = (_worth(candidate, stable, clustering(each)) for each in (without_outages(history), history))
    return Comparison(
        candidate=measured[0],
        stable=measured[1],
        p_value=_p_value(metric, usual),
        ratio=max((_ratio(up, down) for up, down in values), default=1.0),
        difference=max((up - down for up, down in values), default=0.0),
        worth=min(sum(counts.values()) for counts in usual),
        with_outages=_p_value(metric, whole),
        lasting=_lasting(metric, candidate, stable),
    )


def _worse_first(metric: Metric, sides: tuple[T, T]) -> tuple[T, T]:
    """The candidate before stable, whose values are higher if the candidate is worse; or the other way round."""
    return (sides[1], sides[0]) if metric.worse == "lower" else sides


def _lasting(metric: Metric, candidate: Seen, stable: Seen) -> bool:
    """Only rates have outages."""
    if metric.compare != RATE:
        return True
    if len(candidate.periods) < LEAST_PERIODS or not stable.periods:
        return False
    ours, theirs = (median(_share(period).rate for period in side.periods) for side in (candidate, stable))
    worse, better = _worse_first(metric, (ours, theirs))
    return worse > better and metric.effect.reached(_ratio(worse, better), worse - better)


def _p_value(metric: Metric, sides: tuple[Counts, Counts]) -> float:
    worse, better = _worse_first(metric, sides)
    if not worse or not better:
        return 1.0
    return proportion_test(_share(worse), _share(better)) if metric.compare == RATE else rank_test(worse, better)


def _history(metric: Metric, stable: Seen, theirs: Counts) -> list[Share]:
    """What shows how much stable varies: the part of each of its periods that is above the border."""
    if metric.compare == POINTS or not theirs:
        return []
    border = MIDDLE if metric.compare == RATE else histogram.quantile(theirs, 0.5)
    return [_share(period, border) for period in stable.history or stable.periods]


def _worth(candidate: Seen, stable: Seen, correlation: float) -> tuple[Counts, Counts]:
    """The counts of both, as many as independent requests would be worth as much."""
    ours, theirs = (_weighed(side.periods, correlation) for side in (candidate, stable))
    return ours, theirs


def _weighed(periods: Sequence[Counts], correlation: float) -> Counts:
    counts = pooled(periods)
    effect = design_effect(correlation, sum(counts.values()), len(periods)) if correlation and counts else 1.0
    return {value: count / effect for value, count in counts.items()}


def _measured(metric: Metric, side: Seen, counts: Counts) -> Measured:
    samples = sum(counts.values())
    if metric.compare == RATE:
        return Measured(side.name, samples, {"rate": _share(counts).rate})
    if metric.compare == LATENCY:
        return Measured(side.name, samples, side.percentiles)
    points = [value for value, count in counts.items() for _point in range(round(count))]
    return Measured(side.name, samples, {"median": median(points) if points else 0.0})


def _share(counts: Counts, border: float = MIDDLE) -> Share:
    """Those above the border."""
    return Share(sum(count for value, count in counts.items() if value > border), sum(counts.values()))


def _ratio(worse: float, better: float) -> float:
    if worse == better:
        return 1.0
    return worse / better if better > 0 else math.inf


def _comparison_message(metric: Metric, found: Comparison) -> str:
    times = f"{found.ratio:.3g} times as bad, " if math.isfinite(found.ratio) else ""
    return f"{_side(metric, found.candidate)}, {_side(metric, found.stable)}; {times}p = {found.p_value:.2g}."


def _side(metric: Metric, side: Measured) -> str:
    if metric.compare == RATE:
        rate = side.values["rate"]
        return f"{side.name} has {rate:.2%} ({rate * side.samples:.0f} of {side.samples:.0f})"
    values = " and ".join(f"{key} {value:.4g}" for key, value in side.values.items()) or "nothing"
    return f"{side.name} has {values} ({side.samples:.0f} {'points' if metric.compare == POINTS else 'requests'})"
