# SPDX-License-Identifier: GPL-3.0-or-later
"""When alarms change their state: periods and what is published in them, against a clock that the tests move."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from switchyard_lab.aws import composite
from switchyard_lab.aws.alarm_book import AlarmBook, Judgement
from switchyard_lab.aws.composite_alarms import CompositeAlarmJudge
from switchyard_lab.aws.metric_alarms import MetricAlarmJudge
from switchyard_lab.aws.metrics import Metric, MetricStore, Statistics
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


def test_an_open_period_does_not_alarm() -> None:
    watch = Watch()
    watch.put(error_rate())
    watch.serve(MINUTE + 1, requests=100, errors=50)
    assert watch.state(at=MINUTE + 59.9) == "OK"
    assert watch.state(at=MINUTE + 60) == "OK", "closed, but CloudWatch has yet to see the period's metrics"
    assert watch.state(at=MINUTE + 90) == "ALARM"


def test_metrics_that_arrive_while_a_closed_period_settles_count() -> None:
    watch = Watch()
    watch.put(error_rate())
    assert watch.state(at=MINUTE + 75) == "OK"
    watch.serve(MINUTE + 59, requests=100, errors=50)
    assert watch.state(at=MINUTE + 90) == "ALARM"


@pytest.mark.parametrize(("speed", "settled_at"), [(1.0, 90.0), (10.0, 9.0), (20.0, 4.5), (60.0, 2.5)])
def test_speed_divides_the_period_but_not_the_time_of_the_data_planes_report(speed: float, settled_at: float) -> None:
    watch = Watch(speed=speed)
    watch.put(error_rate())
    watch.serve(MINUTE + 0.5, requests=100, errors=50)
    assert watch.state(at=MINUTE + settled_at - 0.01) == "OK"
    assert watch.state(at=MINUTE + settled_at) == "ALARM"


def test_an_alarm_waits_for_metrics_that_come_late() -> None:
    watch = Watch(store=MetricStore(lag=90))
    watch.put(error_rate())
    watch.serve(MINUTE + 1, requests=100, errors=50)
    assert watch.state(at=MINUTE + 149) == "OK"
    assert watch.state(at=MINUTE + 150) == "ALARM"


def test_an_alarm_outlives_the_traffic_until_its_data_leaves_the_evaluation_range() -> None:
    watch = Watch()
    watch.put(error_rate())
    watch.serve(MINUTE + 1, requests=100, errors=50)
    assert [watch.state(at=MINUTE + 90 + 60 * i) for i in range(4)] == ["ALARM", "ALARM", "ALARM", "OK"]


def test_a_good_period_ends_the_alarm() -> None:
    watch = Watch()
    watch.put(error_rate())
    watch.serve(MINUTE + 1, requests=100, errors=50)
    watch.serve(MINUTE + 61, requests=100)
    assert [watch.state(at=MINUTE + 90 + 60 * i) for i in range(2)] == ["ALARM", "OK"]


def test_long_periods_are_judged_every_minute() -> None:
    watch = Watch()
    watch.put(error_rate(period=300))
    watch.serve(MINUTE + 1, requests=100, errors=50)
    assert watch.state(at=MINUTE + 89) == "OK"
    assert watch.state(at=MINUTE + 90) == "ALARM", "the period of the last five minutes"


def test_a_new_alarm_is_undecided_and_judges_what_was_published_before_it() -> None:
    watch = Watch()
    watch.serve(MINUTE - 60, requests=100, errors=50)
    watch.put(error_rate())
    assert watch.book.alarms["error-rate"].state == "INSUFFICIENT_DATA"
    assert watch.state(at=MINUTE + 30) == "ALARM"


def test_without_data_a_new_alarm_keeps_its_first_reason() -> None:
    watch = Watch()
    watch.put(error_rate(TreatMissingData="missing"))
    assert watch.state() == "INSUFFICIENT_DATA"
    assert watch.reason("error-rate") == "Unchecked: Initial alarm creation"


def test_another_definition_keeps_the_state_and_is_judged_at_once() -> None:
    watch = Watch()
    watch.put(error_rate())
    watch.serve(MINUTE + 1, requests=100, errors=50)
    assert watch.state(at=MINUTE + 90) == "ALARM"
    watch.put(error_rate(Threshold=90))
    assert watch.book.alarms["error-rate"].state == "ALARM"
    assert watch.state(at=MINUTE + 91) == "OK"


def test_a_state_that_was_set_stays_until_the_next_period() -> None:
    watch = Watch()
    watch.put(error_rate())
    assert watch.state(at=MINUTE + 40) == "OK"
    watch.set_state("error-rate", "ALARM")
    assert watch.state(at=MINUTE + 89) == "ALARM"
    assert watch.state(at=MINUTE + 90) == "OK"


def test_composites_follow_their_alarms_over_several_levels() -> None:
    watch = Watch()
    watch.put_composite("top", "ALARM(middle)")
    watch.put_composite("middle", "ALARM(error-rate) AND NOT TRUE OR ALARM(error-rate)")
    watch.put(error_rate())
    watch.serve(MINUTE + 1, requests=100, errors=50)
    assert watch.state("top", at=MINUTE + 30) == "OK"
    assert watch.reason("top").endswith(":alarm:top was created and its alarm rule evaluates to OK")
    assert watch.state("top", at=MINUTE + 90) == "ALARM"
    assert watch.reason("top").endswith(":alarm:middle transitioned to ALARM at Monday 23 November, 2026 06:41:30 UTC")


def test_a_composites_set_state_stays_until_an_alarm_of_its_rule_changes() -> None:
    watch = Watch()
    watch.put(error_rate())
    watch.put_composite("top", "ALARM(error-rate)")
    assert watch.state("top", at=MINUTE + 30) == "OK"
    watch.set_state("top", "ALARM")
    assert watch.state("top", at=MINUTE + 300) == "ALARM"
    watch.set_state("error-rate", "INSUFFICIENT_DATA")
    assert watch.state("top", at=MINUTE + 301) == "OK"


def test_a_cycle_of_composites_comes_to_rest() -> None:
    watch = Watch()
    watch.put_composite("a", "NOT ALARM(b)")
    watch.put_composite("b", "ALARM(a)")
    assert watch.state("a") in {"OK", "ALARM"}


def test_history_tells_of_definitions_states_and_actions() -> None:
    watch = Watch()
    watch.put(error_rate(AlarmActions=["arn:aws:sns:eu-west-1:123456789012:page"], OKActions=["arn:of:nobody"]))
    watch.serve(MINUTE + 1, requests=100, errors=50)
    watch.state(at=MINUTE + 30)
    watch.put(error_rate(AlarmActions=["arn:aws:sns:eu-west-1:123456789012:page"], ActionsEnabled=True))
    watch.state(at=MINUTE + 90)
    watch.put(error_rate(OKActions=["arn:of:nobody"], ActionsEnabled=False))
    watch.state(at=MINUTE + 600)
    watch.book.delete(["error-rate", "unknown"], watch.now)
    assert [summary for _alarm, summary in watch.happened()] == [
        'Alarm "error-rate" created',
        "Alarm updated from INSUFFICIENT_DATA to OK",
        "Successfully executed action arn:of:nobody",
        'Alarm "error-rate" updated',
        "Alarm updated from OK to ALARM",
        "Successfully executed action arn:aws:sns:eu-west-1:123456789012:page",
        'Alarm "error-rate" updated',
        "Alarm updated from ALARM to OK",
        'Alarm "error-rate" deleted',
    ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "does not know the comparison"),
        ({"TreatMissingData": "good"}, "TreatMissingData"),
        ({"DatapointsToAlarm": 2}, "between 1 and EvaluationPeriods"),
        ({"Threshold": None}, "Threshold is required"),
        ({"Metrics": [query("a", ERRORS)]}, "Exactly one element"),
        ({"Metrics": [query("a", ERRORS), query("a", REQUESTS)]}, "must be unique"),
        ({"Metrics": [query("a", ERRORS), {"Id": "b", "Expression": "c + a"}]}, "id c is not one of"),
        ({"Metrics": [query("a", ERRORS), {"Id": "b", "Expression": "b + a"}]}, "refers to itself"),
        ({"Metrics": [query("a", ERRORS, 45), {"Id": "b", "Expression": "a"}]}, "multiple of 60"),
        ({"Metrics": [query("a", ERRORS), query("c", ERRORS, 300), {"Id": "b", "Expression": "a"}]}, "the same period"),
    ],
)
def test_what_put_metric_alarm_refuses(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MetricAlarmJudge(error_rate(**changes))


def test_an_alarm_on_one_metric_needs_all_of_its_name() -> None:
    plain = {
        "ComparisonOperator": "LessThanThreshold",
        "Threshold": 1,
        "EvaluationPeriods": 1,
        "MetricName": "Requests",
    }
    with pytest.raises(ValueError, match="Namespace"):
        MetricAlarmJudge(plain)
    with pytest.raises(ValueError, match="Median is not supported"):
        MetricAlarmJudge(plain | {"Namespace": "Shop", "Period": 60, "ExtendedStatistic": "Median"})
