# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.schedules import (
    is_over,
    postponed,
    schedule_requests,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
PAST, FUTURE = datetime(2026, 5, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)
SOON = datetime(2026, 6, 1, 12, 0, 30, tzinfo=UTC)
ACCEPTED = {"ScheduledActionName", "StartTime", "EndTime", "Recurrence", "MinSize", "TimeZone"}
NIGHTLY = {"Recurrence": "0 22 * * *"}


@pytest.mark.parametrize(
    ("fields", "kept"),
    [
        ({"StartTime": FUTURE}, {"StartTime": FUTURE}),
        ({**NIGHTLY, "StartTime": FUTURE}, {**NIGHTLY, "StartTime": FUTURE}),
        ({**NIGHTLY, "StartTime": PAST}, NIGHTLY),
        ({**NIGHTLY, "StartTime": SOON}, NIGHTLY),
        ({**NIGHTLY, "EndTime": FUTURE, "TimeZone": "Europe/Berlin"}, None),
    ],
    ids=["once", "recurring", "recurring and begun", "recurring, about to begin", "until"],
)
def test_what_is_still_to_come_is_copied(fields: dict[str, Any], kept: dict[str, Any] | None) -> None:
    reported = {"AutoScalingGroupName": "web-blue-v001", "ScheduledActionARN": "arn:action", "Time": PAST}
    action = {**reported, "ScheduledActionName": "night", "MinSize": 0, **fields}
    wanted = {"ScheduledActionName": "night", "MinSize": 0, **(fields if kept is None else kept)}
    assert schedule_requests([action], ACCEPTED, NOW.timestamp()) == [wanted]


@pytest.mark.parametrize("fields", [{"StartTime": PAST}, {**NIGHTLY, "EndTime": PAST}], ids=["once", "recurring"])
def test_what_will_never_happen_again_is_not(fields: dict[str, Any]) -> None:
    assert is_over(fields, NOW.timestamp())
    assert schedule_requests([{"ScheduledActionName": "night", **fields}], ACCEPTED, NOW.timestamp()) == []


def test_actions_that_meet_start_minute_by_minute() -> None:
    weekly = {"Recurrence": "0 0 * * 3"}
    actions = [
        {"ScheduledActionName": name, "StartTime": start, **recurrence}
        for name, start, recurrence in (
            ("night", FUTURE, NIGHTLY),
            ("week", FUTURE, weekly),
            ("once", FUTURE + timedelta(days=1), {}),
            ("again", FUTURE, NIGHTLY),
        )
    ]
    asked = schedule_requests(actions, ACCEPTED, NOW.timestamp())
    assert [each["StartTime"] - FUTURE for each in asked] == [
        timedelta(0),
        timedelta(minutes=1),
        timedelta(days=1),
        timedelta(minutes=2),
    ]
    assert postponed(actions, NOW.timestamp()) == ["again", "week"]
    assert postponed(actions[:1], NOW.timestamp()) == []


def test_a_field_that_aws_adds_to_actions_is_carried_as_soon_as_it_is_accepted() -> None:
    action = {"ScheduledActionName": "night", **NIGHTLY, "BrandNew": 1}
    assert schedule_requests([action], ACCEPTED | {"BrandNew"}, 0) == [action]
