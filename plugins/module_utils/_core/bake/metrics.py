# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics that a release is judged by: what is compared, where its numbers are, and what difference matters."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from .histogram import UNITS

RATE, LATENCY, POINTS, NONE = "rate", "latency", "points", "none"
APPLICATION_ELB = "AWS/ApplicationELB"

# At least this many requests, or points in time, of each color; Kayenta too has 50 samples as its least.
MINIMUM_SAMPLES = {RATE: 50, LATENCY: 50, POINTS: 5, NONE: 1}
LEAST_RATIO = {RATE: 1.5, LATENCY: 1.2, POINTS: 1.2, NONE: 1.0}
LEAST_LATENCY = 0.005  # seconds: what takes a millisecond takes a half longer as soon as it gets more of the traffic
# What each comparison takes its numbers from.
TAKES = {RATE: ("numerator", "denominator"), LATENCY: ("value",), POINTS: ("value",), NONE: ("value",)}

# What GetMetricData takes; it refuses the whole call for one query that has something else.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricStat.html
STATISTIC = re.compile(
    r"SampleCount|Sum|Average|Minimum|Maximum|(?i:IQM|(?:p|tm|wm|tc|ts)\d+(?:\.\d+)?|(?:tm|wm|tc|ts|pr)\([^()]*:[^()]*\))"
)
ID = re.compile(r"[A-Za-z0-9_]+")
MINUTE, FINE_PERIODS = 60, (1, 5, 10, 20, 30)


@dataclass(frozen=True)
class Query:
    """A metric with a statistic, or an expression over other queries of the same metric. ``{…}`` are placeholders."""

    id: str
    expression: str | None
    namespace: str | None
    metric_name: str | None
    statistic: str
    dimensions: Mapping[str, str]


@dataclass(frozen=True)
class Threshold:
    """``allowed`` is the failure budget: this many periods may be beyond."""

    above: float | None
    below: float | None
    allowed: int

    def breached(self, value: float) -> bool:
        return (self.above is not None and value > self.above) or (self.below is not None and value < self.below)

    def __str__(self) -> str:
        return " or ".join(
            f"{word} {bound:g}" for word, bound in (("above", self.above), ("below", self.below)) if bound is not None
        )


@dataclass(frozen=True)
class Effect:
    """The least difference that matters, as a ratio and in the metric's unit; both must be reached."""

    ratio: float
    difference: float

    def reached(self, ratio: float, difference: float) -> bool:
        return ratio >= self.ratio and difference >= self.difference

    def __str__(self) -> str:
        return f"{self.ratio:g} times" + (f", and {self.difference:g} more" if self.difference else "")


@dataclass(frozen=True)
class Metric:
    """``numerator`` and the others are ids of queries; several of a list are summed up."""

    name: str
    compare: str
    queries: Sequence[Query]
    numerator: Sequence[str]
    denominator: str
    answered: Sequence[str]
    value: str
    period: int
    unit: str
    threshold: Threshold | None
    effect: Effect
    minimum_samples: int
    worse: str
    dry_run: bool

    @property
    def decides(self) -> bool:
        """Whether its comparison can fail a bake."""
        return self.compare != NONE and not self.dry_run

    @property
    def of_application_balancer(self) -> bool:
        """Whether an Application Load Balancer counts it for each target group, which a Network Load Balancer does not
        (its metrics have TargetGroup for healthy and unhealthy hosts only)."""
        return any(
            query.namespace == APPLICATION_ELB and "{target_group}" in query.dimensions.values()
            for query in self.queries
        )

    @property
    def shortest_bake(self) -> int:
        """Seconds in which a period is over that it can be judged by. Requests are compared from the period on in which
        the bake begins; points and thresholds are of whole periods."""
        return self.period if self.compare in (RATE, LATENCY) and not self.threshold else 2 * self.period

    @property
    def used(self) -> list[str]:
        """The ids of the queries whose data is read."""
        return [each for each in dict.fromkeys((*self.numerator, *self.answered, self.denominator, self.value)) if each]


def _balancer(key: str, name: str) -> dict[str, Any]:
    dimensions = {"TargetGroup": "{target_group}", "LoadBalancer": "{load_balancer}"}
    return {"id": key, "namespace": APPLICATION_ELB, "metric_name": name, "dimensions": dimensions}


# What an Application Load Balancer counts for every target group, as a user would write it. RequestCount counts
# requests "where the load balancer node was able to choose a target", HTTPCode_Target_* the "response codes generated
# by the targets". What a target leaves unanswered or cuts off is in HTTPCode_ELB_504_Count or HTTPCode_ELB_502_Count,
# which have no dimension TargetGroup.
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
READY: dict[str, dict[str, Any]] = {
    "errors": {
        "compare": RATE,
        "queries": [
            _balancer("failed", "HTTPCode_Target_5XX_Count"),
            *[_balancer(f"answered_{first}xx", f"HTTPCode_Target_{first}XX_Count") for first in (2, 3, 4)],
            _balancer("unreached", "TargetConnectionErrorCount"),
            _balancer("requests", "RequestCount"),
        ],
        "numerator": ["failed", "unreached"],
        "denominator": "requests",
        "answered": ["answered_2xx", "answered_3xx", "answered_4xx", "failed"],
    },
    "latency": {"compare": LATENCY, "queries": [_balancer("times", "TargetResponseTime")], "value": "times"},
}


