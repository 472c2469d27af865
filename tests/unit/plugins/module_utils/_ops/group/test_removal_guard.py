# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read while a removal drains: little at each look, and everything before anything is lost."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.in_use import (
    Identity,
    InUseError,
    Surroundings,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal import Announcement
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal_plan import Leaving
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import TargetGroup
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.removal_guard import Guard

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.group.groups import group, tag

ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web-blue/1"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/web/1"
LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/web/1/2"
OLD = group(
    Tags=[tag("bluegreen:service", "web"), tag("bluegreen:color", "blue")],
    TargetGroupARNs=[],
    TrafficSources=[],
    Instances=[],
    HealthCheckType="EC2",
)
WHOLE = {"group", "tags", "listeners", "rules"}


class Account:
    """Where green is stable and has the traffic, until somebody changes that; tells what was read."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.read = clock, list[str]()
        self.stable, self.weight, self.group = "green", 0, OLD

    def looked(self) -> set[str]:
        found, self.read = self.read, []
        return set(found)

    def get_paginator(self, operation: str) -> Account:
        self._operation = operation
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        if self._operation == "describe_auto_scaling_groups":
            self.read.append("group")
            return [{"AutoScalingGroups": [self.group]}]
        if self._operation == "describe_listeners":
            self.read.append("listeners")
            forward = {"TargetGroups": [{"TargetGroupArn": ARN, "Weight": self.weight}]}
            action = {"Type": "forward", "ForwardConfig": forward}
            listener = {"ListenerArn": LISTENER, "Protocol": "HTTP", "Port": 80, "DefaultActions": [action]}
            return [{"Listeners": [listener]}]
        self.read.append("rules")
        return [{"Rules": []}]

    def describe_tags(self, **_asked: Any) -> dict[str, Any]:
        self.read.append("tags")
        return {"TagDescriptions": [{"ResourceArn": ARN, "Tags": [tag("bluegreen:stable", self.stable)]}]}


@pytest.fixture
def account() -> Account:
    return Account(FakeClock())


@pytest.fixture
def guard(account: Account) -> Guard:
    run = Run(client=lambda _service: account, clock=account.clock)
    asked = Announcement("web-blue-v001", "web", "It is being removed.", Surroundings(routes=[LISTENER]))
    target_group = TargetGroup(ARN, "web-blue", "instance", 80, (BALANCER,))
    return Guard(run, Leaving(asked, OLD, Identity.read(OLD), [target_group]))


def test_everything_is_read_before_anything_is_lost(account: Account, guard: Guard) -> None:
    guard()
    assert account.looked() == WHOLE
    account.weight = 10
    with pytest.raises(InUseError, match="sends"):
        guard()


def test_a_look_in_a_drain_is_one_call_and_sees_a_return_within_seconds(account: Account, guard: Guard) -> None:
    guard.look()
    assert account.looked() == set()  # the guard has just looked
    account.clock.sleep(5)
    guard.look()
    assert account.looked() == {"tags"}
    account.stable = "blue"
    account.clock.sleep(5)
    with pytest.raises(InUseError, match="blue of web is stable"):
        guard.look()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda account: setattr(account, "weight", 10), id="weights by hand"),
        pytest.param(
            lambda account: setattr(
                account, "group", OLD | {"Tags": [*OLD["Tags"], tag("bluegreen:retain-until", "2030-01-01")]}
            ),
            id="another deadline",
        ),
    ],
)
def test_what_somebody_else_does_is_seen_after_a_quarter_of_a_minute(
    account: Account, guard: Guard, change: Any
) -> None:
    change(account)
    for _look in range(2):
        account.clock.sleep(5)
        guard.look()
    account.clock.sleep(5)
    with pytest.raises(InUseError):
        guard.look()
    assert account.looked() >= WHOLE - {"tags"}


def test_of_a_group_that_is_gone_nothing_more_is_read(account: Account, guard: Guard) -> None:
    account.group = OLD | {"Status": "Delete in progress"}
    assert guard() is None
    assert account.looked() == {"group"}
