# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's metric store: what was published, and statistics of it per period.

A metric is its namespace, its name and its *exact* set of dimensions: CloudWatch never sums up over dimensions, a query
for {LoadBalancer} does not see what was published for {LoadBalancer, TargetGroup}.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from operator import attrgetter

from .distribution import Distribution, Extended

# About five hours of one record per second; the oldest go first.
RECORDS_PER_METRIC = 20_000

PLAIN_STATISTICS = ("SampleCount", "Average", "Sum", "Minimum", "Maximum")

# One value per period, oldest first; None is a period without data.
Series = tuple[float | None, ...]


@dataclass(frozen=True)
class Statistics:
    """A statistic set, as PutMetricData's StatisticValues; `values` only where it is known how often each came."""

    count: float
    sum: float
    minimum: float
    maximum: float
    values: Distribution = ()

    @classmethod
    def of(cls, *values: float) -> Statistics:
        """The statistics of at least one single value."""
        return cls(len(values), sum(values), min(values), max(values), tuple((value, 1.0) for value in values))

    @classmethod
    def merged(cls, parts: Iterable[Statistics]) -> Statistics | None:
        """The statistics of all parts together, or None. A part without values takes away what is computed of them."""
        parts = tuple(parts)
        if not parts:
            return None
        return cls(
            count=sum(part.count for part in parts),
            sum=sum(part.sum for part in parts),
            minimum=min(part.minimum for part in parts),
            maximum=max(part.maximum for part in parts),
            values=tuple(v for part in parts for v in part.values) if all(part.values for part in parts) else (),
        )

    def value(self, statistic: str) -> float | None:
        """The value of a statistic by its CloudWatch name (Sum, …, p99, TC(:0.5)); None where it cannot be told."""
        match statistic:
            case "SampleCount":
                return self.count
            case "Sum":
                return self.sum
            case "Minimum":
                return self.minimum
            case "Maximum":
                return self.maximum
            case "Average":
                return self.sum / self.count if self.count else None
        return self._extended(Extended.read(statistic))

    def _extended(self, statistic: Extended) -> float | None:
        # Of a statistic set, CloudWatch can tell these only where all its values are the same.
        alike = self.minimum == self.maximum
        values = self._ordered or (((self.minimum, self.count),) if alike else ())
        # "These type of statistics are not available for metrics when any of the metric values are negative numbers."
        return statistic.of(values) if values and self.minimum >= 0 else None

    @cached_property
    def _ordered(self) -> Distribution:
        return tuple(sorted(self.values))


def check_statistic(statistic: str) -> None:
    """ValueError for a name that CloudWatch, or this lab, does not know."""
    if statistic not in PLAIN_STATISTICS:
        Extended.read(statistic)


@dataclass(frozen=True)
class Metric:
    """The identity of a metric."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def named(cls, namespace: str, name: str, dimensions: Iterable[Mapping[str, str]] = ()) -> Metric:
        """The metric with dimensions as the API writes them: [{"Name": …, "Value": …}]."""
        return cls(namespace, name, frozenset((d["Name"], d["Value"]) for d in dimensions))

    def api_dimensions(self) -> list[dict[str, str]]:
        return [{"Name": name, "Value": value} for name, value in sorted(self.dimensions)]


@dataclass(frozen=True)
class Periods:
    """`count` periods of `length` seconds of real time, the first beginning at `start`; each holds start ≤ t < end."""

    start: float
    length: float
    count: int

    @classmethod
    def before(cls, end: float, length: float, count: int) -> Periods:
        """The last `count` periods up to `end`."""
        return cls(end - count * length, length, count)

    @classmethod
    def covering(cls, start: float, end: float, length: float) -> Periods:
        """The periods, aligned to their length, that begin at or before `start` and before `end`."""
        first = math.floor(start / length)
        return cls(first * length, length, max(0, math.ceil(end / length) - first))

    @property
    def starts(self) -> tuple[float, ...]:
        return tuple(self.start + i * self.length for i in range(self.count))

    @property
    def end(self) -> float:
        return self.start + self.count * self.length


@dataclass(frozen=True)
class _Record:
    timestamp: float
    statistics: Statistics
    unit: str | None


_timestamp = attrgetter("timestamp")


class MetricStore:
    """Everything published in one account and region. ``lag``: the seconds until a period of a load balancer is
    complete here."""

    def __init__(self, lag: float = 0.0) -> None:
        self.lag = lag
        self._records: dict[Metric, list[_Record]] = {}
        # Judges of latency ask for dozens of statistics of one metric over the same periods.
        self.statistics = lru_cache(maxsize=1)(self._statistics)

    def record(self, metric: Metric, timestamp: float, statistics: Statistics, unit: str | None = None) -> None:
        records = self._records.setdefault(metric, [])
        insort_right(records, _Record(timestamp, statistics, unit), key=_timestamp)
        del records[:-RECORDS_PER_METRIC]
        self.statistics.cache_clear()

    @property
    def oldest(self) -> float:
        """When the first record was; infinity while there is none."""
        return min((records[0].timestamp for records in self._records.values()), default=math.inf)

    def unit(self, metric: Metric) -> str:
        """The unit of the last record."""
        records = self._records.get(metric)
        return (records[-1].unit if records else None) or "None"

    def metrics(self) -> tuple[Metric, ...]:
        return tuple(self._records)

    def _statistics(self, metric: Metric, periods: Periods, unit: str | None = None) -> tuple[Statistics | None, ...]:
        """The statistics of each period; None where nothing was published."""
        records = self._records.get(metric, [])
        bounds = [bisect_left(records, edge, key=_timestamp) for edge in (*periods.starts, periods.end)]
        return tuple(
            Statistics.merged(r.statistics for r in records[first:last] if unit in (None, r.unit))
            for first, last in pairwise(bounds)
        )

    def series(self, metric: Metric, statistic: str, periods: Periods, unit: str | None = None) -> Series:
        """One statistic of each period; None where nothing was published. ValueError for an unknown statistic."""
        check_statistic(statistic)
        return tuple(s.value(statistic) if s else None for s in self.statistics(metric, periods, unit))
