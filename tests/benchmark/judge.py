# SPDX-License-Identifier: GPL-3.0-or-later
"""How often the judge of metrics is right. ``python -m tests.benchmark.judge`` writes docs/judge.md.

Each bake goes minute by minute as CloudWatch has them complete, is judged after each with the strict level of a look
on the way, and at the end with that of the end, by the very functions that module bake calls. It begins somewhere in a
minute, of which the candidate has the rest, and the minute in which it ends is not judged. The numbers of requests are
drawn from Poisson's distribution, errors from the binomial, response times from a log-normal one.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.bake.bake import BakeOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.analysis import (
    LEAST_PERIODS,
    LEAST_WORTH,
    judge_metric,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.baseline import FULL
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.histogram import BOUNDS, quantile
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metric_data import PERCENTILES, Seen
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metrics import RATE, Metric, parse_metrics
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.significance_budget import (
    SIGNIFICANCE,
    Levels,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.statistics import (
    OUTAGE,
    OUTAGE_TIMES,
    pooled,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.verdicts import FAIL, INCONCLUSIVE, PASS
from scipy import special

from tests.playing import ROOT

BAKES = 10_000
SEED = 4
LOOK_SECONDS, HISTORY_MINUTES = 15, 15  # as in module bake
LAG_MINUTES = int(BakeOptions.metrics_lag) // 60
DOCUMENT = ROOT / "docs/judge.md"

ERRORS = 0.005
BURSTS, RESTLESS = 0.5, 0.1
MEDIAN, SIGMA = 0.1, 0.5  # seconds, and of its logarithm
LADDER = np.log(np.array(BOUNDS[:-1]) / MEDIAN)
EARLY = "early"

ABOUT = f"""\
# How often the verdict on metrics is right

Written by `make judge`: {BAKES:,} simulated bakes for each line, judged by the functions that the module `bake` calls,
at its defaults: a check every {LOOK_SECONDS} s, at least 50 requests of each color.
{ERRORS:.1%} of all requests fail in the background. Response times have a median of {1000 * MEDIAN:.0f} ms and a
log-normal distribution (standard deviation of the logarithm {SIGMA}).

Only complete minutes are judged, and CloudWatch has a minute complete up to {LAG_MINUTES} minutes after its end
(`bluegreen_metrics_lag`). So a bake of 5 minutes lasts {5 + LAG_MINUTES}. The first minute can fail it {LAG_MINUTES} to
{LAG_MINUTES + 1} minutes after the shift, the first whole one {LAG_MINUTES + 1} to {LAG_MINUTES + 2}: however bad a
release is, metrics return it no sooner.

## What is compared

| weight of the candidate | errors, and other rates | latency | points |
|---|---|---|---|
| up to 50 % | stable in the same minutes | stable in the same minutes | stable in the same minutes |
| 51 to 99 % | stable in the same minutes | stable at full traffic, and in the same | stable in the same minutes |
| 100 % | stable before the bake | stable at full traffic, and before the bake | stable before the bake |

**Stable at full traffic** is stable in its last minutes before the bake in which it answered at least {FULL:.0%} of the
requests of both colors, as many minutes as the bake has. They are looked for in the last six hours, and if
there are none, in up to two weeks: a release may have been paused over a weekend. The reason of the verdict says "at
full traffic" where these decided.

- Latency fails a bake only if the candidate is slower than both. If stable had no full traffic, the other one decides.
- **Before the bake** are as many minutes as the bake has. If stable had too few requests in them, errors and latency
  are compared with stable at full traffic. This happens when a run continues a release at 100 %.

Response times depend on the load. Both environments have the same size at every step, so a stable that has 10 % of the
traffic is faster than a candidate with 90 %, whatever the release is. For the same reason a canary of 10 % looks faster
than it is: a release that only needs more CPU shows at the later steps. Errors are compared over the same minutes as
long as possible, because what else happens, such as a failing database, then happens to both. At 100 %, the minutes
before the bake are the nearest to that. Latency is compared with them for the same reason.

## How often it is right

A release that is no worse fails by chance with a probability of at most {SIGNIFICANCE:.0%}. Its bakes, and its pauses
after bakes, share that equally: `all_at_once` has one bake, `canary` two with {SIGNIFICANCE / 2:.1%} each, and `linear`
in steps of 10 % ten with {SIGNIFICANCE / 10:.1%} each. The more bakes there are, the more traffic it takes to detect a
bad release in one of them. The lines are of one bake of a canary, except for those of a whole linear release.

