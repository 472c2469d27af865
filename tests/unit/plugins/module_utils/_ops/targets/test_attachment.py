# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever waits for instances asks whether their target group is in use only where a target says that it is not."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.targets.attachment import await_members
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.targets.health import Waiting

from tests.unit.clock import FakeClock

GROUP = "web-green-v002"
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-green/0123456789abcdef"
UNUSED = {"State": "unused", "Reason": "Target.NotInUse"}


class Account:
    """A group of one instance, whose target is registered after 20 s, and then reports ``states``, look by look."""

    def __init__(self, *states: dict[str, str], load_balancers: list[str]) -> None:
        self.clock, self.questions = FakeClock(), 0
        self._states, self._load_balancers = list(states), load_balancers

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        instance = {"InstanceId": "i-1", "LifecycleState": "InService", "HealthStatus": "Healthy"}
        group = {"AutoScalingGroupName": GROUP, "DesiredCapacity": 1, "HealthCheckType": "EC2", "Instances": [instance]}
        return [
            {"AutoScalingGroups": [group | {"CreatedTime": datetime.fromtimestamp(0, UTC), "TargetGroupARNs": [ARN]}]}
        ]

    def describe_target_health(self, **_asked: Any) -> dict[str, Any]:
        if self.clock.time < 20:
            return {"TargetHealthDescriptions": []}
        state = self._states.pop(0) if len(self._states) > 1 else self._states[0]
        return {"TargetHealthDescriptions": [{"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": state}]}

    def describe_target_groups(self, **_asked: Any) -> dict[str, Any]:
        self.questions += 1
        group = {"TargetGroupName": "web-green", "TargetGroupArn": ARN, "TargetType": "instance"}
        return {"TargetGroups": [group | {"LoadBalancerArns": self._load_balancers}]}

    def describe_scaling_activities(self, **_asked: Any) -> dict[str, Any]:
        return {"Activities": []}

    def wait(self) -> bool:
        """Whether the target becomes healthy."""
        targets = await_members(Run(client=lambda _service: self, clock=self.clock), GROUP, Waiting(60))
        return all(target.healthy for target in targets)


def test_instances_that_come_up_are_waited_for_without_that_question() -> None:
    account = Account({"State": "initial"}, {"State": "healthy"}, load_balancers=["a"])
    assert account.wait()
    assert account.questions == 0


def test_a_target_group_that_no_route_refers_to_ends_the_wait_at_its_first_target() -> None:
    account = Account(UNUSED, load_balancers=[])
    with pytest.raises(BluegreenError, match="No listener or rule refers to target group web-green"):
        account.wait()
    assert account.clock.time < 30


def test_a_target_that_is_unused_for_another_reason_is_waited_for() -> None:
    account = Account(UNUSED, {"State": "healthy"}, load_balancers=["a"])
    assert account.wait()
    assert account.questions == 1
