# SPDX-License-Identifier: GPL-3.0-or-later
"""Which activities count in a wait: what went wrong long before it was dealt with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.targets.instance_wait import InstanceWait

from tests.unit.clock import FakeClock

GROUP = "web-green-v002"
ARN = "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/web-green/1"
QUOTA = "You have requested more vCPU capacity than your current vCPU limit of 0 allows"
BEGAN = datetime.fromtimestamp(0, UTC)  # when the wait begins, by the clock of the test


class Account:
    """A group that is short of an instance, and a launch that failed this many seconds before the wait began."""

    def __init__(self, created_before: float, failed_before: float) -> None:
        self.created = BEGAN - timedelta(seconds=created_before)
        self.failed = BEGAN - timedelta(seconds=failed_before)
        self.instances: list[dict[str, str]] = []
        self.reads: list[str] = []
        self.states: list[str] = []  # of its target, look by look; none when it is not registered

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        self.reads.append("group")
        group = {"AutoScalingGroupName": GROUP, "DesiredCapacity": 1, "HealthCheckType": "EC2"}
        return [{"AutoScalingGroups": [group | {"CreatedTime": self.created, "Instances": self.instances}]}]

    def describe_target_health(self, **_asked: Any) -> dict[str, Any]:
        self.reads.append("health")
        health = {"State": self.states.pop(0)} if self.states else {}
        target = {"Target": {"Id": "i-1", "Port": 80}, "TargetHealth": health}
        return {"TargetHealthDescriptions": [target] if health else []}

    def describe_scaling_activities(self, **_asked: Any) -> dict[str, Any]:
        self.reads.append("activities")
        launch = {"ActivityId": "1", "Description": "Launching a new EC2 instance", "Cause": "", "StatusCode": "Failed"}
        return {"Activities": [launch | {"StatusMessage": QUOTA, "StartTime": self.failed}]}


def looked(account: Account) -> bool:
    """Whether a look finds that there is something to wait for."""
    return not InstanceWait(Run(client=lambda _service: account, clock=FakeClock()), GROUP, ARN).look().reached


def test_a_launch_that_failed_before_the_wait_of_a_new_group_ends_it() -> None:
    with pytest.raises(BluegreenError) as caught:
        looked(Account(created_before=5, failed_before=3))
    assert str(caught.value) == (
        f"{GROUP} does not come up in target group web-green. AWS could not launch an instance: {QUOTA}. "
        "Raise that quota or free a part of it, then run again."
    )
    (activity,) = caught.value.facts["activities"]
    assert activity["message"] == QUOTA


@pytest.mark.parametrize(
    "account",
    [
        pytest.param(Account(created_before=86_400, failed_before=3_600), id="long before the wait"),
        pytest.param(Account(created_before=5, failed_before=10), id="of an older group of this name"),
    ],
)
def test_what_is_older_is_no_evidence(account: Account) -> None:
    assert looked(account)


def test_activities_are_read_while_an_instance_is_missing_or_when_one_has_changed() -> None:
    account = Account(created_before=86_400, failed_before=3_600)
    wait = InstanceWait(Run(client=lambda _service: account, clock=FakeClock()), GROUP, ARN)

    def reads(state: str | None) -> list[str]:
        instance = {"InstanceId": "i-1", "LifecycleState": state or "", "HealthStatus": "Healthy"}
        account.instances, account.reads = [instance] if state else [], []
        wait.look()
        return account.reads

    assert reads(None) == reads(None) == ["group", "health", "activities"]
    assert reads("Pending") == ["group", "health", "activities"]
    assert reads("Pending") == ["group", "health"]  # it boots
    assert reads("InService") == ["group", "health", "activities"]
    assert reads("InService") == ["group", "health"]  # its health checks have yet to pass
    assert reads("Terminating") == reads("Terminating") == ["group", "health", "activities"]


def test_a_good_look_is_confirmed_by_health_alone_and_a_bad_one_looks_at_everything() -> None:
    account = Account(created_before=86_400, failed_before=3_600)
    account.instances = [{"InstanceId": "i-1", "LifecycleState": "InService", "HealthStatus": "Healthy"}]
    wait = InstanceWait(Run(client=lambda _service: account, clock=FakeClock()), GROUP, ARN)
    account.states = ["healthy", "healthy", "draining", "draining"]
    assert wait.look().reached
    account.reads = []
    assert wait.confirm().reached
    assert account.reads == ["health"]
    account.reads = []
    assert not wait.confirm().reached
    assert account.reads[:3] == ["health", "group", "health"]
