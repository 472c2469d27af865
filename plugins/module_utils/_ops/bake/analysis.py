# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the metrics of both colors, all with one call, and judges them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from functools import partial

from ..._args.bake.watch import BakeOptions, ColorOptions
from ..._aws.bake import cloudwatch
from ..._aws.traffic.target_groups import find_target_group
from ..._core.bake.analysis import Judgement, judge_metric
from ..._core.bake.metric_data import Side, all_queries, of_metric, period_of, read, seen, within
from ..._core.bake.metrics import NONE, Metric, parse_metrics
from ..._core.bake.observation import Observation
from ..._core.bake.significance_budget import Levels
from ..._core.base.arns import arn_resource
from ..._core.base.errors import BluegreenError
from ..base.run import Run, together

HISTORY = timedelta(minutes=15)  # before the bake; shows how much stable varies


class Analysis:
    """The metrics of one bake, which begins when this is made."""

    def __init__(self, run: Run, options: BakeOptions, seconds: float) -> None:
        self._run = run
        self._metrics = parse_metrics([asdict(each) for each in options.metrics])
        self._candidate, self._stable = _sides(run, options, self._metrics)
        self._queries = all_queries(self._metrics, [side for side in (self._candidate, self._stable) if side])
        self._interval = options.metrics_interval
        deciding, looks = sum(metric.decides for metric in self._metrics), int(seconds / self._interval)
        self._levels = Levels.of(options.significance, deciding, looks)
        self._start, self._seconds = _time(run.clock.now()), timedelta(seconds=seconds)
        self._before, self._stable_down = options.baseline == "before", options.judge_stable == "once_up"
        self._due, self._end = run.clock.monotonic() + self._interval, run.clock.monotonic() + seconds
        self._latest: list[Judgement] = []

    def look(self) -> Observation:
        """On the way: as it was at the last look, until there can be something new. The levels are for this time."""
        now = self._run.clock.monotonic()
        if self._due <= now <= self._end:
            self._latest = self._judge(self._levels.early)  # when that fails, the next look tries again
            self._due = now + self._interval
        return Observation(judgements=self._latest)

    def conclude(self) -> Observation:
        """With everything that can be read at the end."""
        return Observation(judgements=self._judge(self._levels.final))

    def _judge(self, level: float) -> list[Judgement]:
        since = self._start - max(HISTORY, self._seconds)
        end = _time(self._run.clock.now()) + timedelta(seconds=max(metric.period for metric in self._metrics))
        results = read(cloudwatch.get_metric_data(self._run.client("cloudwatch"), self._queries, since, end))
        found = []
        for number, metric in enumerate(self._metrics):
            own = of_metric(results, number)
            begin = period_of(own, self._start, metric.period)
            ours = theirs = within(own, begin, end)
            if self._before:
                theirs = within(own, self._start - self._seconds, begin)
            stable = None
            if self._stable:
                history = seen(metric, number, self._stable, own).periods
                stable = replace(seen(metric, number, self._stable, theirs), history=history)
            candidate = seen(metric, number, self._candidate, ours)
            found.append(judge_metric(metric, candidate, stable, level, stable_down=self._stable_down))
        return found


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
    group = find_target_group(run.client("elbv2"), given.target_group)
    if group is None:
        raise BluegreenError(f"There is no target group {given.target_group} in this account and region.")
    placeholders = {"target_group": arn_resource(group["TargetGroupArn"])}
    for balancer in group["LoadBalancerArns"]:  # at most one
        placeholders["load_balancer"] = arn_resource(balancer).removeprefix("loadbalancer/")
    own = {str(name): str(value) for name, value in given.placeholders.items()}
    return Side(key, group["TargetGroupName"], placeholders | own)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
