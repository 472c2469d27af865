# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling, the requests about what belongs to one group: policies and notifications.

Their names are unique within a group; moto keeps them in one drawer for all groups, so that a copied group would take
them away from the original.
"""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.core.responses import ActionResult, EmptyResult

from . import target_tracking
from .requests import GroupRequests

SIMPLE = {"PolicyType": "SimpleScaling", "StepAdjustments": [], "Enabled": True}  # what is told of a policy unasked


class SettingsRequests(GroupRequests):
    def put_scaling_policy(self) -> ActionResult:
        """Kept as it was asked for; moto drops some fields, and misspells the answer's."""
        self.backend.changeable(self.group_name)
        configuration = self._get_param("TargetTrackingConfiguration")
        if configuration:
            target_tracking.check(configuration, self.backend.group(self.group_name).target_group_arns)
        super().put_scaling_policy()
        name = self._get_param("PolicyName")
        policy = self.backend.policies.pop(name)
        self.backend.policy_requests[policy.arn] = self._get_params()
        self.backend.policies[f"{self.group_name}/{name}"] = policy
        self.backend.drop_tracking_alarms(policy.arn)
        if configuration:
            self.backend.track(policy.arn, self.group_name, configuration)
        return ActionResult({"PolicyARN": policy.arn, "Alarms": self._alarms_of(policy)})

    def describe_policies(self) -> ActionResult:
        """Each with the alarms that set it off."""
        names, kinds = self._get_param("PolicyNames", []), self._get_param("PolicyTypes", [])
        found = [
            {
                **SIMPLE,
                **self.backend.policy_requests[policy.arn],
                "PolicyARN": policy.arn,
                "Alarms": self._alarms_of(policy),
            }
            for policy in self.backend.describe_policies(self.group_name, policy_types=kinds)
            if not names or {policy.name, policy.arn} & set(names)
        ]
        return self._page("ScalingPolicies", found)

    def _alarms_of(self, policy: Any) -> list[dict[str, str]]:
        return [
            {"AlarmName": alarm.name, "AlarmARN": alarm.alarm_arn}
            for alarm in self.backend.book.alarms.values()
            if any(policy.arn in actions for actions in alarm.actions.values())
        ]

    def delete_policy(self) -> ActionResult:
        """The alarms of target tracking go with it."""
        self.backend.drop_tracking_alarms(self.backend.policies.pop(self._policy_key()).arn)
        return EmptyResult()

    def execute_policy(self) -> ActionResult:
        policy = self.backend.policies[self._policy_key()]
        self.backend.execute(policy.arn, policy.auto_scaling_group_name, self._get_params())
        return EmptyResult()

    def _policy_key(self) -> str:
        """A policy is named by its ARN, or by its name and the name of its group."""
        wanted, group = self._get_param("PolicyName"), self._get_param("AutoScalingGroupName")
        for key, policy in self.backend.policies.items():
            if policy.arn == wanted or (policy.name == wanted and group in (None, policy.auto_scaling_group_name)):
                return key
        raise ValidationError(f"PolicyName {wanted} not found")

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
