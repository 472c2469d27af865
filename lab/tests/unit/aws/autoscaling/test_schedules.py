# SPDX-License-Identifier: GPL-3.0-or-later
"""When scheduled actions act, when they act again, and when they are gone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from moto.autoscaling.exceptions import ValidationError

from switchyard_lab.aws.autoscaling.schedules import ScheduledAction, next_run

NOW = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)  # a Saturday; Berlin's clocks go forward in the night after it
NIGHTLY: dict[str, Any] = {"ScheduledActionName": "night", "Recurrence": "0 22 * * *", "MinSize": 0}


def action(now: datetime = NOW, **request: Any) -> ScheduledAction:
    return ScheduledAction.requested("web", {**NIGHTLY, **request}, now)


@pytest.mark.parametrize(
    ("recurrence", "zone", "expected"),
    [
        ("0 22 * * *", None, datetime(2026, 3, 28, 22, 0, tzinfo=UTC)),
        ("0 22 * * *", "Europe/Berlin", datetime(2026, 3, 28, 21, 0, tzinfo=UTC)),
        ("0 8 * * 1-5", "Europe/Berlin", datetime(2026, 3, 30, 6, 0, tzinfo=UTC)),  # summer time by then
        ("30 0 1 1,6,12 *", None, datetime(2026, 6, 1, 0, 30, tzinfo=UTC)),
    ],
)
def test_the_next_run_is_in_the_zone_that_is_named(recurrence: str, zone: str | None, expected: datetime) -> None:
    assert next_run(recurrence, zone, NOW) == expected


def test_a_recurring_action_is_told_with_its_next_run() -> None:
    nightly = action()
    assert nightly.start_time == datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
    assert not nightly.is_due(NOW)
    assert nightly.after(NOW) == nightly
    late = nightly.start_time + timedelta(seconds=1)
    assert nightly.is_due(late)
    again = nightly.after(late)
    assert again
    assert again.start_time == nightly.start_time + timedelta(days=1)


def test_a_start_time_comes_before_the_recurrence() -> None:
    soon = NOW + timedelta(minutes=1)
    started = action(StartTime=soon)
    assert started.start_time == soon
    again = started.after(soon)
    assert again
    assert again.start_time.hour == 22


@pytest.mark.parametrize(
    ("request_fields", "at"),
    [
        ({"EndTime": NOW + timedelta(hours=11)}, NOW + timedelta(hours=10)),  # the next run would be after the end
        ({"EndTime": NOW + timedelta(days=9)}, NOW + timedelta(days=9)),
        ({"Recurrence": None, "StartTime": NOW + timedelta(hours=1)}, NOW + timedelta(hours=1)),
    ],
    ids=["ran for the last time", "reached its end", "ran once"],
)
def test_an_action_that_will_not_act_again_is_gone(request_fields: dict[str, Any], at: datetime) -> None:
    assert action(**request_fields).after(at) is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"Recurrence": "0 25 * * *"},
        {"Recurrence": "0 0 22 * * *"},
        {"Recurrence": "0 0 30 2 *"},
        {"TimeZone": "Europe/Atlantis"},
        {"MinSize": None},
        {"Recurrence": None},
        {"StartTime": NOW - timedelta(minutes=1)},
        {"StartTime": NOW + timedelta(hours=2), "EndTime": NOW + timedelta(hours=1)},
    ],
    ids=[
        "no such hour",
        "six fields",
        "no such day",
        "no such zone",
        "no size",
        "no time",
        "in the past",
        "ends before it starts",
    ],
)
def test_what_can_not_be_scheduled_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        action(**wrong)
