# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled actions: each acts at its start time, and again whenever its recurrence says so.

These are times of the wall clock, whatever the speed of the lab. The rules are those of PutScheduledUpdateGroupAction
in the API reference, and of the user guide ("Scheduled scaling").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError
from moto.autoscaling.exceptions import ValidationError

from .group import LabGroup

SIZES = ("MinSize", "MaxSize", "DesiredCapacity")
FIELDS = 5  # of a recurrence; cronsim also knows seconds


@dataclass(frozen=True)
class ScheduledAction:
    """As described; the attribute names are what moto's serializer derives from AWS's."""

    auto_scaling_group_name: str
    scheduled_action_name: str
    start_time: datetime  # of a recurring action, its next run
    end_time: datetime | None
    recurrence: str | None
    time_zone: str | None
    min_size: int | None
    max_size: int | None
    desired_capacity: int | None

    @classmethod
    def requested(cls, group_name: str, request: Mapping[str, Any], now: datetime) -> Self:
        start, end = (_utc(request[key]) if request.get(key) else None for key in ("StartTime", "EndTime"))
        recurrence, zone = request.get("Recurrence"), request.get("TimeZone")
        if all(request.get(size) is None for size in SIZES):
            raise ValidationError(f"At least one of {', '.join(SIZES)} must be specified")
        if start is None and recurrence is None:
            raise ValidationError("Either a start time or a recurrence must be specified")
        following = next_run(recurrence, zone, now) if recurrence else None
        start = start or following
        assert start is not None
        if start < now:
            raise ValidationError("Given start time is in the past")
        if end and end <= start:
            raise ValidationError("End time must be after the start time")
        sizes = [request.get(size) for size in SIZES]
        return cls(group_name, request["ScheduledActionName"], start, end, recurrence, zone, *sizes)

    @property
    def time(self) -> datetime:
        """The same again, under an older name."""
        return self.start_time

    def is_due(self, now: datetime) -> bool:
        return self.start_time <= now

    def after(self, now: datetime) -> Self | None:
        """What is left of it: an action that has run, or reached its end, is not described any more."""
        if self.end_time and self.end_time <= now:
            return None
        if not self.is_due(now):
            return self
        if self.recurrence is None:
            return None
        following = next_run(self.recurrence, self.time_zone, now)
        return None if self.end_time and self.end_time < following else replace(self, start_time=following)

    def act(self, group: LabGroup) -> None:
        """Nothing while ScheduledActions is suspended; the time of the action passes all the same."""
        if group.status or group.suspends("ScheduledActions"):
            return
        group.min_size = group.min_size if self.min_size is None else self.min_size
        group.max_size = group.max_size if self.max_size is None else self.max_size
        wanted = group.desired_capacity if self.desired_capacity is None else self.desired_capacity
        group.set_desired_capacity(min(max(wanted or 0, group.min_size or 0), group.max_size or 0))


def next_run(recurrence: str, time_zone: str | None, after: datetime) -> datetime:
    """In UTC unless a time zone is named."""
    invalid = ValidationError(f"Given recurrence string: {recurrence} is invalid")
    if len(recurrence.split()) != FIELDS:
        raise invalid
    try:
        found = next(CronSim(recurrence, after.astimezone(ZoneInfo(time_zone or "UTC"))), None)
    except CronSimError as error:
        raise invalid from error
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(f"Given time zone: {time_zone} is invalid") from error
    if found is None:  # as February 30 is
        raise invalid
    return found.astimezone(UTC)


def _utc(time: datetime) -> datetime:
    return time.astimezone(UTC) if time.tzinfo else time.replace(tzinfo=UTC)
