# SPDX-License-Identifier: GPL-3.0-or-later
"""The scaling policies of all groups, and the alarms that set them off."""

from __future__ import annotations

from typing import Any

from ..cloudwatch import backend as cloudwatch
from ..cloudwatch.alarm_book import AlarmBook
from ..cloudwatch.metric_alarms import MetricAlarmJudge
from . import target_tracking
from .groups import GroupBackend
from .scaling import Scaling


class PolicyBackend(GroupBackend):
    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.scaling = Scaling(self.clock)
        self.policy_requests: dict[str, dict[str, Any]] = {}  # by the policy's ARN

    @property
    def book(self) -> AlarmBook:
        return cloudwatch.backend(self.region_name, self.account_id).book

    def track(self, policy_arn: str, group_name: str, configuration: dict[str, Any]) -> None:
        for definition in target_tracking.alarms(policy_arn, group_name, configuration):
            self.book.put("MetricAlarm", definition, MetricAlarmJudge(definition), self.clock.now())

    def drop_tracking_alarms(self, policy_arn: str) -> None:
        """Alarms that users made stay."""
        found = [each for each in self.book.alarms.values() if policy_arn in each.actions["ALARM"]]
        names = [each.name for each in found if each.name.startswith(target_tracking.PREFIX)]
        self.book.delete(names, self.clock.now())

    def hear_alarms(self) -> None:
        policies = {policy.arn: policy for policy in self.policies.values()}
        for alarm in self.book.alarms.values() if policies else ():
            for arn in alarm.actions["ALARM"]:
                if policy := policies.get(arn):
                    self.scaling.hear(alarm, arn, self._asked(arn), self.group(policy.auto_scaling_group_name))

    def execute(self, policy_arn: str, group_name: str, request: dict[str, Any]) -> None:
        self.scaling.execute(self.changeable(group_name), self._asked(policy_arn), request)

    def _asked(self, policy_arn: str) -> dict[str, Any]:
        return {"PolicyType": "SimpleScaling", **self.policy_requests[policy_arn]}

    def _forget(self, group_name: str) -> None:
        super()._forget(group_name)
        policies = self.policies.items()
        for policy in self.policies.values():
            if policy.auto_scaling_group_name == group_name:
                self.drop_tracking_alarms(policy.arn)
        self.policies = {key: each for key, each in policies if each.auto_scaling_group_name != group_name}
