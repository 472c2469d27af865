# SPDX-License-Identifier: GPL-3.0-or-later
"""A bake in which stable is down, or has no traffic."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from .watched import ARN, GROUP, Aws, aws


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
