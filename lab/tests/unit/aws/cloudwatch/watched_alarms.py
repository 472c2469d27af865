# SPDX-License-Identifier: GPL-3.0-or-later
"""An alarm book with a clock that the tests move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from switchyard_lab.aws.cloudwatch import composite
from switchyard_lab.aws.cloudwatch.alarm_book import AlarmBook, Judgement
from switchyard_lab.aws.cloudwatch.composite_alarms import CompositeAlarmJudge
from switchyard_lab.aws.cloudwatch.metric_alarms import MetricAlarmJudge
from switchyard_lab.aws.cloudwatch.metrics import Metric, MetricStore, Statistics
from switchyard_lab.clock import Clock

# A full minute, and so the start of a period at every speed used here.
MINUTE = 1795416000.0
REQUESTS, ERRORS = Metric("Shop", "Requests"), Metric("Shop", "Errors")


def query(key: str, metric: Metric, period: int = 60) -> dict[str, Any]:
    named = {"Namespace": metric.namespace, "MetricName": metric.name}
    return {"Id": key, "MetricStat": {"Metric": named, "Period": period, "Stat": "Sum"}, "ReturnData": False}


def error_rate(period: int = 60, **changes: Any) -> dict[str, Any]:
    """An alarm on more than 5 % of errors in one period."""
    return {
        "AlarmName": "error-rate",
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 5,
        "EvaluationPeriods": 1,
        "DatapointsToAlarm": 1,
        "TreatMissingData": "notBreaching",
        "Metrics": [
            query("errors", ERRORS, period),
            query("requests", REQUESTS, period),
            {"Id": "rate", "Expression": "100 * FILL(errors, 0) / requests"},
        ],
    } | changes


@dataclass
class Watch:
    """An alarm book, its metrics, and the time of day."""

    speed: float = 1.0
    now: float = MINUTE
    store: MetricStore = field(default_factory=MetricStore)
    book: AlarmBook = field(default_factory=lambda: AlarmBook("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:"))

    def put(self, definition: dict[str, Any]) -> None:
        self.book.put("MetricAlarm", definition, MetricAlarmJudge(definition), self.now)

    def put_composite(self, name: str, rule: str) -> None:
        event = "updated" if name in self.book.alarms else "created"
        judge = CompositeAlarmJudge(composite.parse(rule), self.book.arn_prefix + name, event)
        self.book.put("CompositeAlarm", {"AlarmName": name, "AlarmRule": rule}, judge, self.now)

    def set_state(self, name: str, state: Any) -> None:
        self.book.set_state(self.book.alarms[name], Judgement(state, "a test"), self.now)

    def serve(self, at: float, requests: float, errors: float = 0) -> None:
        for metric, count in ((REQUESTS, requests), (ERRORS, errors)):
            if count:
                self.store.record(metric, at, Statistics.of(count))

    def state(self, name: str = "error-rate", *, at: float | None = None) -> str:
        self.now = self.now if at is None else at
        self.book.evaluate(self.now, Clock(self.speed), self.store)
        return self.book.alarms[name].state

    def reason(self, name: str) -> str:
        return self.book.alarms[name].judgement.reason

    def happened(self) -> list[tuple[str, str]]:
        return [(item.alarm, item.summary) for item in self.book.history]
