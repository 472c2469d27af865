# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about scheduled actions.

Their names are unique within a group; moto keeps them in one drawer for all groups.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError
from moto.core.responses import ActionResult, EmptyResult

from .requests import GroupRequests


class ScheduleRequests(GroupRequests):
    def put_scheduled_update_group_action(self) -> ActionResult:
        self.backend.schedule(self.group_name, self._get_params())
        return EmptyResult()

    def batch_put_scheduled_update_group_action(self) -> ActionResult:
        failed = [
            self._failure(each["ScheduledActionName"], partial(self.backend.schedule, self.group_name, each))
            for each in self._get_param("ScheduledUpdateGroupActions")
        ]
        return ActionResult({"FailedScheduledUpdateGroupActions": list(filter(None, failed))})

    def describe_scheduled_actions(self) -> ActionResult:
        names = self._get_param("ScheduledActionNames", [])
        found = self.backend.describe_scheduled_actions(self._get_param("AutoScalingGroupName"), names)
        return self._page("ScheduledUpdateGroupActions", found)

    def delete_scheduled_action(self) -> ActionResult:
        self.backend.unschedule(self.group_name, self._get_param("ScheduledActionName"))
        return EmptyResult()

    def batch_delete_scheduled_action(self) -> ActionResult:
        failed = [
            self._failure(name, partial(self.backend.unschedule, self.group_name, name))
            for name in self._get_param("ScheduledActionNames")
        ]
        return ActionResult({"FailedScheduledActions": list(filter(None, failed))})

    @staticmethod
    def _failure(action_name: str, change: Callable[[], None]) -> dict[str, Any] | None:
        """Those of a batch that are refused are told next to those that are taken."""
        try:
            change()
        except AutoscalingClientError as error:
            return {"ScheduledActionName": action_name, "ErrorCode": error.code, "ErrorMessage": error.message}
        return None
