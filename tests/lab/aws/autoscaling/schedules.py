# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled actions without a recurrence: each acts once, at its start time, a time of the wall clock.

The lab does not run recurring ones; they are only kept and described.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import FakeScheduledAction

from .group import LabGroup


def check_start(start: datetime | None, now: float) -> None:
    if start and _seconds(start) < now:
        raise ValidationError("Given start time is in the past")


def is_due(action: FakeScheduledAction, now: float) -> bool:
    start: Any = action.start_time
    return bool(start) and not action.recurrence and _seconds(start) <= now


def act(action: FakeScheduledAction, group: LabGroup) -> None:
    """Nothing while ScheduledActions is suspended; the time of the action passes all the same."""
    if group.status or group.suspends("ScheduledActions"):
        return
    group.min_size = group.min_size if action.min_size is None else action.min_size
    group.max_size = group.max_size if action.max_size is None else action.max_size
    wanted = group.desired_capacity if action.desired_capacity is None else action.desired_capacity
    group.set_desired_capacity(min(max(wanted or 0, group.min_size or 0), group.max_size or 0))


def _seconds(time: datetime) -> float:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()
