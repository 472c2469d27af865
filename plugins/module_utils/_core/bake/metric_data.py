# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""GetMetricData's queries for metrics of both colors, and what its results say."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from ..base.errors import BluegreenError
from . import histogram
from .metrics import LATENCY, NONE, RATE, Metric, Query
from .statistics import Counts

PERCENTILES = ("p50", "p90")  # of which the one that has grown more is the effect on latency
SHORTEST, LONGEST = "Minimum", "Maximum"  # between which there are requests
MOST_QUERIES = 500  # of one GetMetricData call (API reference)
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")  # CloudWatch's own braces, in SEARCH, hold a namespace and dimensions
STRING_OR_ID = re.compile(r"'[^']*'|\"[^\"]*\"|\b[a-z]\w*")

Points = Mapping[datetime, float]
Results = Mapping[str, Points]  # by query id


@dataclass(frozen=True)
class Side:
    """One color. ``key`` begins the ids of its queries, ``placeholders`` are the values of ``{…}`` in them."""

    key: str
    name: str
    placeholders: Mapping[str, str]


@dataclass(frozen=True)
class Seen:
    """What a metric shows of one color, a period at a time.

    ``periods`` count the requests by what they came to: of a rate, 1 for those in the numerator and 0 for the others;
    of latency, the upper bound of their range. Of another metric a period has one point. ``values`` are for thresholds.
    ``percentiles`` are of latency; ranges are too coarse to show how much it has grown. ``history`` are periods of a
    longer time, which show how much the color varies.
    """

    name: str
    periods: Sequence[Counts]
    values: Sequence[float]
    percentiles: Mapping[str, float] = field(default_factory=dict)
    history: Sequence[Counts] = ()

    @property
    def samples(self) -> float:
        return sum(sum(counts.values()) for counts in self.periods)


def all_queries(metrics: Sequence[Metric], sides: Sequence[Side]) -> list[dict[str, Any]]:
    """Everything that one look asks for; of a metric that is not compared, of the candidate alone."""
    queries = [
        query
        for number, metric in enumerate(metrics)
        for side in (sides[:1] if metric.compare == NONE else sides)
        for query in _queries(metric, number, side)
    ]
    if len(queries) > MOST_QUERIES:
        raise BluegreenError(
            f"These metrics make {len(queries)} queries; GetMetricData takes {MOST_QUERIES}. "
            f"Latency alone takes {len(histogram.BOUNDS) + len(PERCENTILES) + 2} for each color."
        )
    return queries


def read(results: Sequence[Mapping[str, Any]]) -> Results:
    """A result whose points span pages comes in several parts."""
    found: dict[str, dict[datetime, float]] = {}
    for each in results:
        found.setdefault(each["Id"], {}).update(zip(each["Timestamps"], each["Values"], strict=True))
    return found


def seen(metric: Metric, number: int, side: Side, results: Results) -> Seen:
    """A period counts where there are requests: 5XX counts are not reported at zero, and nothing without traffic."""
    if metric.compare == RATE:
        shares = list(_shares(metric, number, side, results))
        counts = [{1.0: bad, 0.0: total - bad} for bad, total in shares]
        return Seen(side.name, counts, [bad / total for bad, total in shares])
    if metric.compare == LATENCY:
        periods = _histograms(metric, number, side, results)
        return Seen(side.name, list(periods.values()), [], _percentiles(metric, number, side, results, periods))
    points = results.get(query_id(side, number, metric.value), {})
    values = [value for _time, value in sorted(points.items())]
    return Seen(side.name, [{value: 1.0} for value in values], values)


def requests(metric: Metric, number: int, side: Side, results: Results) -> Points:
    """How many there were in each period that has some; none for points."""
    if metric.compare == LATENCY:
        return {time: sum(counts.values()) for time, counts in _histograms(metric, number, side, results).items()}
    totals = results.get(query_id(side, number, metric.denominator), {}) if metric.compare == RATE else {}
    return {time: total for time, total in totals.items() if total > 0}


def closed(results: Results, period: int, lag: float, now: datetime) -> Results:
    """The points that no longer grow: their periods ended at least ``lag`` seconds ago. A period ends when the next one
    begins that has data, or at the latest after ``period`` seconds."""
    begun = sorted({time for points in results.values() for time in points})
    length = timedelta(seconds=period)
    ends = {begin: min(begin + length, after) for begin, after in zip_longest(begun, begun[1:], fillvalue=now + length)}
    arrived = now - timedelta(seconds=lag)
    return {
        key: {time: value for time, value in points.items() if ends[time] <= arrived} for key, points in results.items()
    }


def of_metric(results: Results, number: int) -> Results:
    """The results of one metric, of both colors."""
    return {key: points for key, points in results.items() if is_of(key, number)}


def is_of(key: str, number: int) -> bool:
    return key[1:].startswith(f"{number}_")


def period_of(results: Results, time: datetime, period: int) -> datetime:
    """When the period began in which ``time`` lies; CloudWatch puts the beginning on each point."""
    earliest = time - timedelta(seconds=period)
    begun = (start for points in results.values() for start in points if earliest < start <= time)
    return max(begun, default=time)


