# SPDX-License-Identifier: GPL-3.0-or-later
"""A group that leaves drains for as long as its target group lets it, whatever the longest wait that was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.in_use import InUseError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import TargetGroup
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.drain import drain
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError, lost

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.group.groups import group

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-blue/1"
DELAY = 3600  # seconds, the longest that AWS accepts
MARGIN = 60
RETURNED_AT = 1000.0


class Account:
    """Where an instance is reported as draining from its detachment on, for so many seconds."""

    def __init__(self, clock: FakeClock, drains: int) -> None:
        self.clock, self.drains, self.looks = clock, drains, 0
        self.detached_at: float | None = None

    @property
    def group(self) -> dict[str, Any]:
        attached = [ARN] if self.detached_at is None else []
        instance = {"InstanceId": "i-1", "LifecycleState": "InService", "HealthStatus": "Healthy"}
        sources = [{"Identifier": arn, "Type": "elbv2", "State": "InService"} for arn in attached]
        return group(TargetGroupARNs=attached, TrafficSources=sources, Instances=[instance], HealthCheckType="ELB")

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        return [{"AutoScalingGroups": [self.group]}]

    def detach_traffic_sources(self, **_asked: Any) -> None:
        self.detached_at = self.clock.monotonic()

    def attach_traffic_sources(self, **_asked: Any) -> None:
        self.detached_at = None

    def delete_tags(self, **_asked: Any) -> None:
        """Of no interest here."""

    def describe_target_group_attributes(self, **_asked: Any) -> dict[str, Any]:
        return {"Attributes": [{"Key": "deregistration_delay.timeout_seconds", "Value": str(DELAY)}]}

    def describe_target_health(self, **_asked: Any) -> dict[str, Any]:
        self.looks += 1
        over = self.detached_at is not None and self.clock.monotonic() >= self.detached_at + self.drains
        target = {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "draining"}}
        return {"TargetHealthDescriptions": [] if over else [target]}


class Guard:
    """Nobody uses the group. A look from ``RETURNED_AT`` on ``raises``."""

    def __init__(self, account: Account, raises: Exception | None) -> None:
        self.account, self.raises = account, raises

    def __call__(self) -> dict[str, Any]:
        return self.account.group

    def look(self) -> None:
        if self.raises and self.account.clock.now() >= RETURNED_AT:
            raise self.raises


def drain_for_900(
    account: Account, pace: float = 0.0, raises: Exception | None = None, attached: Sequence[str] = (ARN,)
) -> None:
    """As a removal does that is to wait for no longer than 900 s."""
    target_groups = [TargetGroup(ARN, "web-blue", "instance", 80)]
    leaving: Any = SimpleNamespace(name="web-blue-v001", attached=attached, marked=False, target_groups=target_groups)
    guard: Any = Guard(account, raises)
    drain(Run(client=lambda _service: account, clock=account.clock, pace=pace), leaving, guard, 900)


def test_the_delay_of_the_target_group_is_waited() -> None:
    account = Account(FakeClock(), DELAY)
    drain_for_900(account)
    assert DELAY <= account.clock.time <= DELAY + MARGIN
    assert account.detached_at is not None


def test_the_look_that_shows_that_it_drains_is_the_first_of_the_wait() -> None:
    account = Account(FakeClock(), 1)
    drain_for_900(account)
    assert account.looks == 2, "it drains, and then it has drained"


def test_what_drains_for_even_longer_is_attached_again() -> None:
    account = Account(FakeClock(), 2 * DELAY)
    with pytest.raises(BluegreenError, match=rf"Not drained within {DELAY + MARGIN} seconds.* is attached to its"):
        drain_for_900(account)
    assert account.detached_at is None


def test_what_an_earlier_removal_has_detached_is_not_said_to_be_attached() -> None:
    account = Account(FakeClock(), 2 * DELAY)
    account.detached_at = 0
    with pytest.raises(BluegreenError, match=r"Not drained within .* web-blue-v001 is not attached to web-blue, so it"):
        drain_for_900(account, attached=[])


def test_a_return_is_noticed_within_seconds_and_targets_are_read_at_the_pace_of_the_run() -> None:
    account = Account(FakeClock(), DELAY)
    with pytest.raises(InUseError, match="It is stable"):
        drain_for_900(account, pace=60, raises=InUseError("It is stable."))
    assert account.clock.now() - RETURNED_AT <= 5
    assert account.looks <= 2 + RETURNED_AT / 50


def test_a_run_that_has_lost_the_lease_to_another_removal_attaches_nothing() -> None:
    account = Account(FakeClock(), DELAY)
    other = Claim.new("other", "teardown", "job 2", "", 0)
    with pytest.raises(LostLeaseError, match="job 2 is changing web"):
        drain_for_900(account, raises=lost("web", other, 0))
    assert account.detached_at is not None
