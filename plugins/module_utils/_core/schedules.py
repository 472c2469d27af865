# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled actions of a clone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .fields import carried

Action = Mapping[str, Any]  # as DescribeScheduledActions returns it

TOLD = {"AutoScalingGroupName", "ScheduledActionARN", "Time"}  # Time is StartTime again, "no longer used"
# AWS refuses a start in the past, and a request takes its time.
SOON = 60


def schedule_requests(actions: Sequence[Action], accepted: Collection[str], now: float) -> list[dict[str, Any]]:
    """What BatchPutScheduledUpdateGroupAction is asked, at ``now`` (seconds since the epoch).

    The start of a recurring action is its next one, unless it lies in the past; then the recurrence alone says when.
    """
    return [
        {key: value for key, value in carried(each, accepted).items() if key != "StartTime" or not _started(each, now)}
        for each in actions
        if not is_over(each, now)
    ]


def is_over(action: Action, now: float) -> bool:
    """Whether it will never happen again."""
    if "Recurrence" in action:
        return "EndTime" in action and bool(action["EndTime"].timestamp() <= now)
    return _started(action, now)


def _started(action: Action, now: float) -> bool:
    margin = SOON if "Recurrence" in action else 0
    return "StartTime" in action and bool(action["StartTime"].timestamp() <= now + margin)
