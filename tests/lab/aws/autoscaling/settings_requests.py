# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about what belongs to one group: policies, scheduled actions, notifications.

Their names are unique within a group; moto keeps them in one drawer for all groups, so that a copied group would take
them away from the original.
"""

from __future__ import annotations

from moto.autoscaling.exceptions import ValidationError
from moto.core.responses import ActionResult, EmptyResult

from .requests import GroupRequests


class SettingsRequests(GroupRequests):
    def put_scaling_policy(self) -> ActionResult:
        self.backend.changeable(self.group_name)
        answer = super().put_scaling_policy()
        name = self._get_param("PolicyName")
        self.backend.policies[f"{self.group_name}/{name}"] = self.backend.policies.pop(name)
        return answer

    def delete_policy(self) -> ActionResult:
        del self.backend.policies[self._policy_key()]
        return EmptyResult()

    def execute_policy(self) -> ActionResult:
        self.backend.policies[self._policy_key()].execute()
        return EmptyResult()

    def _policy_key(self) -> str:
        """A policy is named by its ARN, or by its name and the name of its group."""
        wanted, group = self._get_param("PolicyName"), self._get_param("AutoScalingGroupName")
        for key, policy in self.backend.policies.items():
            if policy.arn == wanted or (policy.name == wanted and group in (None, policy.auto_scaling_group_name)):
                return key
        raise ValidationError(f"PolicyName {wanted} not found")

    def put_scheduled_update_group_action(self) -> ActionResult:
        self.backend.changeable(self.group_name)
        super().put_scheduled_update_group_action()
        name = self._get_param("ScheduledActionName")
        self.backend.scheduled_actions[f"{self.group_name}/{name}"] = self.backend.scheduled_actions.pop(name)
        return EmptyResult()

    def delete_scheduled_action(self) -> ActionResult:
        key = f"{self.group_name}/{self._get_param('ScheduledActionName')}"
        if self.backend.scheduled_actions.pop(key, None) is None:
            raise ValidationError("Scheduled action name not found")
        return EmptyResult()

    def put_notification_configuration(self) -> ActionResult:
        self.backend.changeable(self.group_name)
        key = (self.group_name, self._get_param("TopicARN"))
        self.backend.notifications[key] = self._get_param("NotificationTypes", [])
        return EmptyResult()

    def delete_notification_configuration(self) -> ActionResult:
        self.backend.notifications.pop((self.group_name, self._get_param("TopicARN")), None)
        return EmptyResult()

    def describe_notification_configurations(self) -> ActionResult:
        names = self._get_param("AutoScalingGroupNames", [])
        found = [
            {"AutoScalingGroupName": group, "TopicARN": topic, "NotificationType": kind}
            for (group, topic), kinds in self.backend.notifications.items()
            for kind in kinds
            if not names or group in names
        ]
        return self._page("NotificationConfigurations", found)
