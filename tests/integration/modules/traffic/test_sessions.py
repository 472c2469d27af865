# SPDX-License-Identifier: GPL-3.0-or-later
"""Sticky clients through a shift and back, with the cookies that a load balancer gives."""

from __future__ import annotations

import urllib.request
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import pytest

from tests.integration.conftest import Ask

from ..conftest import Made
from ..pair import Pair, releases


class Client:
    """A browser: it keeps its cookies."""

    def __init__(self, url: str) -> None:
        policy = DefaultCookiePolicy(strict_ns_domain=DefaultCookiePolicy.DomainLiberal)
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar(policy)))
        self._url = url

    def asks(self) -> str:
        with self._opener.open(self._url, timeout=10) as answer:
            return str(answer.headers["X-Release"])


@pytest.fixture
def options(pair: Pair) -> dict[str, Any]:
    """Of `listener_weights`: everything goes to blue, and nobody is held."""
    listener = pair.scene.listener(pair.split(100, 0))
    pair.healthy()
    pair.declare_stable()
    return {"routes": [listener]}


def weigh(ask: Ask, pair: Pair, options: dict[str, Any], green: int, **more: Any) -> dict[str, Any]:
    return ask("listener_weights", **options, weights=pair.split(100 - green, green), **more)


def test_a_shift_makes_a_route_sticky_and_its_clients_stay(ask: Ask, pair: Pair, options: dict[str, Any]) -> None:
    assert weigh(ask, pair, options, 0, stickiness_seconds=3600)["changed"]
    client = Client(pair.scene.url(options["routes"][0]))
    assert client.asks() == "shop-blue"
    weigh(ask, pair, options, 100)  # what is not said is kept
    assert {client.asks() for _request in range(5)} == {"shop-blue"}
    assert releases(pair.scene.url(options["routes"][0])) == {"shop-green"}
    reported = ask("service_info", **options, **pair.definition)["service"]["sessions"]
    assert reported == "Clients that blue answered first stay with it for 3600 s, though it has no weight."

    weigh(ask, pair, options, 100, stickiness_seconds=0)
    assert client.asks() == "shop-green"


def test_clients_of_a_candidate_return_with_the_traffic(
    ask: Ask, pair: Pair, options: dict[str, Any], made: Made
) -> None:
    """Its weight alone would leave them on a bad release until their cookies end."""
    weigh(ask, pair, options, 100, stickiness_seconds=3600)
    client = Client(pair.scene.url(options["routes"][0]))
    assert client.asks() == "shop-green"
    weigh(ask, pair, options, 0)
    assert client.asks() == "shop-green"
    weigh(ask, pair, options, 100)

    returned = ask("traffic_return", **pair.definition, **options)
    assert returned["changed"]
    assert {client.asks() for _request in range(5)} == {"shop-blue"}
    service = ask("service_info", **pair.definition, **options)["service"]
    assert (service["weights"], service["routes"][0]["stickiness_seconds"]) == (pair.split(100, 0), 3600)
    assert service["sessions"] == "All clients are with blue."

    made()
    assert not ask("traffic_return", **pair.definition, **options)["changed"]
    assert made("write") == []
    assert ask("traffic_check", **pair.definition, **options, color="green", quiet_seconds=0)["quiet_seconds"] == 0


def test_targets_that_are_sticky_demand_sticky_routes(ask: Ask, pair: Pair, options: dict[str, Any]) -> None:
    sticky = [{"Key": "stickiness.enabled", "Value": "true"}]
    pair.scene.elbv2.modify_target_group_attributes(TargetGroupArn=pair.blue, Attributes=sticky)
    reported = weigh(ask, pair, options, 10)
    assert "You must enable group stickiness" in reported["msg"]
    assert options["routes"][0] in reported["msg"]
    assert weigh(ask, pair, options, 10, stickiness_seconds=60)["changed"]


def test_a_duration_that_no_route_can_have_is_refused(
    ask: Ask, pair: Pair, options: dict[str, Any], made: Made
) -> None:
    made()
    assert "1 to 604800 seconds" in weigh(ask, pair, options, 10, stickiness_seconds=604801)["msg"]
    assert made("write") == []
