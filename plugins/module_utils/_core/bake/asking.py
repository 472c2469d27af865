# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which queries of metrics are worth asking: "$0.01 per 1,000 metrics requested using GetMetricData"
(https://aws.amazon.com/cloudwatch/pricing/)."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from ..base.timestamps import utc
from . import histogram
from .metric_data import LONGEST, PERCENTILES, SHORTEST, Results, Side, query_id
from .metrics import LATENCY, Metric


def pulse(metrics: Sequence[Metric], queries: Sequence[Mapping[str, Any]], candidate: Side) -> list[Mapping[str, Any]]:
    """The few of the ``queries`` that show whether there is something new to judge: one of each metric that decides,
    of an expression with what it refers to."""

    def shows(metric: Metric, number: int, key: str) -> bool:
        if any(query.expression for query in metric.queries):
            return key.startswith(query_id(candidate, number, ""))
        one = f"{metric.value}_{PERCENTILES[0]}" if metric.compare == LATENCY else metric.denominator or metric.value
        return key == query_id(candidate, number, one)

    deciding = [(metric, number) for number, metric in enumerate(metrics) if not metric.dry_run]
    return [query for query in queries if any(shows(*each, query["Id"]) for each in deciding)]


def ranges(metrics: Sequence[Metric], sides: Sequence[Side]) -> list[str]:
    """The ids of the queries that count the requests of one range of response times."""
    return [key for key, _below, _bound, _prefix in _ranges(metrics, sides)]


def occupied(metrics: Sequence[Metric], sides: Sequence[Side], results: Results) -> set[str]:
    """Those in whose range there are requests, by the shortest and the longest response time among the results."""

    def holds(prefix: str, below: float, bound: float) -> bool:
        shortest, longest = (results.get(f"{prefix}_{each}", {}).values() for each in (SHORTEST, LONGEST))
        return bool(shortest and longest) and min(shortest) <= bound and below <= max(longest)

    return {key for key, below, bound, prefix in _ranges(metrics, sides) if holds(prefix, below, bound)}


def aligned(time: datetime, periods: Sequence[int]) -> datetime:
    """The last moment until ``time`` at which a period of each length begins: CloudWatch counts them from StartTime
    (GetMetricData in its API reference), and a point is found again by when it begins."""
    step = math.lcm(*periods)
    return utc(time.timestamp() // step * step)


def _ranges(metrics: Sequence[Metric], sides: Sequence[Side]) -> Iterator[tuple[str, float, float, str]]:
    for number, metric in enumerate(metrics):
        if metric.compare == LATENCY:
            bounds = [0.0, *list(histogram.statistics(metric.unit).values())[:-1], math.inf]
            for side in sides:
                prefix = query_id(side, number, metric.value)
                for rung, (below, bound) in enumerate(pairwise(bounds)):
                    yield f"{prefix}_{rung}", below, bound, prefix
