# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances that wait for a lifecycle hook, and what would let them continue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .members import Members

Hook = Mapping[str, Any]  # as DescribeLifecycleHooks returns it

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
NAMED = 3  # instances that a sentence names


def waiting_members(members: Members) -> list[str]:
    """IDs of the instances that wait for a hook on their launch."""
    return [each.id for each in members.members if each.state == "Pending:Wait"]


def waiting_message(group: str, waiting: Sequence[str], hooks: Sequence[Hook]) -> str:
    """Empty where the hook is gone meanwhile. An instance does not show which of several it waits for."""
    awaited = [each for each in hooks if each["LifecycleTransition"] == LAUNCHING]
    if not awaited:
        return ""
    more = f" and {len(waiting) - NAMED} more" if len(waiting) > NAMED else ""
    return (
        f"In Pending:Wait ({', '.join(waiting[:NAMED])}{more}), an instance waits until lifecycle hook "
        f"{' and '.join(map(_described, awaited))} is completed. Make sure that what completes it also does so for "
        f"{group}: CompleteLifecycleAction with the result CONTINUE."
    )


def _described(hook: Hook) -> str:
    notified = hook.get("NotificationTargetARN")
    notifies = f"notifies {notified}; " if notified else ""
    return f"{hook['LifecycleHookName']} ({notifies}{hook['DefaultResult']} after {hook['HeartbeatTimeout']} seconds)"
