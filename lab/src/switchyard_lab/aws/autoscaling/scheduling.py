# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduled actions of all groups: kept by group and name, and acted on in the order of their times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

from .groups import GroupBackend
from .schedules import ScheduledAction


class ScheduleBackend(GroupBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.scheduled_actions: dict[str, ScheduledAction] = {}  # type: ignore[assignment]  # ours for moto's

    def schedule(self, group_name: str, request: Mapping[str, Any]) -> None:
        """No two actions of a group have the same time.

        One that is there keeps its next run unless the request says another, even with another recurrence:
        https://github.com/hashicorp/terraform-provider-aws/issues/41200.
        """
        self.changeable(group_name)
        key = f"{group_name}/{request['ScheduledActionName']}"
        known = self.scheduled_actions.get(key)
        kept = {"StartTime": known.start_time} if known and not known.is_due(self._now()) else {}
        action = ScheduledAction.requested(group_name, {**kept, **request}, self._now())
        for other, each in self.scheduled_actions.items():
            same = each.auto_scaling_group_name == group_name and each.start_time == action.start_time
            if same and other != key:
                raise AutoscalingClientError(
                    "AlreadyExists", "Scheduled action with this scheduled start time already exists"
                )
        self.scheduled_actions[key] = action

    def unschedule(self, group_name: str, action_name: str) -> None:
        self.changeable(group_name)
        if self.scheduled_actions.pop(f"{group_name}/{action_name}", None) is None:
            raise ValidationError("Scheduled action name not found")

    def act_on_schedule(self) -> None:
        now = self._now()
        for key, action in sorted(self.scheduled_actions.items(), key=lambda item: item[1].start_time):
            if action.is_due(now):
                action.act(self.group(action.auto_scaling_group_name))
            if left := action.after(now):
                self.scheduled_actions[key] = left
            else:
                del self.scheduled_actions[key]

    def _forget(self, group_name: str) -> None:
        super()._forget(group_name)
        actions = self.scheduled_actions.items()
        self.scheduled_actions = {key: each for key, each in actions if each.auto_scaling_group_name != group_name}

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)
