# SPDX-License-Identifier: GPL-3.0-or-later
"""When alarms change their state: periods and what is published in them, against a clock that the tests move."""

from __future__ import annotations

import pytest

from switchyard_lab.aws.cloudwatch.metrics import MetricStore

from .watched_alarms import MINUTE, Watch, error_rate


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