def parse_metrics(given: Sequence[Mapping[str, Any]]) -> list[Metric]:
    """From the module's option, or an error that lists everything that is wrong."""
    whole = [_completed(each) for each in given]
    names = [each["name"] for each in whole]
    problems = [f"Metric {name} is listed twice." for name in dict.fromkeys(names) if names.count(name) > 1]
    problems += [f"Metric {each['name']}: {problem}" for each in whole for problem in _problems(each)]
    if problems:
        raise BluegreenError(" ".join(problems))
    return [_metric(each) for each in whole]


def _completed(given: Mapping[str, Any]) -> dict[str, Any]:
    said = {key: value for key, value in given.items() if value is not None}
    return said if "queries" in said else READY.get(said["name"], {}) | said


def _problems(given: Mapping[str, Any]) -> list[str]:
    compare = given.get("compare")
    if compare is None or "queries" not in given:
        return [f"it needs compare and queries; only {' and '.join(READY)} are known without."]
    problems = [f"compare {compare} needs {key}." for key in TAKES[compare] if not given.get(key)]
    known = {query["id"] for query in given["queries"]}
    if len(known) < len(given["queries"]):
        problems.append("the ids of its queries must differ.")
    problems += [
        f"query {query['id']} needs either a metric_name or an expression."
        for query in given["queries"]
        if bool(query.get("metric_name")) == bool(query.get("expression"))
    ]
    problems += _refused_by_aws(given)
    used = [*given.get("numerator", []), *given.get("answered", []), given.get("denominator"), given.get("value")]
    problems += [f"there is no query {each}." for each in used if each and each not in known]
    threshold = given.get("threshold")
    if compare == NONE and not threshold:
        problems.append("with nothing to compare it needs a threshold.")
    if threshold and compare == LATENCY:
        problems.append(
            "latency is compared only. Hold a percentile against a threshold as a metric of its own, with compare none."
        )
    if compare == LATENCY and any(query.get("expression") for query in given["queries"]):
        problems.append("latency is compared by the requests of a metric, which an expression has not.")
    if "METRICS(" in " ".join(query.get("expression") or "" for query in given["queries"]):
        problems.append("METRICS() would stand for the metrics of the whole bake; name the ids.")
    return problems


def _refused_by_aws(given: Mapping[str, Any]) -> list[str]:
    queries, period = given["queries"], given.get("period", MINUTE)
    statistics = {query["id"]: query.get("statistic") or "Sum" for query in queries if not query.get("expression")}
    problems = [
        f"query {name} has the statistic {statistic}, which CloudWatch does not know. Use one such as Sum, Average, "
        "SampleCount or p90; capital letters count."
        for name, statistic in statistics.items()
        if not STATISTIC.fullmatch(statistic)
    ]
    problems += [
        f"the id of query {query['id']} must consist of letters, digits and underscores."
        for query in queries
        if not ID.fullmatch(query["id"])
    ]
    if period not in FINE_PERIODS and (period < MINUTE or period % MINUTE):
        known = ", ".join(map(str, FINE_PERIODS))
        problems.append(f"its period must be {known} s or a multiple of {MINUTE} s; given: {period}.")
    return problems


def _metric(given: Mapping[str, Any]) -> Metric:
    compare, threshold, effect = given["compare"], given.get("threshold"), given.get("effect") or {}
    ratio, difference, unit = effect.get("ratio"), effect.get("difference"), given.get("unit", "seconds")
    least = LEAST_LATENCY * UNITS[unit] if compare == LATENCY else 0.0
    return Metric(
        name=given["name"],
        compare=compare,
        queries=[_query(query) for query in given["queries"]],
        numerator=given.get("numerator", []) if compare == RATE else [],
        denominator=given["denominator"] if compare == RATE else "",
        answered=given.get("answered", []) if compare == RATE else [],
        value="" if compare == RATE else given["value"],
        period=given.get("period", MINUTE),
        unit=unit,
        threshold=Threshold(threshold.get("above"), threshold.get("below"), threshold.get("allowed", 0))
        if threshold
        else None,
        effect=Effect(LEAST_RATIO[compare] if ratio is None else ratio, least if difference is None else difference),
        minimum_samples=given.get("minimum_samples", MINIMUM_SAMPLES[compare]),
        worse=given.get("worse", "higher"),
        dry_run=given.get("dry_run", False),
    )


def _query(given: Mapping[str, Any]) -> Query:
    return Query(
        id=given["id"],
        expression=given.get("expression"),
        namespace=given.get("namespace"),
        metric_name=given.get("metric_name"),
        statistic=given.get("statistic") or "Sum",
        dimensions=given.get("dimensions") or {},
    )