def within(results: Results, since: datetime, until: datetime) -> Results:
    """The points of periods that began then."""
    return {
        key: {time: value for time, value in points.items() if since <= time < until} for key, points in results.items()
    }


def at(results: Results, times: Collection[datetime]) -> Results:
    """The points of periods that began at these times."""
    return {key: {time: value for time, value in points.items() if time in times} for key, points in results.items()}


def _shares(metric: Metric, number: int, side: Side, results: Results) -> Iterator[tuple[float, float]]:
    def count(names: Iterable[str], time: datetime) -> float:
        return sum(results.get(query_id(side, number, name), {}).get(time, 0.0) for name in names)

    totals = sorted(results.get(query_id(side, number, metric.denominator), {}).items())
    periods = [(time, total) for time, total in totals if total > 0]
    lacking = [total - count(metric.answered, time) if metric.answered else 0.0 for time, total in periods]
    answers = [name for name in metric.numerator if name in metric.answered]
    others = [name for name in metric.numerator if name not in metric.answered]
    for (time, total), missing in zip(periods, _lasting(lacking), strict=True):
        bad = count(answers, time) + max(count(others, time), missing)
        # A request is counted when it comes and its answer when it goes: at the edge there can be more of these.
        yield min(total, bad), total


def _lasting(missing: Sequence[float]) -> list[float]:
    """The answers that each period lacks for good: those that did not come later, as far as a period next to it lacks
    them too.

    Requests on their way at the end of a period are answered in the next, which then has more answers than requests.
    When traffic begins or grows, one period lacks some that never show: mostly the first, whose lack proves nothing for
    its neighbor. The newest can have its requests before its answers.
    """
    lacks: list[float] = []
    for lack in missing:
        for earlier in reversed(range(len(lacks))):
            late = min(lacks[earlier], max(0.0, -lack))
            lacks[earlier] -= late
            lack += late
        lacks.append(max(0.0, lack))
    beside = [0.0, 0.0, *lacks[1:], 0.0]
    return [min(own, max(beside[place], beside[place + 2])) for place, own in enumerate(lacks)]


def _histograms(metric: Metric, number: int, side: Side, results: Results) -> dict[datetime, Counts]:
    periods: dict[datetime, dict[float, float]] = {}
    for rung, bound in enumerate(histogram.statistics(metric.unit).values()):
        for time, count in results.get(query_id(side, number, f"{metric.value}_{rung}"), {}).items():
            if count > 0:
                periods.setdefault(time, {})[bound] = count
    return dict(sorted(periods.items()))


def _percentiles(
    metric: Metric, number: int, side: Side, results: Results, periods: Mapping[datetime, Counts]
) -> dict[str, float]:
    """Each the mean of the periods, by their requests."""
    found = {}
    for statistic in PERCENTILES:
        values = results.get(query_id(side, number, f"{metric.value}_{statistic}"), {})
        weights = {time: sum(counts.values()) for time, counts in periods.items() if time in values}
        if weights:
            found[statistic] = sum(values[time] * weight for time, weight in weights.items()) / sum(weights.values())
    return found


def _queries(metric: Metric, number: int, side: Side) -> Iterator[dict[str, Any]]:
    own = {query.id: query_id(side, number, query.id) for query in metric.queries}
    for query in metric.queries:
        if query.expression:
            text = STRING_OR_ID.sub(lambda found: own.get(found[0], found[0]), _filled(query.expression, metric, side))
            asked: dict[str, Any] = {"Expression": text, "Period": metric.period}
            yield {"Id": own[query.id], **asked, "ReturnData": query.id in metric.used}
        elif metric.compare == LATENCY and query.id == metric.value:
            ranges = {str(rung): statistic for rung, statistic in enumerate(histogram.statistics(metric.unit))}
            others = {statistic: statistic for statistic in (*PERCENTILES, SHORTEST, LONGEST)}
            for key, statistic in (ranges | others).items():
                yield {"Id": f"{own[query.id]}_{key}", "MetricStat": _metric_stat(query, metric, side, statistic)}
        else:
            stat = _metric_stat(query, metric, side, query.statistic)
            yield {"Id": own[query.id], "MetricStat": stat, "ReturnData": query.id in metric.used}


def _metric_stat(query: Query, metric: Metric, side: Side, statistic: str) -> dict[str, Any]:
    return {
        "Metric": {
            "Namespace": query.namespace,
            "MetricName": query.metric_name,
            "Dimensions": [
                {"Name": name, "Value": _filled(str(value), metric, side)} for name, value in query.dimensions.items()
            ],
        },
        "Period": metric.period,
        "Stat": statistic,
    }


def query_id(side: Side, number: int, query_id: str) -> str:
    """Unique in the call; an id begins with a lower-case letter."""
    return f"{side.key}{number}_{query_id}"


def _filled(text: str, metric: Metric, side: Side) -> str:
    def value(found: re.Match[str]) -> str:
        if found[1] not in side.placeholders:
            known = ", ".join(f"{{{name}}}" for name in side.placeholders)
            raise BluegreenError(f"Metric {metric.name}: nothing is known for {found[0]} of {side.name}, only {known}.")
        return side.placeholders[found[1]]

    return PLACEHOLDER.sub(value, text)
