# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Windows: the hours of the week in which a service may be released."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from ..base.errors import BluegreenError

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
KEYS = ("days", "from", "to", "timezone")
DAY = 24 * 60  # minutes
HOUR = re.compile(r"(\d{1,2}):(\d{2})")


@dataclass(frozen=True)
class Window:
    """``opens`` and ``closes`` in minutes of the day, by the clock of the zone; one that closes before it opens
    does so on the next day."""

    days: Sequence[str]
    opens: int
    closes: int
    zone: ZoneInfo

    def is_open(self, now: datetime) -> bool:
        return any(opening <= now < closing for opening, closing in self._around(now))

    def next_opening(self, now: datetime) -> datetime:
        opening = min(opening for opening, _closing in self._around(now) if opening > now)
        return opening.astimezone(self.zone)

    def _around(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """From yesterday's to next week's. In UTC: wall clocks cannot be compared where one of them was put back."""
        today = now.astimezone(self.zone).date()
        overnight = DAY if self.closes <= self.opens else 0
        for day in (today + timedelta(days=days) for days in range(-1, 8)):
            if DAYS[day.weekday()] in self.days:
                yield self._moment(day, self.opens), self._moment(day, self.closes + overnight)

    def _moment(self, day: date, minute: int) -> datetime:
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        return wall.replace(tzinfo=self.zone).astimezone(UTC)

    def __str__(self) -> str:
        hours = "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens, self.closes))
        return f"{', '.join(self.days)} {hours} {self.zone.key}"


def parse_windows(given: Any) -> list[Window]:
    """The windows as given by a person, or an error that lists everything that is wrong with them."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise BluegreenError(f"Windows are a list of {{{', '.join(KEYS)}}}; given: {given}.")
    windows, problems = [], []
    for number, each in enumerate(given, 1):
        try:
            windows.append(_parse(each))
        except BluegreenError as error:
            problems.append(f"Window {number}: {error}")
    if problems:
        raise BluegreenError(" ".join(problems))
    return windows


def find_closed(windows: Sequence[Window], now: datetime) -> str | None:
    """When they open again, if there are some and none is open."""
    if not windows or any(window.is_open(now) for window in windows):
        return None
    opening = min((window.next_opening(now) for window in windows), key=datetime.timestamp)
    return (
        f"may be released in its windows only ({'; '.join(map(str, windows))}); the next one opens on "
        f"{DAYS[opening.weekday()]} {opening.isoformat(timespec='minutes')}"
    )


def _parse(given: Any) -> Window:
    if not isinstance(given, Mapping):
        raise BluegreenError(f"it is not of the form {{{', '.join(KEYS)}}}: {given}.")
    if unknown := [key for key in given if key not in KEYS]:
        raise BluegreenError(f"it has no {', '.join(map(str, unknown))}; it has {', '.join(KEYS)}.")
    days = given.get("days", DAYS)
    if isinstance(days, str) or not days or not set(days) <= set(DAYS):
        raise BluegreenError(f"days is a list of some of {', '.join(DAYS)}; given: {days}.")
    zone = given.get("timezone", "UTC")
    try:
        return Window(list(days), _minutes(given, "from", "00:00"), _minutes(given, "to", "24:00"), ZoneInfo(str(zone)))
    except (KeyError, ValueError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise BluegreenError(f"there is no time zone {zone} here; give a name such as Europe/Berlin.") from error


def _minutes(given: Mapping[str, Any], key: str, default: str) -> int:
    """YAML 1.1 takes 16:00 without quotes for a number to the base of 60, which are its minutes. It takes no hour for
    less than 60, so such a number was meant as hours."""
    value = given.get(key, default)
    found = HOUR.fullmatch(str(value))
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else value
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 <= minutes <= DAY or value in range(1, 60):
        raise BluegreenError(f'{key} is an hour from "00:00" to "24:00"; given: {value}.')
    return minutes
