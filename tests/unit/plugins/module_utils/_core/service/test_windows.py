# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.windows import (
    find_closed,
    parse_windows,
)
from hypothesis import given, strategies

OFFICE = {"days": ["mon", "tue"], "from": "09:00", "to": "16:00", "timezone": "Europe/Berlin"}
NIGHT = {"days": ["fri"], "from": "22:00", "to": "04:00", "timezone": "UTC"}


def closed(*windows: dict[str, Any], at: str) -> str | None:
    return find_closed(parse_windows(windows), datetime.fromisoformat(at))


@pytest.mark.parametrize(
    ("window", "opens", "closes"),
    [
        (OFFICE, "2026-11-23T08:00:00+00:00", "2026-11-23T15:00:00+00:00"),
        (OFFICE, "2026-07-14T07:00:00+00:00", "2026-07-14T14:00:00+00:00"),
        (NIGHT, "2026-11-27T22:00:00+00:00", "2026-11-28T04:00:00+00:00"),
        ({"days": ["sun"]}, "2026-11-29T00:00:00+00:00", "2026-11-30T00:00:00+00:00"),
        # The clocks are put back at 01:00 UTC, and this night's two o'clock comes twice.
        (OFFICE | {"days": ["sun"], "from": "01:00", "to": "04:00"}, "2026-10-24T23:00:00Z", "2026-10-25T03:00:00Z"),
    ],
    ids=["winter", "summer", "overnight", "whole day", "clocks put back"],
)
def test_a_window_is_open_from_its_hour_up_to_the_other(window: dict[str, Any], opens: str, closes: str) -> None:
    first, last = datetime.fromisoformat(opens).timestamp(), datetime.fromisoformat(closes).timestamp() - 1
    for moment, is_open in [(first - 1, False), (first, True), (last, True), (last + 1, False)]:
        at = datetime.fromtimestamp(moment, datetime.fromisoformat("2026-11-23T00:00:00-05:00").tzinfo)
        assert (closed(window, at=at.isoformat()) is None) is is_open, at


@pytest.mark.parametrize(
    ("at", "opening"),
    [
        ("2026-11-23T20:00:00+00:00", "tue 2026-11-24T09:00+01:00"),
        ("2026-11-24T15:00:00+00:00", "fri 2026-11-27T22:00+00:00"),
        ("2026-11-28T04:00:00+00:00", "mon 2026-11-30T09:00+01:00"),
    ],
)
def test_outside_of_all_windows_the_next_opening_is_told(at: str, opening: str) -> None:
    said = closed(OFFICE, NIGHT, at=at)
    assert said == (
        "may be released in its windows only (mon, tue 09:00-16:00 Europe/Berlin; fri 22:00-04:00 UTC); "
        f"the next one opens on {opening}"
    )


@given(strategies.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=strategies.just(UTC)))
def test_the_opening_that_is_told_is_the_next_one(now: datetime) -> None:
    (window,) = parse_windows([OFFICE])
    opening = window.next_opening(now)
    assert window.is_open(opening)
    assert now < opening <= now + timedelta(days=6, hours=1)
    assert window.is_open(now) or not window.is_open(now + (opening - now) / 2)


def test_a_weekly_window_that_has_just_closed_opens_in_a_week() -> None:
    assert "on sun 2026-12-06T00:00+00:00" in str(closed({"days": ["sun"]}, at="2026-11-30T00:00:00+00:00"))


def test_without_windows_any_hour_will_do() -> None:
    assert closed(at="2026-11-29T03:00:00+00:00") is None


def test_hours_that_yaml_took_for_numbers_are_hours() -> None:
    """16:00 without quotes, in YAML 1.1."""
    assert parse_windows([OFFICE | {"to": 960}]) == parse_windows([OFFICE])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("mon-fri", "Windows are a list"),
        ({"days": ["mon"]}, "Windows are a list"),
        (["mon"], "Window 1: it is not of the form"),
        ([OFFICE, {"day": ["mon"]}], "Window 2: it has no day; it has days, from, to, timezone"),
        ([{"days": ["monday"]}], "days is a list of some of mon"),
        ([{"days": "mon"}], "days is a list of some of mon"),
        ([{"from": "25:00"}], "from is an hour"),
        ([{"to": "9 am"}], "to is an hour"),
        ([{"to": "09:60"}], "to is an hour"),
        ([{"timezone": "Berlin"}], "no time zone Berlin"),
        ([{"timezone": "../etc/passwd"}], "no time zone"),
        ([{"days": []}, {"from": -1}], "Window 2: from"),
    ],
)
def test_windows_that_are_none_are_told_apart(given: Any, said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        parse_windows(given)
