# SPDX-License-Identifier: GPL-3.0-or-later
"""When target_registration reads the lease of its run: before it writes, and not when it only waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.targets.registration import RegistrationOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError, hold
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.targets.registration import target_registration

from tests.unit.clock import FakeClock

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-green/0123456789abcdef"
GROUP = "web-green-v002"
MINE = Claim.new("mine", "deploy", "me", "", 0)
OTHER = replace(MINE, run="other", by="somebody", fence=MINE.fence + 1)


class Account:
    """A target group, with target i-1 in it, and an Auto Scaling group that has this instance. ``claims`` are in the
    tags of the target group. ``calls`` are those that write, and those that read the tags."""

    def __init__(self, *claims: Claim, attached: bool) -> None:
        self.claims, self.attached = claims, attached
        self.calls: list[str] = []

    def describe_target_groups(self, **_asked: Any) -> dict[str, Any]:
        group = {"TargetGroupName": "web-green", "TargetGroupArn": ARN, "Port": 80, "TargetType": "instance"}
        return {"TargetGroups": [group | {"LoadBalancerArns": ["a"], "HealthCheckEnabled": True}]}

    def describe_target_health(self, **_asked: Any) -> dict[str, Any]:
        target = {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": {"State": "healthy"}}
        return {"TargetHealthDescriptions": [target]}

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        instance = {"InstanceId": "i-1", "LifecycleState": "InService", "HealthStatus": "Healthy"}
        group = {"AutoScalingGroupName": GROUP, "DesiredCapacity": 1, "HealthCheckType": "EC2", "Instances": [instance]}
        group |= {"CreatedTime": datetime.fromtimestamp(0, UTC), "TargetGroupARNs": [ARN] if self.attached else []}
        return [{"AutoScalingGroups": [group]}]

    def describe_tags(self, **_asked: Any) -> dict[str, Any]:
        self.calls.append("describe_tags")
        tags = [{"Key": claim.key, "Value": claim.text()} for claim in self.claims]
        return {"TagDescriptions": [{"ResourceArn": ARN, "Tags": tags}]}

    def register_targets(self, **_asked: Any) -> None:
        self.calls.append("register_targets")

    def deregister_targets(self, **_asked: Any) -> None:
        self.calls.append("deregister_targets")

    def attach_traffic_sources(self, **_asked: Any) -> None:
        self.calls.append("attach_traffic_sources")

    def detach_traffic_sources(self, **_asked: Any) -> None:
        self.calls.append("detach_traffic_sources")

    def registration(self, given: Mapping[str, Any], *, check_mode: bool = False) -> dict[str, Any]:
        """Module target_registration in a run that has taken the lease."""
        run = Run(lambda _service: self, check_mode=check_mode, clock=FakeClock())
        lease = {"service": "web", "target_groups": [ARN], "claim": MINE.as_data(), "seconds": 90}
        options = RegistrationOptions.read({"target_group": ARN, "lease": lease, **given})
        hold(options, run)
        return target_registration(options, run)


ONE, TWO = {"id": "i-1"}, {"id": "i-2"}
WRITES: dict[str, dict[str, Any]] = {
    "register_targets": {"targets": [ONE, TWO], "wait": False},
    "deregister_targets": {"targets": [ONE], "state": "absent", "wait": False},
    "attach_traffic_sources": {"autoscaling_group": GROUP, "wait": False},
    "detach_traffic_sources": {"autoscaling_group": GROUP, "state": "absent", "wait": False},
}


def account(*claims: Claim, write: str = "") -> Account:
    return Account(*claims, attached=write != "attach_traffic_sources")


@pytest.mark.parametrize("write", WRITES)
def test_the_lease_is_read_before_a_write(write: str) -> None:
    aws = account(MINE, write=write)
    assert aws.registration(WRITES[write])["changed"]
    assert aws.calls == ["describe_tags", write]


@pytest.mark.parametrize("write", WRITES)
def test_a_run_that_has_lost_the_lease_writes_nothing(write: str) -> None:
    aws = account(MINE, OTHER, write=write)
    with pytest.raises(LostLeaseError, match="somebody is changing web"):
        aws.registration(WRITES[write])
    assert aws.calls == ["describe_tags"]


def test_what_leaves_after_a_wait_leaves_by_a_lease_that_was_read_again() -> None:
    aws = account(MINE)
    assert aws.registration({"targets": [TWO], "purge": True, "wait": False})["changed"]
    assert aws.calls == ["describe_tags", "register_targets", "describe_tags", "deregister_targets"]


@pytest.mark.parametrize("given", [{"autoscaling_group": GROUP}, {"targets": [ONE]}])
def test_who_only_waits_does_not_read_it(given: dict[str, Any]) -> None:
    aws = account(MINE, OTHER)
    assert not aws.registration(given)["changed"]
    assert aws.calls == []


def test_check_mode_does_not_read_it() -> None:
    aws = account(MINE, OTHER)
    assert aws.registration({"targets": [ONE, TWO]}, check_mode=True)["changed"]
    assert aws.calls == []
