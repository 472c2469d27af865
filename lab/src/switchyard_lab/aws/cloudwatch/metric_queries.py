# SPDX-License-Identifier: GPL-3.0-or-later
"""MetricDataQueries, as GetMetricData and metric alarms have them: metrics, and expressions over them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from . import metric_math
from .metric_math import ExpressionError
from .metrics import Metric, MetricStore, Periods, Series

# A MetricDataQuery in the API's words: {"Id", "MetricStat" or "Expression", "ReturnData", …}.
Query = Mapping[str, Any]

MOST_QUERIES = 500
ID = re.compile("[a-z][a-zA-Z0-9_]*")


class QuerySet:
    """The queries of one request or of one alarm."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self._queries = {query["Id"]: query for query in queries}
        if len(self._queries) < len(queries):
            raise ExpressionError("The ids of MetricDataQueries must be unique.")
        if len(queries) > MOST_QUERIES:
            raise ExpressionError(f"There are {len(queries)} MetricDataQueries; a call takes {MOST_QUERIES}.")
        for wrong in (key for key in self._queries if not ID.fullmatch(key)):
            raise ExpressionError(
                f"The id {wrong} must begin with a lower-case letter, and have letters, digits and _."
            )

    @property
    def returned(self) -> tuple[Query, ...]:
        """The queries whose data is asked for."""
        return tuple(query for query in self._queries.values() if query.get("ReturnData", True))

    def period(self, wanted: str) -> int:
        """The period of a query in lab seconds. AWS lets an expression mix periods; the lab does not."""
        if "MetricStat" in self._queries[wanted]:
            return int(self._queries[wanted]["MetricStat"]["Period"])
        periods = {query["MetricStat"]["Period"] for query in self._queries.values() if "MetricStat" in query}
        periods |= {self._queries[wanted].get("Period", period) for period in periods}
        if len(periods) != 1:
            raise ExpressionError("The lab computes an expression only over metrics of one and the same period.")
        return int(periods.pop())

    def series(self, wanted: str, store: MetricStore, periods: Periods) -> Series:
        """The data of a query, computed with everything that it refers to."""
        return _Computed(self._queries, store, periods)[wanted]


class _Computed(dict[str, Series]):
    """The series of queries by id, each computed when it is first asked for."""

    def __init__(self, queries: Mapping[str, Query], store: MetricStore, periods: Periods) -> None:
        super().__init__()
        self._queries, self._store, self._periods = queries, store, periods
        self._begun: set[str] = set()

    def __missing__(self, wanted: str) -> Series:
        query = self._queries[wanted]
        if wanted in self._begun:
            raise ExpressionError(f"The expression {wanted} refers to itself.")
        self._begun.add(wanted)
        if "Expression" in query:
            # METRICS() stands for the metrics of the request: "math expressions aren't included".
            metrics = tuple(key for key, each in self._queries.items() if "MetricStat" in each)
            self[wanted] = metric_math.evaluate(query["Expression"], self, metrics)
        else:
            self[wanted] = self._measured(query["MetricStat"])
        return self[wanted]

    def _measured(self, wanted: Mapping[str, Any]) -> Series:
        named = wanted["Metric"]
        metric = Metric.named(named["Namespace"], named["MetricName"], named.get("Dimensions", ()))
        return self._store.series(metric, wanted["Stat"], self._periods, wanted.get("Unit"))
