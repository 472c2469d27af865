# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the metrics of both colors, each closed period once, and judges them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import chain
from typing import Any

from ..._args.bake.bake import BakeOptions, ColorOptions
from ..._aws.bake import cloudwatch
from ..._aws.base.errors import AwsError
from ..._aws.traffic.target_groups import describe_target_group_if_any
from ..._core.bake.analysis import Judgement, judge_metric, mildest
from ..._core.bake.asking import aligned, occupied, pulse, ranges
from ..._core.bake.baseline import BEFORE, full_traffic, wants_full_traffic
from ..._core.bake.metric_data import (
    Points,
    Results,
    Seen,
    Side,
    all_queries,
    at,
    closed,
    is_of,
    of_metric,
    period_of,
    read,
    seen,
    within,
)
from ..._core.bake.metrics import LATENCY, NONE, RATE, Metric, parse_metrics
from ..._core.bake.observation import Observation
from ..._core.bake.significance_budget import Levels
from ..._core.base.arns import arn_resource
from ..._core.base.errors import BluegreenError
from ..._core.base.verdicts import INCONCLUSIVE
from ..base.run import Run, together

# How long before the bake it is read how much stable varies, and looked for minutes in which it had full traffic. If
# there are none, as after a pause over a weekend, these are looked for further back, a day at a time.
HISTORY, SHIFT, DAY = timedelta(minutes=15), timedelta(hours=6), timedelta(days=1)
# "Data points with a period of less than 60 seconds … are available for 3 hours", those of 60 seconds for 15 days.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html
FINE_KEPT, KEPT = timedelta(minutes=165), timedelta(days=14)


