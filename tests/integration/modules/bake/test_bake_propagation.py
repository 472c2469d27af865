# SPDX-License-Identifier: GPL-3.0-or-later
"""A bake lasts until the load balancer is seen to follow the weights. A minute of CloudWatch is 3 s in this lab."""

from __future__ import annotations

import re

import pytest

from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene, await_requests
from tests.integration.conftest import Ask

from ..conftest import Made

RATE = 30


@pytest.fixture
def routes(scene: Scene) -> list[str]:
    """A listener with weights 50 and 50, and one of the same load balancer that has the second target group alone."""
    first, second = scene.target_group(), scene.target_group()
    routes = [scene.listener({first: 50, second: 50}, balancer := scene.load_balancer())]
    routes.append(scene.listener({second: 100}, balancer, port=81))
    for group in (first, second):
        scene.group(1, (group,))
    for group in (first, second):
        scene.healthy(group, 1)
    return routes


def second_of(scene: Scene, routes: list[str]) -> str:
    (listener,) = scene.elbv2.describe_listeners(ListenerArns=routes[1:])["Listeners"]
    return str(listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"][0]["TargetGroupArn"])


def test_it_lasts_until_a_minute_has_shown_the_weights(ask: Ask, scene: Scene, routes: list[str]) -> None:
    with BackgroundLoad(scene.url(routes[0]), rate=RATE):
        await_requests(scene.lab, routes[0])
        candidate = {"target_group": second_of(scene, routes)}
        result = ask("bake", seconds=0, interval=0.5, routes=routes[:1], candidate=candidate)
    assert (result["verdict"], result["reasons"]) == ("pass", [])
    assert 3 < result["seconds"] < 60
    own, total = map(int, re.findall(r"^(\d+) of (\d+) requests/min, nothing was watched", result["msg"])[0])
    assert 0.5 * total * 0.6 < own < 0.5 * total * 1.4


def test_requests_are_not_yet_counted_where_nothing_waits_for_them(
    ask: Ask, scene: Scene, routes: list[str], made: Made
) -> None:
    """There is no traffic; people read it all the same."""
    second = second_of(scene, routes)
    ask("listener_weights", routes=routes[:1], weights={second: 50}, stickiness_seconds=60)
    made()
    result = ask("bake", seconds=0, routes=routes[:1], candidate={"target_group": second})
    assert result["msg"].startswith("requests not yet counted, nothing was watched"), result["msg"]
    assert made().count("GetMetricData") == 1


def test_a_sticky_route_lasts_until_a_whole_minute_of_requests_was_counted(
    ask: Ask, scene: Scene, routes: list[str]
) -> None:
    """Its clients may stay with stable, so that the shares prove nothing, but there is something to judge."""
    second = second_of(scene, routes)
    ask("listener_weights", routes=routes[:1], weights={second: 50}, stickiness_seconds=60)
    with BackgroundLoad(scene.url(routes[0]), rate=RATE):
        await_requests(scene.lab, routes[0])
        result = ask("bake", seconds=0, interval=0.5, routes=routes[:1], candidate={"target_group": second})
    assert (result["verdict"], 3 < result["seconds"] < 60) == ("pass", True), result["msg"]
    assert " requests/min, nothing was watched" in result["msg"]


def test_nothing_is_waited_for_without_traffic(ask: Ask, routes: list[str]) -> None:
    result = ask("bake", seconds=0, routes=routes[:1])
    assert (result["verdict"], result["seconds"] < 30) == ("pass", True)


def test_requests_that_contradict_the_weights_are_a_doubt(ask: Ask, scene: Scene, routes: list[str]) -> None:
    with BackgroundLoad(scene.url(routes[1]), rate=RATE):
        await_requests(scene.lab, routes[1])
        result = ask("bake", seconds=0, interval=0.5, routes=routes[:1], propagation_timeout=8)
    assert result["verdict"] == "inconclusive"
    assert "The requests do not follow the weights: " in result["msg"]
    assert " requests, not 50%." in result["msg"]
    assert result["seconds"] >= 8


def test_requests_that_strays_send_are_counted_and_not_compared(ask: Ask, scene: Scene, routes: list[str]) -> None:
    """The plan knows of the other listener."""
    with BackgroundLoad(scene.url(routes[1]), rate=RATE):
        await_requests(scene.lab, routes[1])
        result = ask("bake", seconds=0, interval=0.5, routes=routes[:1], strays=True)
    assert (result["verdict"], 3 < result["seconds"] < 60) == ("pass", True), result["msg"]


def test_what_a_stable_environment_without_targets_does_not_answer_is_no_doubt(
    ask: Ask, scene: Scene, routes: list[str]
) -> None:
    with BackgroundLoad(scene.url(routes[1]), rate=RATE):
        await_requests(scene.lab, routes[1])
        result = ask("bake", seconds=0, interval=0.5, routes=routes[:1], judge_stable="once_up")
    assert (result["verdict"], result["seconds"] < 30) == ("pass", True)


def test_requests_through_a_test_route_alone_are_no_doubt(ask: Ask, scene: Scene, routes: list[str]) -> None:
    (listener,) = scene.elbv2.describe_listeners(ListenerArns=routes[:1])["Listeners"]
    stable = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"][0]["TargetGroupArn"]
    with BackgroundLoad(scene.url(routes[1]), rate=RATE):
        await_requests(scene.lab, routes[1])
        result = ask("bake", seconds=8, interval=1, routes=routes[:1], stable={"target_group": stable})
    assert (result["verdict"], result["reasons"]) == ("pass", [])


@pytest.mark.parametrize("operation", ["GetMetricData", "DescribeListeners"])
def test_one_unread_look_at_the_requests_is_no_doubt(ask: Ask, scene: Scene, routes: list[str], operation: str) -> None:
    asked = {"seconds": 1, "routes": routes[:1], "propagation_timeout": 0}
    scene.lab.fault(operation=operation, times=1, error="AccessDenied")
    assert ask("bake", **asked)["verdict"] == "pass"
    scene.lab.fault(operation=operation, times=2, error="AccessDenied")
    result = ask("bake", **asked | {"propagation_timeout": 300})
    assert (result["verdict"], result["seconds"] < 30) == ("inconclusive", True)
    assert "AccessDenied" in result["msg"]