- **fail** is the rate of false alarms if the release is no worse, and otherwise the power to detect that it is.
  **early** are those failures before the last minute was judged.
- **bound** is the effect that matters: a release fails if it is at least that many times as bad, and the difference is
  statistically significant. A release that is worse by less passes, as intended; 1 means any difference.
- **bursts** and **restless**: each minute of each color has a random factor on its errors (standard deviation of the
  logarithm {BURSTS:g}) or on its response times ({RESTLESS:g}), which no release causes. A test that assumes
  independent requests rejects every tenth such release of the large service. This one estimates the variation from
  stable's last quarter of an hour. That is an estimate, so a service with bursts has more false alarms than the
  probability above, as the lines show; with many bakes, several times as many.
- **after an outage**: in one of these minutes before the bake, all requests to stable failed. Minutes in which more
  than {OUTAGE:.0%} failed, and more than {OUTAGE_TIMES} times as many as in the median minute, are left out of the
  estimate. Where stable varies so much even without them that the requests of a color are worth fewer than
  {LEAST_WORTH} independent ones, a candidate that looks worse is inconclusive, not a pass.
- Such minutes can come again and again, as with a batch job every few minutes. If a difference is significant only
  because they are left out, the candidate fails if its median minute, of at least {LEAST_PERIODS},
  is worse by the effect that matters. Otherwise the metric is inconclusive.
- With 5 requests/s and a canary of 10 %, a bake of five minutes sees 150 requests, of which fewer than one fails. No
  test can detect twice as many failures there. Give small services a larger share, and more time.