class Analysis:
    """The metrics of one bake, which begins when this is made.

    AWS charges for each query. So a look asks one of each metric, and the others only when that shows a closed period
    that was not read yet.
    """

    def __init__(self, run: Run, options: BakeOptions, seconds: float) -> None:
        self._run = run
        self._metrics = parse_metrics([asdict(each) for each in options.metrics])
        self._candidate, self._stable = _sides(run, options, self._metrics)
        self._sides = [side for side in (self._candidate, self._stable) if side]
        self._queries = all_queries(self._metrics, self._sides)
        self._pulse = pulse(self._metrics, self._queries, self._candidate)
        self._interval, self._lag = options.metrics_interval, options.metrics_lag
        deciding, longest = sum(metric.decides for metric in self._metrics), seconds + self._lag
        self._levels = Levels.of(options.significance, deciding, int(longest / self._interval))
        self._start, self._seconds = self._now, timedelta(seconds=seconds)
        periods = [metric.period for metric in self._metrics]
        self._longest, self._kept_for = timedelta(seconds=max(periods)), KEPT if min(periods) >= 60 else FINE_KEPT
        self._baseline, self._stable_down = options.baseline, options.judge_stable == "once_up"
        self._due = run.clock.monotonic() + self._interval
        self._earlier = self._start - max(HISTORY, self._seconds)
        self._sought = {n for n, metric in enumerate(self._metrics) if wants_full_traffic(metric, self._baseline)}
        self._begin = min(self._earlier, self._start - SHIFT) if self._sought else self._earlier
        self._since = self._begin  # until then everything was read
        self._kept: dict[str, dict[datetime, float]] = {}
        self._unread: dict[int, str] = {}  # why a dry run could not be read
        self._latest: list[Judgement] = []

    @property
    def _now(self) -> datetime:
        return self._run.now

    @property
    def decides(self) -> bool:
        return any(not metric.dry_run for metric in self._metrics)

    def look(self) -> Observation:
        """On the way: as it was at the last look, until there is something new. The levels are for this time."""
        now = self._run.clock.monotonic()
        if self._seconds and self._due <= now:
            if self._has_news():  # when that fails, the next look tries again
                self._read()
                self._latest = self._judge(self._levels.early)
            self._due = now + self._interval
        return Observation(judgements=self._latest)

    def conclude(self) -> Observation:
        """With everything read once more, for an answer can be counted later than its request. A look that takes no
        time has no period to read; it still asks, to fail where AWS refuses a query."""
        self._since = self._begin if self._seconds else self._start
        self._read()
        return Observation(judgements=self._judge(self._levels.final))

    def _has_news(self) -> bool:
        """Whether a period of the bake is closed that was not read yet."""
        if not self._pulse:
            return False
        found = self._ask(self._pulse, max(self._since, self._start - self._longest), self._now)
        return any(
            time > max(self._kept.get(key, ()), default=self._start - self._longest)
            for key, points in found.items()
            for time in points
        )

    def _read(self) -> None:
        """Each dry run by itself: AWS refuses a whole call for one of its queries."""
        numbers = range(len(self._metrics))
        self._keep([number for number in numbers if not self._metrics[number].dry_run])
        for number in numbers:
            if self._metrics[number].dry_run:
                self._unread.pop(number, None)
                try:
                    self._keep([number])
                except AwsError as error:
                    self._unread[number] = str(error)
        times = [chain.from_iterable(of_metric(self._kept, number).values()) for number in numbers]
        self._since = max(self._begin, min(max(each, default=self._since) for each in times))

    def _keep(self, numbers: Sequence[int]) -> None:
        """Read these metrics, and keep what is new. A look that takes no time keeps nothing."""
        found = self._points(numbers, self._since, self._now)
        if self._seconds:
            self._add(found)
            for number in self._sought.intersection(numbers):
                self._look_further_back(self._metrics[number], number)
                self._sought.remove(number)

    def _add(self, found: Results) -> None:
        for key, points in found.items():
            self._kept.setdefault(key, {}).update(points)

    def _points(self, numbers: Sequence[int], since: datetime, until: datetime) -> dict[str, Points]:
        histogram = ranges(self._metrics, self._sides)
        queries = [query for query in self._queries if any(is_of(query["Id"], number) for number in numbers)]
        found = self._ask([query for query in queries if query["Id"] not in histogram], since, until)
        if not self._seconds:
            return found
        wanted = occupied(self._metrics, self._sides, found)
        return found | self._ask([query for query in queries if query["Id"] in wanted], since, until)

    def _look_further_back(self, metric: Metric, number: int) -> None:
        """If stable had no full traffic in what was read."""
        until, oldest = self._begin, self._now - self._kept_for
        times = self._full_traffic(metric, number, self._kept, self._start)
        while not times and until > oldest:
            found = self._points([number], until - DAY, until)
            times = self._full_traffic(metric, number, found, until)
            self._add(at(found, times))
            until -= DAY

    def _full_traffic(self, metric: Metric, number: int, results: Results, until: datetime) -> list[datetime]:
        return full_traffic(metric, number, self._candidate, self._stable, results, until) if self._stable else []

    def _ask(self, queries: Sequence[Mapping[str, Any]], since: datetime, until: datetime) -> dict[str, Points]:
        """What has closed periods. These have been over for ``metrics_lag``, so that they do not grow any more."""
        if not queries:
            return {}
        now = self._now
        begin = aligned(max(since, now - self._kept_for), [metric.period for metric in self._metrics])
        found = read(cloudwatch.get_metric_data(self._run.client("cloudwatch"), queries, begin, until + self._longest))
        parts = [
            closed(of_metric(found, number), metric.period, self._lag, now)
            for number, metric in enumerate(self._metrics)
        ]
        return {key: points for part in parts for key, points in part.items()}

    def _judge(self, level: float) -> list[Judgement]:
        return [self._judged(metric, number, level) for number, metric in enumerate(self._metrics)]

    def _judged(self, metric: Metric, number: int, level: float) -> Judgement:
        if number in self._unread:
            return Judgement(metric, INCONCLUSIVE, self._unread[number], level, breaches=0, comparison=None)
        own, now = of_metric(self._kept, number), self._now
        begin = period_of(own, self._start, metric.period)
        candidate = self._seen(metric, number, within(own, begin, now), within(own, self._start, now))
        compared = self._compared(metric, number, self._stable, begin) if self._stable else [None]
        return mildest(
            [judge_metric(metric, candidate, each, level, stable_down=self._stable_down) for each in compared]
        )

    def _compared(self, metric: Metric, number: int, side: Side, begin: datetime) -> list[Seen]:
        """What stable is compared with. Response times depend on the load, so they are also compared with its last
        minutes of full traffic, where there are some; ``name`` says so. These can be hours old, and what else has
        changed since then is no fault of the candidate, so its latest minutes count as well if it had requests."""
        own, now = of_metric(self._kept, number), self._now
        since, until = (self._start - self._seconds, begin) if self._baseline == BEFORE else (begin, now)
        latest = self._baseline_of(metric, number, side, within(own, since, until), within(own, self._earlier, now))
        if not wants_full_traffic(metric, self._baseline):
            return [latest]
        enough = self._baseline != BEFORE or latest.samples >= metric.minimum_samples
        times = self._full_traffic(metric, number, own, begin)
        if not times or (enough and metric.compare == RATE):
            return [latest]
        parts = [at(own, times[-self._periods(metric, time) :]) for time in (self._seconds, HISTORY)]
        full = replace(self._baseline_of(metric, number, side, *parts), name=f"{side.name} at full traffic")
        return [full, latest] if enough else [full]

    def _baseline_of(self, metric: Metric, number: int, side: Side, theirs: Results, history: Results) -> Seen:
        return replace(seen(metric, number, side, theirs), history=seen(metric, number, side, history).periods)

    def _periods(self, metric: Metric, time: timedelta) -> int:
        return max(1, math.ceil(time / timedelta(seconds=metric.period)))

    def _seen(self, metric: Metric, number: int, ours: Results, whole: Results) -> Seen:
        """What was seen of the candidate. In the period in which the bake began it has fewer requests, which weigh
        less in a comparison of requests; the value of such a part says nothing, so thresholds and points are of
        whole periods."""
        entire = seen(metric, number, self._candidate, whole)
        if metric.compare in (RATE, LATENCY):
            return replace(seen(metric, number, self._candidate, ours), values=entire.values)
        return entire


def _sides(run: Run, options: BakeOptions, metrics: Sequence[Metric]) -> tuple[Side, Side | None]:
    if not options.candidate:
        raise BluegreenError("Metrics are of a candidate; give its target group.")
    candidate = partial(_side, run, "c", options.candidate)
    if options.stable:
        ours, theirs = together(candidate, partial(_side, run, "s", options.stable))
        return ours, theirs
    if compared := [each.name for each in metrics if each.compare != NONE]:
        raise BluegreenError(f"{', '.join(compared)} is compared with stable; give its target group.")
    return candidate(), None


def _side(run: Run, key: str, given: ColorOptions) -> Side:
    """CloudWatch names a target group and its load balancer by the last part of their ARNs."""
    group = describe_target_group_if_any(run.client("elbv2"), given.target_group)
    if group is None:
        raise BluegreenError(f"There is no target group {given.target_group} in this account and region.")
    placeholders = {"target_group": arn_resource(group["TargetGroupArn"])}
    for balancer in group["LoadBalancerArns"]:  # at most one
        placeholders["load_balancer"] = arn_resource(balancer).removeprefix("loadbalancer/")
    own = {str(name): str(value) for name, value in given.placeholders.items()}
    return Side(key, group["TargetGroupName"], placeholders | own)
