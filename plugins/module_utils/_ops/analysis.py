# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads the metrics of both colors, all with one call, and judges them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from .._aws import cloudwatch
from .._aws.target_groups import find_target_group
from .._core.analysis import Judgement, judge_metric
from .._core.arns import arn_resource
from .._core.bake import Observation
from .._core.errors import BluegreenError
from .._core.looks import Levels
from .._core.metric_data import Side, all_queries, read, seen, within
from .._core.metrics import NONE, Metric, parse_metrics
from .run import Run, together


class Analysis:
    """The metrics of one bake, which begins when this is made."""

    def __init__(self, run: Run, options: Mapping[str, Any], seconds: float) -> None:
        self._run = run
        self._metrics = parse_metrics(options["metrics"])
        self._sides = _sides(run, options, self._metrics)
        self._queries = all_queries(self._metrics, self._sides)
        self._interval = options["metrics_interval"]
        looks = int(seconds / self._interval)
        self._levels = Levels.of(options["significance"], sum(metric.decides for metric in self._metrics), looks)
        self._window = Window(run.clock.now(), options["baseline"] == "before", seconds)
        self._due = run.clock.monotonic() + self._interval
        self._latest: list[Judgement] = []

    def look(self) -> Observation:
        """On the way: as it was at the last look, until there can be something new."""
        now = self._run.clock.monotonic()
        if self._metrics and now >= self._due:
            self._due = now + self._interval
            self._latest = self._judge(self._levels.early)
        return Observation(judgements=self._latest)

    def conclude(self) -> Observation:
        """With everything that can be read at the end."""
        return Observation(judgements=self._judge(self._levels.final) if self._metrics else [])

    def _judge(self, level: float) -> list[Judgement]:
        latest = max(metric.period for metric in self._metrics)
        since, until = self._window.since, self._run.clock.now() + latest
        client = self._run.client("cloudwatch")
        results = read(cloudwatch.get_metric_data(client, self._queries, _time(since), _time(until)))
        ours, theirs = results, results
        if self._window.before:
            start = _time(self._window.start)
            ours, theirs = within(results, start, None), within(results, None, start)
        found = []
        for number, metric in enumerate(self._metrics):
            candidate, *stable = self._sides
            other = seen(metric, number, stable[0], theirs) if stable else None
            found.append(judge_metric(metric, seen(metric, number, candidate, ours), other, level))
        return found


@dataclass(frozen=True)
class Window:
    """From when on data is read. ``before`` compares with stable in a time as long, before this bake."""

    start: float
    before: bool
    seconds: float

    @property
    def since(self) -> float:
        return self.start - self.seconds if self.before else self.start


def _sides(run: Run, options: Mapping[str, Any], metrics: list[Metric]) -> list[Side]:
    if not metrics:
        return []
    if not options["candidate"]:
        raise BluegreenError("Metrics are of a candidate; give its target group.")
    if not options["stable"] and (compared := [each.name for each in metrics if each.compare != NONE]):
        raise BluegreenError(f"{', '.join(compared)} is compared with stable; give its target group.")
    given = [(key, options[color]) for key, color in (("c", "candidate"), ("s", "stable")) if options[color]]
    return together(*[partial(_side, run, key, color) for key, color in given])


def _side(run: Run, key: str, given: Mapping[str, Any]) -> Side:
    """CloudWatch names a target group and its load balancer by the last part of their ARNs."""
    group = find_target_group(run.client("elbv2"), given["target_group"])
    if group is None:
        raise BluegreenError(f"There is no target group {given['target_group']} in this account and region.")
    placeholders = {"target_group": arn_resource(group["TargetGroupArn"])}
    for balancer in group["LoadBalancerArns"]:  # at most one
        placeholders["load_balancer"] = arn_resource(balancer).removeprefix("loadbalancer/")
    own = {str(name): str(value) for name, value in given["placeholders"].items()}
    return Side(key, group["TargetGroupName"], placeholders | own)


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
