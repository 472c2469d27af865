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
    """A group that is short of an instance, and a launch that failed so many seconds before the wait began."""

    def __init__(self, created_before: float, failed_before: float) -> None:
        self.created = BEGAN - timedelta(seconds=created_before)
        self.failed = BEGAN - timedelta(seconds=failed_before)

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        group = {"AutoScalingGroupName": GROUP, "DesiredCapacity": 1, "Instances": [], "HealthCheckType": "EC2"}
        return [{"AutoScalingGroups": [group | {"CreatedTime": self.created}]}]

    def describe_target_health(self, **_asked: Any) -> dict[str, Any]:
        return {"TargetHealthDescriptions": []}

    def describe_scaling_activities(self, **_asked: Any) -> dict[str, Any]:
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
