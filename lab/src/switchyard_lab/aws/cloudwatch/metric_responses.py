# SPDX-License-Identifier: GPL-3.0-or-later
"""The operations on metrics, over the lab's own store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from moto.cloudwatch.exceptions import InvalidParameterCombination, InvalidParameterValue, ValidationError
from moto.core.responses import ActionResult, EmptyResult

from .alarms import utc
from .metric_queries import Query, QuerySet
from .metrics import Metric, Periods, Statistics, check_statistic
from .request import LabRequest, refusal, seconds

METRICS_PER_PAGE = 500


class MetricOperations(LabRequest):
    def put_metric_data(self) -> ActionResult:
        namespace = self.params["Namespace"]
        if namespace.startswith("AWS/"):
            raise InvalidParameterValue(f"The value {namespace} for parameter Namespace is invalid.")
        data = self.params.get("MetricData", [])
        for number, datum in enumerate(data, start=1):
            self.lab._validate_parameters_put_metric_data(datum, number)
        now = self.lab.clock.now()
        for datum in data:
            metric = Metric.named(namespace, datum["MetricName"], datum.get("Dimensions", ()))
            at = seconds(datum["Timestamp"]) if "Timestamp" in datum else now
            self.lab.store.record(metric, at, _statistics(datum), datum.get("Unit"))
        return EmptyResult()

    def get_metric_data(self) -> ActionResult:
        """Everything comes at once, so there is no NextToken."""
        descending = self.params.get("ScanBy") != "TimestampAscending"
        with refusal():
            queries = QuerySet(self.params["MetricDataQueries"])
            results = [self._result(queries, query, descending) for query in queries.returned]
        return ActionResult({"MetricDataResults": results, "Messages": []})

    def _result(self, queries: QuerySet, query: Query, descending: bool) -> dict[str, Any]:
        periods = self._periods(queries.period(query["Id"]))
        values = queries.series(query["Id"], self.lab.store, periods)
        data = [(utc(start), value) for start, value in zip(periods.starts, values, strict=True) if value is not None]
        if descending:
            data.reverse()
        name = query["MetricStat"]["Metric"]["MetricName"] if "MetricStat" in query else query["Id"]
        return {
            "Id": query["Id"],
            "Label": query.get("Label", name),
            "Timestamps": [start for start, _value in data],
            "Values": [value for _start, value in data],
            "StatusCode": "Complete",
        }

    def get_metric_statistics(self) -> ActionResult:
        parameters = self.params
        plain, extended = parameters.get("Statistics", []), parameters.get("ExtendedStatistics", [])
        if not plain and not extended:
            raise InvalidParameterCombination("Must specify either Statistics or ExtendedStatistics")
        with refusal():
            for statistic in (*plain, *extended):
                check_statistic(statistic)
        metric = Metric.named(parameters["Namespace"], parameters["MetricName"], parameters.get("Dimensions", ()))
        periods = self._periods(parameters["Period"])
        unit = parameters.get("Unit")
        datapoints = [
            {"Timestamp": utc(start), "Unit": unit or self.lab.store.unit(metric)}
            | {name: statistics.value(name) for name in plain}
            | {"ExtendedStatistics": {name: statistics.value(name) for name in extended}}
            for start, statistics in zip(periods.starts, self.lab.store.statistics(metric, periods, unit), strict=True)
            if statistics
        ]
        return ActionResult({"Label": metric.name, "Datapoints": datapoints})

    def list_metrics(self) -> ActionResult:
        page, token = self.page(
            [metric for metric in self.lab.store.metrics() if self._listed(metric)], METRICS_PER_PAGE
        )
        metrics = [
            {"Namespace": metric.namespace, "MetricName": metric.name, "Dimensions": metric.api_dimensions()}
            for metric in page
        ]
        return ActionResult({"Metrics": metrics, "NextToken": token})

    def _listed(self, metric: Metric) -> bool:
        """A filter asks for some of a metric's dimensions, or for their names only."""
        dimensions = dict(metric.dimensions)
        return (
            metric.namespace == self.params.get("Namespace", metric.namespace)
            and metric.name == self.params.get("MetricName", metric.name)
            and all(
                wanted["Name"] in dimensions
                and dimensions[wanted["Name"]] == wanted.get("Value", dimensions[wanted["Name"]])
                for wanted in self.params.get("Dimensions", ())
            )
        )

    def _periods(self, period: int) -> Periods:
        start, end = seconds(self.params["StartTime"]), seconds(self.params["EndTime"])
        if start >= end:
            raise ValidationError("The parameter StartTime must be less than the parameter EndTime.")
        # Nothing is older than the oldest record: a request for two weeks needs not a bucket for each minute of them.
        oldest = min(self.lab.store.oldest, end)
        return Periods.covering(max(start, oldest), end, self.lab.clock.real(period))


def _statistics(datum: Mapping[str, Any]) -> Statistics:
    if statistics := datum.get("StatisticValues"):
        return Statistics(statistics["SampleCount"], statistics["Sum"], statistics["Minimum"], statistics["Maximum"])
    if values := datum.get("Values"):
        return Statistics.of(*_repeated(values, datum.get("Counts", [1] * len(values))))
    return Statistics.of(datum["Value"])


def _repeated(values: list[float], counts: list[float]) -> Iterator[float]:
    for value, count in zip(values, counts, strict=True):
        yield from [value] * int(count)
