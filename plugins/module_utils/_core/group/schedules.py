# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled actions of a clone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..base.fields import carried

Action = Mapping[str, Any]  # as DescribeScheduledActions returns it

READ_ONLY = {"AutoScalingGroupName", "ScheduledActionARN", "Time"}  # Time is StartTime again, "no longer used"
# AWS refuses a start in the past, and a request takes its time.
SOON = 60


def schedule_requests(actions: Sequence[Action], accepted: Collection[str], now: float) -> list[dict[str, Any]]:
    """What BatchPutScheduledUpdateGroupAction is asked, at ``now`` (seconds since the epoch).

    The start of a recurring action is its next one, unless it lies in the past; then the recurrence alone says when.
    """
    starts = _starts(actions, now)
    coming = [each for each in actions if not is_over(each, now)]
    return [
        {
            **carried(each, set(accepted) - {"StartTime"}),
            **carried(starts.get(each["ScheduledActionName"], {}), accepted),
        }
        for each in coming
    ]


def postponed(actions: Sequence[Action], now: float) -> list[str]:
    """Names of actions that would start together with another."""
    starts = _starts(actions, now)
    current = {each["ScheduledActionName"]: each.get("StartTime") for each in actions}
    return sorted(name for name, start in starts.items() if start["StartTime"] != current[name])


def _starts(actions: Sequence[Action], now: float) -> dict[str, dict[str, datetime]]:
    """The starts to give to actions, by the name of the action; only those that must be given.

    AWS takes no two actions of a group for the same time ("Scheduled scaling" in the user guide), but lets recurring
    ones meet: they are created when their next starts differ. Where they meet just now, they start minute by minute.
    """
    starts: dict[str, dict[str, datetime]] = {}
    for each in actions:
        if "StartTime" in each and not _started(each, now):
            start = {"StartTime": each["StartTime"]}
            while start in starts.values():
                start = {"StartTime": start["StartTime"] + timedelta(minutes=1)}
            starts[each["ScheduledActionName"]] = start
    return starts


def is_over(action: Action, now: float) -> bool:
    """Whether it will never happen again."""
    if "Recurrence" in action:
        return "EndTime" in action and bool(action["EndTime"].timestamp() <= now)
    return _started(action, now)


def _started(action: Action, now: float) -> bool:
    margin = SOON if "Recurrence" in action else 0
    return "StartTime" in action and bool(action["StartTime"].timestamp() <= now + margin)
