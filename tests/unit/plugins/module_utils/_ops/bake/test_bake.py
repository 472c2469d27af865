# SPDX-License-Identifier: GPL-3.0-or-later
"""bake on a clock of its own, with an AWS whose answers depend on the time."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.bake.bake import BakeOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.approval import Approval
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.bake.bake import bake
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.traffic.routes import forwarding

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


def test_a_pass_takes_the_whole_time_and_no_more() -> None:
    result = aws().bake(60, alarms=["a"], target_groups=GROUP)
    assert (result["verdict"], result["seconds"], result["changed"]) == ("pass", 60, False)
    assert result["target_groups"][0]["healthy"] == 2
    assert [target["state"] for target in result["target_groups"][0]["targets"]][-1] == "draining"


def test_nothing_to_watch_passes_after_the_time() -> None:
    result = aws().bake(60)
    assert (result["verdict"], result["seconds"], result["reasons"]) == ("pass", 60, [])


def test_an_alarm_ends_the_bake_at_once() -> None:
    result = aws(alarm=lambda time: "ALARM" if time >= 20 else "OK").bake(60, alarms=["a"])
    assert result["verdict"] == "fail"
    assert 20 <= result["seconds"] <= 25
    assert result["msg"] == "Alarm a is in ALARM: why."


def test_an_alarm_that_disappears_ends_the_bake() -> None:
    result = aws(alarm=lambda time: None if time >= 20 else "OK").bake(60, alarms=["a"])
    assert (result["verdict"], result["alarms"][0]["state"]) == ("fail", "MISSING")
    assert result["seconds"] <= 25


def test_no_data_is_waited_for_until_the_end() -> None:
    assert (
        aws(alarm=lambda time: "OK" if time >= 60 else "INSUFFICIENT_DATA").bake(60, alarms=["a"])["verdict"] == "pass"
    )
    result = aws(alarm=lambda _: "INSUFFICIENT_DATA").bake(60, alarms=["a"])
    assert (result["verdict"], result["seconds"]) == ("inconclusive", 60)


def test_a_dip_that_one_look_sees_is_forgiven() -> None:
    looks = iter([2, 1, *[2] * 100])
    assert aws(healthy=lambda _: next(looks)).bake(60, target_groups=GROUP)["verdict"] == "pass"


def test_too_few_healthy_targets_in_two_looks_end_the_bake() -> None:
    result = aws(healthy=lambda time: 1 if time >= 20 else 2).bake(60, target_groups=GROUP)
    assert (result["verdict"], result["target_groups"][0]["healthy"]) == ("fail", 1)
    assert 23 <= result["seconds"] <= 30


def test_a_stable_environment_that_was_down_judges_nothing_until_it_is_up_again() -> None:
    def healthy(time: float) -> int:
        return 2 if 20 <= time < 40 else 0

    asked: dict[str, Any] = {"target_groups": GROUP, "stable": {"target_group": ARN}}
    assert aws(healthy=healthy).bake(60, **asked)["seconds"] < 10
    for rule in ("unless_down", "once_up"):
        result = aws(healthy=healthy).bake(30, **asked, judge_stable=rule)
        assert (result["verdict"], result["stable_down"]) == ("pass", False)
        result = aws(healthy=healthy).bake(60, **asked, judge_stable=rule)
        assert (result["verdict"], 40 < result["seconds"] <= 50) == ("fail", True), "it has come up, and counts again"
        result = aws(healthy=lambda _: 0).bake(60, **asked, judge_stable=rule)
        assert (result["verdict"], result["stable_down"]) == ("pass", True)


@pytest.mark.parametrize("code", ["InternalFailure", "Throttling"])
@pytest.mark.parametrize(
    ("healthy", "rings", "found"),
    [
        pytest.param(0, "OK", ("pass", True), id="down"),
        pytest.param(0, "ALARM", ("pass", True), id="down, and its alarm says so"),
        pytest.param(2, "OK", ("pass", False), id="up"),
        pytest.param(2, "ALARM", ("fail", False), id="up, and its alarm goes off"),
    ],
)
def test_whether_stable_was_down_is_decided_by_the_first_look_that_sees_it(
    code: str, healthy: int, rings: str, found: tuple[str, bool]
) -> None:
    reads = iter(range(100))

    def read(_time: float) -> int:
        if next(reads) == 0:
            raise ClientError({"Error": {"Code": code, "Message": "not now"}}, "DescribeTargetHealth")
        return healthy

    stable = {"target_group": ARN, "placeholders": {"auto_scaling_group": "web-green-v001"}}
    world = Aws(lambda _: rings, read, about="web-green-v001")
    result = world.bake(0, alarms=["a"], target_groups=GROUP, stable=stable, judge_stable="unless_down")
    assert (result["verdict"], result["stable_down"]) == found


def test_stable_that_no_look_has_seen_is_not_down() -> None:
    stable = {"target_group": ARN, "placeholders": {"auto_scaling_group": "web-green-v001"}}
    world = Aws(lambda _: "ALARM", lambda _: -1, about="web-green-v001")
    result = world.bake(0, alarms=["a"], target_groups=GROUP, stable=stable, judge_stable="unless_down")
    assert (result["verdict"], result["stable_down"]) == ("fail", False)


def test_an_alarm_that_still_rings_for_what_was_down_is_waited_for() -> None:
    def rings(time: float) -> str:
        return "ALARM" if time < 20 else "OK"

    world = Aws(rings, lambda _: 2, about="web-green-v001")
    asked = {"stable": {"target_group": ARN, "placeholders": {"auto_scaling_group": "web-green-v001"}}}
    result = world.bake(60, alarms=["a"], target_groups=GROUP, judge_stable="once_up", **asked)
    assert (result["verdict"], result["stable_down"]) == ("pass", False)


@pytest.mark.parametrize(
    ("about", "options", "verdict"),
    [
        pytest.param("web-blue-v001", {"baseline": "before"}, "pass", id="stable, which has no traffic"),
        pytest.param("web-blue-v001", {}, "inconclusive", id="stable, which has traffic"),
        pytest.param("web-green-v001", {"baseline": "before"}, "inconclusive", id="the candidate"),
        pytest.param(None, {"baseline": "before"}, "inconclusive", id="nobody knows what"),
    ],
)
def test_an_alarm_that_has_no_data_because_stable_has_no_traffic_is_no_doubt(
    about: str | None, options: dict[str, Any], verdict: str
) -> None:
    world = Aws(lambda time: "OK" if time < 20 else "INSUFFICIENT_DATA", lambda _: 2, about=about)
    stable = {"target_group": ARN, "placeholders": {"auto_scaling_group": "web-blue-v001"}}
    assert world.bake(60, alarms=["a"], stable=stable, **options)["verdict"] == verdict


def test_health_that_cannot_be_read_fails_closed() -> None:
    result = aws(healthy=lambda time: -1 if time else 2).bake(60, target_groups=GROUP)
    assert result["verdict"] == "fail"
    assert "AWS refused reading the health of" in result["msg"]


@pytest.mark.parametrize(("seconds", "check_mode"), [(0, False), (60, True)])
def test_one_look(seconds: int, check_mode: bool) -> None:
    world = aws()
    result = world.bake(seconds, check_mode=check_mode, alarms=["a"])
    assert (result["verdict"], result["seconds"], world.batches) == ("pass", 0, [1])


def test_the_look_that_finds_alarms_quiet_is_the_first_of_the_bake() -> None:
    shown: list[str] = []

    def rings(time: float) -> str:
        shown.append("ALARM" if time < 5 else "OK")
        return shown[-1]

    candidate = {"target_group": ARN, "placeholders": {"auto_scaling_group": "web-green-v002"}}
    world = Aws(rings, lambda _: 2, about="web-green-v002")
    assert world.bake(0, alarms=["a"], candidate=candidate, quiet_timeout=60)["verdict"] == "pass"
    assert shown.count("OK") == 1, "nothing new is to be seen a moment later"


def test_alarms_are_read_a_hundred_a_call() -> None:
    world = aws()
    world.bake(0, alarms=[f"alarm-{number}" for number in range(250)])
    assert sorted(world.batches) == [50, 100, 100]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"seconds": -1}, "seconds must be 0 or more; given: -1"),
        ({"interval": 0.0}, "interval must be more than 0 seconds"),
        ({"metrics_interval": -1.0}, "metrics_interval must be more than 0 seconds"),
        ({"significance": 1.0}, "significance must be a probability"),
        ({"metrics": [{"name": "errors"}]}, "Metrics are of a candidate"),
        ({"metrics": [{"name": "errors"}], "candidate": {"target_group": ARN}}, "errors is compared with stable"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(BluegreenError, match=problem):
        aws().bake(**options)


ROUTE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0123456789abcdef/0123456789abcdef"


class Unshifted(Aws):
    """The route has new weights, and stable had traffic before; nothing is counted of the time since."""

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if "MetricDataQueries" in asked:
            at = datetime.fromtimestamp(self.clock.now() - 60, UTC)
            found = {"StatusCode": "Complete", "Timestamps": [at], "Values": [100.0]}
            yield {"MetricDataResults": [{"Id": query["Id"], **found} for query in asked["MetricDataQueries"]]}
        else:
            yield from super().paginate(**asked)

    def describe_listeners(self, ListenerArns: Sequence[str]) -> dict[str, Any]:  # noqa: N803
        actions = forwarding({ARN: 50, ARN.replace("green", "blue"): 50})
        return {"Listeners": [{"ListenerArn": arn, "DefaultActions": actions} for arn in ListenerArns]}


@pytest.mark.parametrize(("timeout", "looks"), [(0, 1), (20, 9)])
def test_without_a_pause_there_is_no_second_look(monkeypatch: pytest.MonkeyPatch, timeout: int, looks: int) -> None:
    monkeypatch.setattr(random, "uniform", lambda least, _most: least)  # the shortest pauses
    world = Unshifted(lambda _: "OK", lambda _: 2)
    result = world.bake(0, alarms=["a"], routes=[ROUTE], propagation_timeout=timeout)
    assert (result["verdict"], result["seconds"]) == ("pass", timeout)
    assert len(world.batches) == looks, "metrics show nothing new at once"


class Asking(Aws):
    """The candidate's group waits for approval at 10 %, which ann gives after this many seconds."""

    def __init__(self, approved_after: float) -> None:
        super().__init__(lambda _: "OK", lambda _: 2)
        self._approved_after = approved_after

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if "AutoScalingGroupNames" not in asked:
            yield from super().paginate(**asked)
            return
        by = "ann" if self.clock.time >= self._approved_after else None
        tags = Approval(10, datetime.fromtimestamp(120, UTC), by).tag()
        yield {"AutoScalingGroups": [{"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}]}


ASKED = {"group": "web-green-v002", "weight": 10, "then": "rollback"}


def test_who_waits_for_approval_reads_at_which_weight_until_when_and_how() -> None:
    world = Asking(approved_after=75)
    result = world.bake(120, alarms=["a"], approval=ASKED)
    assert (result["verdict"], result["approved_by"]) == ("pass", "ann")
    how = "approve.yml with bluegreen_approve_weight=10"
    waiting = f"waiting for approval at 10 % until 1970-01-01 00:02:00 UTC ({how}): alarms ok; at most"
    assert world.said == [f"{waiting} 1 min 30 s more", f"{waiting} 1 min 0 s more", "Approved by ann."]


def test_nobody_is_waited_for_after_that() -> None:
    result = Asking(approved_after=1000).bake(120, alarms=["a"], approval=ASKED)
    assert (result["seconds"], result["approved_by"]) == (120, None)
    assert "Nobody has approved web-green-v002 at 10 % within 120 s." in result["msg"]


class Denied(Unshifted):
    """A call is refused the first ``times``."""

    def __init__(self, call: str, times: int) -> None:
        super().__init__(lambda _: "OK", lambda _: 2)
        self._call, self._left = call, times
        self.made: list[str] = []

    def _may(self, call: str) -> None:
        self.made.append(call)
        if call == self._call and self._left:
            self._left -= 1
            raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not you"}}, call)

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        if "MetricDataQueries" in asked:
            self._may("GetMetricData")
        return super().paginate(**asked)

    def describe_listeners(self, ListenerArns: Sequence[str]) -> dict[str, Any]:  # noqa: N803
        self._may("DescribeListeners")
        return super().describe_listeners(ListenerArns)


@pytest.mark.parametrize("call", ["GetMetricData", "DescribeListeners"])
@pytest.mark.parametrize("timeout", [0, 20])
def test_one_unread_look_at_the_requests_is_no_doubt(call: str, timeout: int) -> None:
    result = Denied(call, 1).bake(10, routes=[ROUTE], propagation_timeout=timeout)
    assert (result["verdict"], result["reasons"]) == ("pass", [])


@pytest.mark.parametrize(("seconds", "timeout"), [(0, 0), (10, 0), (0, 10)])
def test_a_bake_that_takes_no_time_asks_for_no_requests(seconds: int, timeout: int) -> None:
    world = Denied("GetMetricData", 0)
    result = world.bake(seconds, routes=[ROUTE], candidate={"target_group": ARN}, propagation_timeout=timeout)
    asked = ["DescribeListeners", "GetMetricData"] if seconds or timeout else []
    assert (result["verdict"], list(dict.fromkeys(world.made))) == ("pass", asked)
    assert ("requests not yet counted" in result["msg"]) == bool(asked)


@pytest.mark.parametrize("call", ["GetMetricData", "DescribeListeners"])
def test_requests_that_cannot_be_read_are_not_waited_for(call: str) -> None:
    result = Denied(call, 1000).bake(0, routes=[ROUTE], candidate={"target_group": ARN}, propagation_timeout=300)
    assert (result["verdict"], result["seconds"]) == ("inconclusive", 1)
    assert f"not you ({call}: AccessDenied)." in result["msg"]
    assert "requests could not be read" in result["msg"]
