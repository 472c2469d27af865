# SPDX-License-Identifier: GPL-3.0-or-later
"""bake with metrics, on a clock of its own, with a CloudWatch whose minutes are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.bake.bake import BakeOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.bake.bake import bake
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
ERRORS: dict[str, Any] = {"name": "errors"}
RANGE = {"times_p50": 0.05, "times_Minimum": 0.05, "times_Maximum": 0.5}


@dataclass
class Aws:
    """Stands for the client of each service. ``minutes`` are (errors, requests) of each color, from time 0 on.

    A minute comes in two parts, one and two minutes after its end; ``late`` errors of green come at this time.
    """

    green: Sequence[tuple[int, int]]
    blue: Sequence[tuple[int, int]]
    times: Callable[[int], dict[str, float]] = lambda _requests: RANGE  # by the requests of a minute
    status: str = "Complete"
    late: float = 0
    clock: FakeClock = field(default_factory=FakeClock)
    calls: list[tuple[float, float]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)  # metrics, by call
    reported: list[str] = field(default_factory=list)

    def describe_target_groups(self, Names: Sequence[str]) -> dict[str, Any]:  # noqa: N803
        group = {"TargetGroupName": Names[0], "TargetGroupArn": f"{PREFIX}targetgroup/{Names[0]}/1"}
        return {"TargetGroups": [group | {"LoadBalancerArns": [f"{PREFIX}loadbalancer/app/web/1"]}]}

    def get_paginator(self, _operation: str) -> Aws:
        return self

    def paginate(
        self,
        MetricDataQueries: Sequence[dict[str, Any]],  # noqa: N803
        StartTime: datetime,  # noqa: N803
        EndTime: datetime,  # noqa: N803
    ) -> Iterator[dict[str, Any]]:
        """StartTime is rounded down to the minute. One namespace that AWS does not take refuses the whole call."""
        self.calls.append((StartTime.timestamp(), EndTime.timestamp()))
        self.asked.append(len(MetricDataQueries))
        if any(query["MetricStat"]["Metric"]["Namespace"].startswith(":") for query in MetricDataQueries):
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "no such thing"}}, "GetMetricData")
        asked = slice(max(0, int(StartTime.timestamp() // 60)), max(0, int(EndTime.timestamp() // 60)))
        yield {"MetricDataResults": [self._result(query, asked) for query in MetricDataQueries]}

    def _result(self, query: dict[str, Any], asked: slice) -> dict[str, Any]:
        key = query["Id"][3:]
        minutes = [
            {"failed": bad, "requests": total, "answered_2xx": total - bad, **self.times(total)}
            for bad, total in (self.green if query["Id"][0] == "c" else self.blue)[asked]
        ]
        points = [
            (datetime.fromtimestamp(minute * 60, UTC), value)
            for minute, shown in enumerate(minutes, asked.start)
            if (value := self._arrived(minute, shown.get(key, 0)))
            if key != "failed" or self.clock.time >= self.late
        ]
        times, values = [time for time, _value in points], [value for _time, value in points]
        return {"Id": query["Id"], "Label": "5XX", "StatusCode": self.status, "Timestamps": times, "Values": values}

    def _arrived(self, minute: int, value: float) -> float:
        late = self.clock.time - 60 * (minute + 1)
        return value if late >= 120 else value // 2 if late >= 60 else 0

    def bake(self, seconds: int = 300, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        run = Run(client=lambda _service: self, check_mode=check_mode, clock=self.clock, report=self.reported.append)
        colors = {color: {"target_group": f"web-{name}", "placeholders": {}} for color, name in COLORS}
        return bake(BakeOptions.read({"seconds": seconds, "metrics": [ERRORS], **colors, **options}), run)


COLORS = (("candidate", "green"), ("stable", "blue"))
GOOD, BLUE = [(2, 360)] * 10, [(16, 3240)] * 10
