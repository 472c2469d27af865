# SPDX-License-Identifier: GPL-3.0-or-later
"""Elastic Load Balancing, EC2 Auto Scaling and EventBridge Scheduler, as far as a return of traffic asks them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.base.leased import LeaseOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.release.traffic_return import ReturnOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.traffic.routes import BLUE, GREEN, PREFIX, forwarding

LISTENERS = [f"{PREFIX}:listener/app/web/0/{number}" for number in range(2)]


class Account:
    """Green, the candidate, has the traffic of every listener. Blue, which is stable, has one instance of five; the
    others ``boot`` for so many seconds once they are asked for.

    ``before`` is called with the name of each call and its arguments; where it raises, AWS has refused that call.
    """

    def __init__(self, boot: float = 60, listeners: int = 1) -> None:
        self.clock = FakeClock()
        self.boot, self.grown_at = boot, float("inf")
        self.weights = {arn: {BLUE: 0, GREEN: 100} for arn in LISTENERS[:listeners]}
        self.tags: dict[str, str] = {"bluegreen:stable": "blue"}
        self.schedules: dict[str, Any] = {}  # by name
        self.sent: list[int] = []  # blue's weights, as they were written
        self.before: Callable[[str, dict[str, Any]], None] = lambda _call, _asked: None

    @property
    def run(self) -> Run:
        return Run(lambda *_service: self, clock=self.clock)

    def options(self, **given: Any) -> ReturnOptions:
        groups = {"blue": BLUE, "green": GREEN}
        return ReturnOptions(service="web", routes=list(self.weights), target_groups=groups, **given)

    def __getattr__(self, call: str) -> Any:
        def answer(**asked: Any) -> Any:
            self.before(call, asked)
            return getattr(self, f"_{call}")(**asked)

        return answer

    def get_paginator(self, operation: str) -> Any:
        return type("Pages", (), {"paginate": lambda _pages, **asked: [getattr(self, operation)(**asked)]})()

    def _describe_listeners(self, **_asked: Any) -> dict[str, Any]:
        listeners = [{"ListenerArn": arn, "DefaultActions": forwarding(split)} for arn, split in self.weights.items()]
        return {"Listeners": listeners}

    def _modify_listener(self, ListenerArn: str, DefaultActions: list[dict[str, Any]]) -> None:  # noqa: N803
        groups = DefaultActions[0]["ForwardConfig"]["TargetGroups"]
        self.weights[ListenerArn] = {each["TargetGroupArn"]: each["Weight"] for each in groups}
        self.sent.append(self.weights[ListenerArn][BLUE])

    def _describe_tags(self, ResourceArns: list[str]) -> dict[str, Any]:  # noqa: N803
        tags = [{"Key": key, "Value": value} for key, value in list(self.tags.items())]
        return {"TagDescriptions": [{"ResourceArn": arn, "Tags": tags} for arn in ResourceArns]}

    def _add_tags(self, Tags: list[dict[str, str]], **_asked: Any) -> None:  # noqa: N803
        self.tags |= {tag["Key"]: tag["Value"] for tag in Tags}

    def _remove_tags(self, TagKeys: list[str], **_asked: Any) -> None:  # noqa: N803
        self.tags = {key: value for key, value in self.tags.items() if key not in TagKeys}

    def _describe_target_health(self, TargetGroupArn: str) -> dict[str, Any]:  # noqa: N803
        health = {"TargetHealth": {"State": "healthy"}}
        found = [{"Target": {"Id": each, "Port": 80}, **health} for each in self._instances(TargetGroupArn)]
        return {"TargetHealthDescriptions": found}

    def _instances(self, target_group: str) -> list[str]:
        """Those that are up."""
        color = "blue" if target_group == BLUE else "green"
        up = 5 if color == "green" or self.clock.now() >= self.grown_at + self.boot else 1
        return [f"i-{color}{number}" for number in range(up)]

    def _describe_auto_scaling_groups(self, **_asked: Any) -> dict[str, Any]:
        return {"AutoScalingGroups": [self._group("blue", BLUE), self._group("green", GREEN)]}

    def _group(self, color: str, target_group: str) -> dict[str, Any]:
        tags = {"bluegreen:service": "web", "bluegreen:color": color}
        healthy = {"LifecycleState": "InService", "HealthStatus": "Healthy"}
        return {
            "AutoScalingGroupName": f"web-{color}",
            "MinSize": 1,
            "MaxSize": 5,
            "DesiredCapacity": 5 if self.grown_at < float("inf") else 1,
            "HealthCheckType": "ELB",
            "CreatedTime": datetime(1969, 1, 1, tzinfo=UTC),
            "TargetGroupARNs": [target_group],
            "Instances": [{"InstanceId": each, **healthy} for each in self._instances(target_group)],
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
        }

    def _update_auto_scaling_group(self, **_asked: Any) -> None:
        self.grown_at = self.clock.now()

    def _create_or_update_tags(self, **_asked: Any) -> None:
        """Of no interest here."""

    def _list_schedules(self, **_asked: Any) -> dict[str, Any]:
        return {"Schedules": [{"Name": name} for name in self.schedules]}

    def _get_schedule(self, Name: str, **_asked: Any) -> Any:  # noqa: N803
        return self.schedules[Name]

    def _update_schedule(self, **asked: Any) -> None:
        self.schedules[asked["Name"]] = asked

    def _delete_schedule(self, Name: str, **_asked: Any) -> None:  # noqa: N803
        del self.schedules[Name]

    def _describe_scaling_activities(self, **_asked: Any) -> dict[str, Any]:
        return {"Activities": []}


def refuse(call: str, code: str = "AccessDenied") -> None:
    raise ClientError({"Error": {"Code": code, "Message": "no"}}, call)


def claim(run: str, account: Account) -> Claim:
    return Claim.new(run, "rollback", f"job {run}", "", account.clock.now())


def lease(mine: Claim) -> LeaseOptions:
    return LeaseOptions(service="web", target_groups=[BLUE, GREEN], claim=mine.as_data(), seconds=90)
