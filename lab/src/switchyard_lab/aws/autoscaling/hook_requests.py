# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about lifecycle hooks."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.core.responses import ActionResult, EmptyResult

from .hooks import RESULTS, LifecycleAction
from .requests import GroupRequests


class HookRequests(GroupRequests):
    def put_lifecycle_hook(self) -> ActionResult:
        self.backend.put_hook(self._get_params())
        return EmptyResult()

    def describe_lifecycle_hooks(self) -> ActionResult:
        names = self._get_param("LifecycleHookNames", [])
        hooks = self.backend.group(self.group_name).hooks.values()
        return ActionResult(
            {"LifecycleHooks": [hook for hook in hooks if not names or hook.lifecycle_hook_name in names]}
        )

    def delete_lifecycle_hook(self) -> ActionResult:
        """Instances that wait for a deleted hook continue."""
        group = self.backend.changeable(self.group_name)
        name = self._get_param("LifecycleHookName")
        if group.hooks.pop(name, None) is None:
            raise ValidationError(f"No Lifecycle Hook found with name: {name}")
        for member in group.instance_states:
            member.actions = [action for action in member.actions if action.hook.lifecycle_hook_name != name]
        return EmptyResult()

    def complete_lifecycle_action(self) -> ActionResult:
        result = self._get_param("LifecycleActionResult")
        if result not in RESULTS:
            raise ValidationError("Lifecycle action result must be either CONTINUE or ABANDON")
        self._waiting_action().result = result
        return EmptyResult()

    def record_lifecycle_action_heartbeat(self) -> ActionResult:
        self._waiting_action().since = self.backend.clock.now()
        return EmptyResult()

    def _waiting_action(self) -> LifecycleAction:
        """The action is named by its token, or by the instance that waits."""
        name, token = self._get_param("LifecycleHookName"), self._get_param("LifecycleActionToken")
        instance_id = self._get_param("InstanceId")
        for member in self.backend.group(self.group_name).instance_states:
            for action in member.actions:
                named: Any = token == action.token if token else instance_id == member.instance_id
                if named and action.hook.lifecycle_hook_name == name and member.lifecycle_state.endswith(":Wait"):
                    return action
        raise ValidationError(f"No active Lifecycle Action found with instance ID {instance_id}")
