# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules make of a Network Load Balancer's routes."""

from __future__ import annotations

import time
from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..pair import Pair, releases


@pytest.fixture
def pair(scene: Scene) -> Pair:
    return Pair(scene, network=True)


@pytest.fixture
def listener(pair: Pair) -> str:
    arn = pair.listener()
    pair.healthy()
    pair.declare_stable()
    return arn


def action(pair: Pair, listener: str) -> dict[str, Any]:
    found = pair.scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]
    return dict(found["DefaultActions"][0]["ForwardConfig"])


def test_its_stickiness_is_kept_or_turned_off_but_has_no_duration(
    ask: Ask, pair: Pair, listener: str, made: Made
) -> None:
    sticky = pair.forward(100, 0, Enabled=True)
    pair.scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[sticky])
    options = {"routes": [listener], "weights": pair.split(50, 50)}
    made()
    assert "has no duration" in ask("listener_weights", **options, stickiness_seconds=60)["msg"]
    assert made("write") == []
    assert ask("listener_weights", **options)["changed"]
    assert action(pair, listener)["TargetGroupStickinessConfig"] == {"Enabled": True}
    service = ask("service_info", **pair.definition, routes=[listener])["service"]
    assert "its address sticks to the target group" in service["sessions"]
    assert ask("listener_weights", **options, stickiness_seconds=0)["changed"]
    assert action(pair, listener)["TargetGroupStickinessConfig"] == {"Enabled": False}


def test_an_environment_whose_clients_stay_for_ever_is_not_to_be_removed(ask: Ask, pair: Pair, listener: str) -> None:
    options = {**pair.definition, "routes": [listener], "color": "green", "quiet_seconds": 1}
    pair.scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[pair.forward(100, 0, Enabled=True)])
    assert "Turn the group stickiness of the listener off" in ask("traffic_check", **options)["msg"]
    pair.scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[pair.forward(100, 0, Enabled=False)])
    assert "failed" not in ask("traffic_check", **options)


def test_a_release_without_cross_zone_load_balancing_has_to_serve_where_stable_does(
    plan: Plan, pair: Pair, listener: str
) -> None:
    """Off is the default of a Network Load Balancer."""
    (described,) = pair.scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"]

    def zones_of() -> list[str | None]:
        stages = plan(["swap"], **pair.definition, routes=[listener], image_id="")["stages"]
        return [each.get("zones_of") for stage in stages for each in stage.get("require", [])]

    assert set(zones_of()) == {pair.groups[0]}
    on = [{"Key": "load_balancing.cross_zone.enabled", "Value": "true"}]
    pair.scene.elbv2.modify_load_balancer_attributes(LoadBalancerArn=described["LoadBalancerArn"], Attributes=on)
    assert set(zones_of()) == {None}


def test_a_test_route_is_a_port_of_its_own(ask: Ask, pair: Pair, listener: str) -> None:
    weights = pair.split(0, 100)
    header = {"name": "X-Test", "value": "1"}
    refused = ask("test_route", route=listener, weights=weights, header=header, priority=1)
    assert "A Network Load Balancer reads no headers" in refused["msg"]
    made = ask("test_route", route=listener, weights=weights, port=8099)["test_route"]
    checks = [{"path": "/health", "status": [200]}]
    marked = {"header": "X-Release", "value": "shop-green"}
    assert "failed" not in ask("http_check", url=made["url"], checks=checks, release=marked)  # it waits for the port
    assert releases(made["url"]) == {"shop-green"}


def test_traffic_check_tells_that_nobody_counts(ask: Ask, pair: Pair, listener: str, made: Made) -> None:
    ask("listener_weights", routes=[listener], weights=pair.split(0, 100))
    pair.declare_stable("green")
    made()
    began = time.monotonic()
    reported = ask("traffic_check", **pair.definition, routes=[listener], color="blue", quiet_seconds=2)
    assert "Network Load Balancers do not count" in str(reported["warnings"])
    assert "GetMetricData" not in made()
    assert time.monotonic() - began >= 2, "a change of weights takes its time to reach the load balancer"
    refused = ask("traffic_check", **pair.definition, routes=[listener], color="green")
    assert "is stable" in refused["msg"]
