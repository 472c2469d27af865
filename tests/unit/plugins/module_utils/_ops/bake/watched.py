# SPDX-License-Identifier: GPL-3.0-or-later
"""bake on a clock of its own, with an AWS whose answers depend on the time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.bake.bake import BakeOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.bake.bake import bake
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-green/0123456789abcdef"
GROUP = [{"target_group": ARN, "minimum_healthy": 2}]


class Aws:
    """Stands for the client of each service. ``alarm`` and ``healthy`` answer by the time; None: no such alarm."""

    def __init__(
        self, alarm: Callable[[float], str | None], healthy: Callable[[float], int], about: str | None = None
    ) -> None:
        self.clock = FakeClock()
        self.batches: list[int] = []
        self.said: list[str] = []  # to the person who waits
        self._alarm = alarm
        self._healthy = healthy
        self._dimensions = [{"Name": "AutoScalingGroupName", "Value": about}] if about else []

    def get_paginator(self, _operation: str) -> Aws:
        return self

    def paginate(self, AlarmNames: Sequence[str], **_others: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        self.batches.append(len(AlarmNames))
        state = self._alarm(self.clock.time)
        found = [
            {
                "AlarmName": name,
                "StateValue": state,
                "StateReason": "why",
                "StateUpdatedTimestamp": datetime.now(UTC),
                "Dimensions": self._dimensions,
            }
            for name in AlarmNames
        ]
        yield {"MetricAlarms": found if state else [], "CompositeAlarms": []}

    def describe_target_health(self, TargetGroupArn: str) -> dict[str, Any]:  # noqa: ARG002, N803
        healthy = self._healthy(self.clock.time)
        if healthy < 0:
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, "DescribeTargetHealth")
        states = ["healthy"] * healthy + ["draining"]
        return {
            "TargetHealthDescriptions": [
                {"Target": {"Id": f"i-{number}", "Port": 80}, "TargetHealth": {"State": state}}
                for number, state in enumerate(states)
            ]
        }

    def bake(self, seconds: int = 60, *, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        run = Run(client=lambda _service: self, check_mode=check_mode, clock=self.clock, report=self.said.append)
        return bake(BakeOptions.read({"seconds": seconds, **options}), run)


def aws(alarm: Callable[[float], str | None] = lambda _: "OK", healthy: Callable[[float], int] = lambda _: 2) -> Aws:
    return Aws(alarm, healthy)