| metric | traffic | release | bound | fail % | early % | pass % | inconclusive % |
|---|---|---|--:|--:|--:|--:|--:|
"""

Minute = dict[float, float]


@dataclass(frozen=True)
class Traffic:
    """Requests a minute of each color in one bake, of the ``bakes`` of a release."""

    text: str
    candidate: float
    stable: float
    minutes: int
    bakes: int = 2


@dataclass(frozen=True)
class Release:
    """``factor`` is on the rate of errors, or on the response times of the ``share`` of requests that are slower.

    ``restless`` is the spread of a factor that each minute of each color has of its own, from bursts and slow minutes.
    ``outage``: stable failed altogether for a minute before the bake.
    """

    text: str
    factor: float = 1.0
    share: float = 1.0
    restless: float = 0.0
    outage: bool = False


LARGE = Traffic("300/s, canary 10 %, 5 min", 1800, 16200, 5)
MIDDLING = Traffic("50/s, canary 10 %, 5 min", 300, 2700, 5)
SMALL = Traffic("5/s, canary 10 %, 5 min", 30, 270, 5)
HALVED = Traffic("5/s, canary 50 %, 15 min", 150, 150, 15)
TINY = Traffic("0.5/s, canary 10 %, 5 min", 3, 27, 5)

WEIGHTS = range(10, 101, 10)
# With all traffic, the candidate is compared with the tenth that stable had before.
LINEAR = [
    Traffic("300/s, whole linear release, 5 min each", 180 * weight, 180 * max(100 - weight, 10), 5, len(WEIGHTS))
    for weight in WEIGHTS
]

RATES = [
    Release("no difference"),
    Release("no difference, bursts", restless=BURSTS),
    Release("2 times the errors", 2),
    Release("5 times the errors", 5),
]
OUTAGES = [
    Release("no difference, after an outage", outage=True),
    Release("2 times the errors, after an outage", 2, outage=True),
    Release("60 times the errors, after an outage", 60, outage=True),
]
LATENCIES = [
    Release("no difference"),
    Release("no difference, restless", restless=RESTLESS),
    Release("+10 %", 1.1),
    Release("+50 %", 1.5),
    Release("+400 % of one in five", 5, share=0.2),
]


@dataclass(frozen=True)
class Case:
    metric: Metric
    bakes: Sequence[Traffic]
    release: Release


def _metric(name: str, **changes: Any) -> Metric:
    return parse_metrics([{"name": name, **changes}])[0]


ANY_DIFFERENCE = {"ratio": 1.0}
CASES = [
    *[Case(_metric("errors"), [traffic], release) for traffic in (LARGE, MIDDLING, SMALL, HALVED) for release in RATES],
    Case(_metric("errors"), [TINY], RATES[0]),
    *[Case(_metric("errors"), [LARGE], release) for release in OUTAGES],
    *[Case(_metric("errors"), LINEAR, release) for release in RATES[:3]],
    *[Case(_metric("latency"), [traffic], release) for traffic in (LARGE, SMALL) for release in LATENCIES],
    *[Case(_metric("latency", effect=ANY_DIFFERENCE), [LARGE], LATENCIES[number]) for number in (0, 2)],
]


class Draw:
    """Minutes of one color under one release."""

    def __init__(self, metric: Metric, random: np.random.Generator) -> None:
        self._random = random
        self._minute: Callable[[int, Release, float], Minute] = self._errors if metric.compare == RATE else self._times

    def begin(self) -> float:
        """The share of its first minute that a bake has."""
        return float(self._random.uniform())

    def minutes(self, count: int, rate: float, release: Release, first: float = 1.0) -> list[Minute]:
        """A minute without requests is none, as in CloudWatch. ``first``: the share of the first that has requests."""
        requests = self._random.poisson([rate * first, *[rate] * (count - 1)])
        unrest = np.exp(self._random.normal(0, release.restless, count))
        return [self._minute(int(n), release, float(by)) for n, by in zip(requests, unrest, strict=True) if n]

    def _errors(self, requests: int, release: Release, unrest: float) -> Minute:
        bad = int(self._random.binomial(requests, min(1.0, ERRORS * release.factor * unrest)))
        return {1.0: bad, 0.0: requests - bad}

    def _times(self, requests: int, release: Release, unrest: float) -> Minute:
        slower = _ranges(release.factor * unrest)
        shares = release.share * slower + (1 - release.share) * _ranges(unrest) if release.share < 1 else slower
        counts = self._random.multinomial(requests, shares)
        return {bound: int(count) for bound, count in zip(BOUNDS, counts, strict=True) if count}


def _ranges(factor: float) -> Any:
    """The share of requests in each range of the ladder."""
    below = special.ndtr((LADDER - math.log(factor)) / SIGMA)
    return np.diff(below, prepend=0.0, append=1.0)


def release(case: Case, draw: Draw) -> str:
    """The verdict of its first bake that does not pass."""
    verdicts = (bake(case.metric, traffic, case.release, draw) for traffic in case.bakes)
    return next((verdict for verdict in verdicts if verdict != PASS), PASS)


def bake(metric: Metric, traffic: Traffic, release: Release, draw: Draw) -> str:
    """The verdict of one bake; ``EARLY`` for a failure before its end."""
    looks = (traffic.minutes + LAG_MINUTES) * 60 // LOOK_SECONDS
    levels = Levels.of(SIGNIFICANCE / traffic.bakes, 1, looks)
    good = Release("stable", restless=release.restless)
    green = draw.minutes(traffic.minutes, traffic.candidate, release, draw.begin())
    blue = draw.minutes(traffic.minutes, traffic.stable, good)
    history = draw.minutes(HISTORY_MINUTES, traffic.candidate + traffic.stable, good)
    if release.outage:
        history[0] = {1.0: sum(history[0].values())}
    for minute in range(1, traffic.minutes):
        if judge(metric, green[:minute], blue[:minute], history, levels.early) == FAIL:
            return EARLY
    return judge(metric, green, blue, history, levels.final)


def judge(metric: Metric, green: list[Minute], blue: list[Minute], history: list[Minute], level: float) -> str:
    stable = replace(_seen(metric, "blue", blue), history=history + blue)
    return judge_metric(metric, _seen(metric, "green", green), stable, level).verdict


def _seen(metric: Metric, name: str, minutes: list[Minute]) -> Seen:
    if metric.compare == RATE:
        return Seen(name, minutes, [])
    together = pooled(minutes)
    return Seen(name, minutes, [], {key: quantile(together, int(key[1:]) / 100) for key in PERCENTILES})


def row(case: Case) -> str:
    draw = Draw(case.metric, np.random.default_rng(SEED))
    ends = Counter(release(case, draw) for _bake in range(BAKES))
    counts = ends[FAIL] + ends[EARLY], ends[EARLY], ends[PASS], ends[INCONCLUSIVE]
    shares = [f"{100 * count / BAKES:.2f}" for count in counts]
    text = [case.metric.name, case.bakes[0].text, case.release.text, f"{case.metric.effect.ratio:g}"]
    return f"| {' | '.join([*text, *shares])} |"


def main() -> None:
    with ProcessPoolExecutor() as pool:
        rows = list(pool.map(row, CASES))
    DOCUMENT.write_text(ABOUT + "\n".join(rows) + "\n", encoding="utf-8")
    print(DOCUMENT.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
