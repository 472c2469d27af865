# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read while a removal drains: little at each look, and everything before anything is lost."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.in_use import (
    GroupIdentity,
    InUseError,
    Surroundings,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal import Announcement
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal_plan import Leaving
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import TargetGroup
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.removal_guard import Guard
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.use import read_use
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.group.groups import group, tag

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/1"
GREEN = ARN.replace("blue", "green")
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/1"
LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/1/2"
RULE, OTHER_RULE = (LISTENER.replace(":listener/", ":listener-rule/") + f"/{number}" for number in (3, 4))
OLD = group(
    Tags=[tag("bluegreen:service", "web"), tag("bluegreen:color", "blue")],
    TargetGroupARNs=[],
    TrafficSources=[],
    Instances=[],
    HealthCheckType="EC2",
)
RIGHT_BEFORE = {"group", "tags", "listeners", f"rules {RULE}"}
WHOLE = {"group", "tags", "listeners", "every rule"}


def forward(weight: int | None) -> list[dict[str, Any]]:
    """So much to blue; None leaves it out."""
    named = [] if weight is None else [{"TargetGroupArn": ARN, "Weight": weight}]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": [*named, {"TargetGroupArn": GREEN, "Weight": 100}]}}]


class Account:
    """Where green is stable and has the traffic, until somebody changes that; tells what was read."""

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.read = clock, list[str]()
        self.stable, self.weight, self.group = "green", 0, OLD
        self.rules: dict[str, int | None] = {RULE: 0, OTHER_RULE: None}

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
            listener = {"ListenerArn": LISTENER, "Protocol": "HTTP", "Port": 80, "DefaultActions": forward(self.weight)}
            return [{"Listeners": [listener]}]
        self.read.append("every rule")
        return [{"Rules": self._rules(list(self.rules))}]

    def describe_rules(self, RuleArns: list[str]) -> dict[str, Any]:  # noqa: N803 (as the SDK calls it)
        self.read.append(f"rules {' '.join(RuleArns)}")
        if gone := set(RuleArns) - set(self.rules):
            raise ClientError({"Error": {"Code": "RuleNotFound", "Message": f"no {gone}"}}, "DescribeRules")
        return {"Rules": self._rules(RuleArns)}

    def _rules(self, arns: list[str]) -> list[dict[str, Any]]:
        return [
            {"RuleArn": arn, "Priority": "1", "IsDefault": False, "Actions": forward(self.rules[arn])} for arn in arns
        ]

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
    use = read_use(run, asked.around, OLD, [target_group])
    account.looked()
    return Guard(run, Leaving(asked, use, GroupIdentity.read(OLD), [target_group]))


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda account: setattr(account, "weight", 10), id="a listener"),
        pytest.param(lambda account: account.rules.update({RULE: 10}), id="a rule that names it"),
        pytest.param(lambda account: setattr(account, "stable", "blue"), id="declared stable"),
    ],
)
def test_what_may_change_within_seconds_is_read_before_anything_is_lost(
    account: Account, guard: Guard, change: Any
) -> None:
    guard()
    assert account.looked() == RIGHT_BEFORE
    change(account)
    with pytest.raises(InUseError, match=r"sends|stable"):
        guard()


def test_a_rule_that_did_not_name_it_is_read_after_a_quarter_of_a_minute(account: Account, guard: Guard) -> None:
    account.rules[OTHER_RULE] = 10
    account.clock.sleep(15)
    with pytest.raises(InUseError, match="sends"):
        guard()
    account.looked()
    account.rules[OTHER_RULE] = 0
    guard()
    assert account.looked() == {"group", "tags", "listeners", f"rules {RULE} {OTHER_RULE}"}, "now it names it"


def test_a_rule_that_is_gone_does_not_hold_up_a_removal(account: Account, guard: Guard) -> None:
    del account.rules[RULE]
    assert guard() == OLD
    assert account.looked() >= WHOLE


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
    assert account.looked() >= RIGHT_BEFORE


def test_in_a_drain_all_rules_are_read_once_a_minute(account: Account, guard: Guard) -> None:
    """They are a call for each listener, and many removals drain at the same time."""
    account.rules[OTHER_RULE] = 10
    for _look in range(11):
        account.clock.sleep(5)
        guard.look()
    assert (account.read.count("listeners"), account.read.count("every rule")) == (3, 0)
    account.clock.sleep(5)
    with pytest.raises(InUseError, match="sends"):
        guard.look()


def test_of_a_group_that_is_gone_nothing_more_is_read(account: Account, guard: Guard) -> None:
    account.group = OLD | {"Status": "Delete in progress"}
    assert guard() is None
    assert account.looked() == {"group"}
