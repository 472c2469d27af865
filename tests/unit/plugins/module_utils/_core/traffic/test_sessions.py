# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import ForwardRoute
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record import (
    RecordDefinition,
    RecordRoute,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.record_sets import Records
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.route import Route
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.sessions import (
    check_stickiness,
    check_targets,
    describe_sessions,
    loose,
)

from .routes import BLUE, ENVIRONMENTS, GREEN, PREFIX, forward_route


def route(weights: Mapping[str, int], seconds: int = 0, kind: str = "app", sticky: bool | None = None) -> ForwardRoute:
    stickiness: dict[str, object] = {"Enabled": bool(seconds) if sticky is None else sticky}
    if seconds:
        stickiness["DurationSeconds"] = seconds
    arn = f"{PREFIX}:listener/{kind}/web/0/1"
    return forward_route(weights, stickiness, arn).leading(ENVIRONMENTS)


def record(ttl: int) -> RecordRoute:
    definition = RecordDefinition.parse({"zone": "example.com", "name": "www.example.com"})
    assert definition
    return RecordRoute(definition, Records("Z1", "www.example.com", "A", {}, simple=False), ttl)


@pytest.mark.parametrize("seconds", [None, 0, 1, 604800])
def test_durations_of_an_application_load_balancer(seconds: int | None) -> None:
    check_stickiness(seconds, [route({BLUE: 100})])


@pytest.mark.parametrize("seconds", [-1, 604801])
def test_durations_that_no_load_balancer_has(seconds: int) -> None:
    with pytest.raises(BluegreenError, match=f"1 to 604800 seconds.*given: {seconds}"):
        check_stickiness(seconds, [route({BLUE: 100})])


def test_a_network_load_balancer_knows_no_duration() -> None:
    network = route({BLUE: 100}, kind="net", sticky=True)
    assert network.stickiness_seconds == 0
    check_stickiness(0, [network])
    with pytest.raises(BluegreenError, match="Network Load Balancer, whose stickiness has no duration"):
        check_stickiness(60, [network])


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ([route({BLUE: 90, GREEN: 10})], "Each request is routed by the weights"),
        ([route({BLUE: 90, GREEN: 10}, 600)], "for 600 s with the environment that answered it first"),
        ([route({BLUE: 0, GREEN: 100}, 600)], "Clients that blue answered first stay with it for 600 s"),
        ([route({BLUE: 100, GREEN: 0}), route({BLUE: 100, GREEN: 0}, 60)], "Clients that green answered first"),
        ([route({BLUE: 100}, 600)], "All clients are with blue"),
        ([route({BLUE: 90, GREEN: 10}, kind="net")], "until it ends. New ones are routed by the weights"),
        ([route({BLUE: 90, GREEN: 10}, kind="net", sticky=True)], "its address sticks to the target group"),
    ],
)
def test_who_stays_where(routes: list[ForwardRoute], said: str) -> None:
    assert said in describe_sessions(routes)


def test_who_resolves_a_name_keeps_the_answer() -> None:
    assert describe_sessions([record(60)]).startswith("Who has resolved the name keeps the answer for 60 s;")
    said = describe_sessions([route({BLUE: 90, GREEN: 10}), record(5)])
    assert "Each request is routed by the weights" in said
    assert "for 5 s" in said


def test_sticky_targets_want_a_sticky_route() -> None:
    sticky = {"stickiness.enabled": "true"}
    check_targets(BLUE, {"stickiness.enabled": "false"}, [route({BLUE: 100})])
    check_targets(BLUE, sticky, [])
    with pytest.raises(BluegreenError, match=r"The targets of web-blue are sticky.*: give the seconds"):
        check_targets(BLUE, sticky, [route({BLUE: 100})])
    with pytest.raises(BluegreenError, match=r"has no duration\. Turn the targets' stickiness off"):
        check_targets(BLUE, sticky, [route({BLUE: 100}, kind="net")])


@pytest.mark.parametrize(
    ("standing", "seconds", "is_loose"),
    [
        (route({BLUE: 100}), None, True),
        (route({BLUE: 100}), 60, False),
        (route({BLUE: 100}, 60), None, False),
        (route({BLUE: 100}, 60), 0, True),
        (record(60), None, False),
    ],
)
def test_which_routes_hold_nobody_after_a_step(standing: Route, seconds: int | None, is_loose: bool) -> None:
    assert bool(loose(seconds, [standing])) is is_loose
