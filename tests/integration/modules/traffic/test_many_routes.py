# SPDX-License-Identifier: GPL-3.0-or-later
"""Services with several routes, and several services on one listener."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..pair import Pair, releases


@dataclass(frozen=True)
class Front:
    """A load balancer with an HTTP and an HTTPS listener, and a rule on each, that all lead to one service."""

    pair: Pair
    balancer: str
    routes: list[str]

    def weights_of_green(self) -> list[int]:
        elbv2, green = self.pair.scene.elbv2, self.pair.green
        listeners = elbv2.describe_listeners(LoadBalancerArn=self.balancer)["Listeners"]
        actions = {each["ListenerArn"]: each["DefaultActions"] for each in listeners}
        rules = [rule for rule in self.routes if ":listener-rule/" in rule]
        actions |= {each["RuleArn"]: each["Actions"] for each in elbv2.describe_rules(RuleArns=rules)["Rules"]}
        forwards = [actions[route][-1]["ForwardConfig"]["TargetGroups"] for route in self.routes]
        return [each["Weight"] for groups in forwards for each in groups if each["TargetGroupArn"] == green]


@pytest.fixture
def front(scene: Scene) -> Front:
    pair, balancer = Pair(scene), scene.load_balancer()
    http = scene.listener(pair.split(100, 0), balancer)
    https = scene.listener(pair.split(100, 0), balancer, port=443, **scene.secure(balancer))
    rules = [pair.rule(listener, "/api/", 10) for listener in (http, https)]
    pair.healthy()
    return Front(pair, balancer, [http, https, *rules])


def test_http_https_and_their_rules_move_as_one(ask: Ask, front: Front) -> None:
    assert ask("listener_weights", routes=front.routes, weights=front.pair.split(0, 100))["changed"]
    assert front.weights_of_green() == [100] * 4
    for listener in front.routes[:2]:
        url, ca = front.pair.scene.url(listener), front.pair.scene.lab.ca_path
        assert releases(url, ca=ca) == releases(f"{url}api/orders", ca=ca) == {"shop-green"}


def test_all_that_moved_return_when_the_last_cannot(ask: Ask, front: Front) -> None:
    """Under load: no request is hurt by the way there and back."""
    front.pair.scene.lab.fault(operation="ModifyRule", times=1, error="OperationNotPermitted")
    with BackgroundLoad(front.pair.scene.url(front.routes[0]), rate=50) as load:
        reported = ask("listener_weights", routes=front.routes, weights=front.pair.split(0, 100))
    assert reported["failed"]
    assert "Every route changed before it was put back." in reported["msg"]
    assert front.weights_of_green() == [0] * 4
    assert load.result.failed == 0


def test_routes_of_two_load_balancers_are_refused_before_anything_moves(ask: Ask, front: Front, made: Made) -> None:
    pair = front.pair
    elsewhere = pair.scene.listener({pair.scene.target_group(): 100})
    made()
    reported = ask("listener_weights", routes=[front.routes[0], elsewhere], weights=pair.split(0, 100))
    assert "are of 2 load balancers" in reported["msg"]
    reported = ask("service_info", **pair.definition, routes=[*front.routes, elsewhere])
    assert "are of 2 load balancers" in reported["msg"]
    assert made("write") == []


def test_services_on_one_listener_move_by_themselves(ask: Ask, scene: Scene) -> None:
    shop, news = Pair(scene), Pair(scene, "news")
    listener = scene.listener({scene.target_group(): 1})
    rules = {shop: shop.rule(listener, "/shop/", 10), news: news.rule(listener, "/news/", 20)}
    urls = {pair: f"{scene.url(listener)}{pair.name}/" for pair in rules}
    for pair in rules:
        pair.healthy()
        pair.declare_stable()

    with BackgroundLoad(urls[news], rate=50) as others:
        for green in (10, 100):
            assert ask("listener_weights", routes=[rules[shop]], weights=shop.split(100 - green, green))["changed"]
        assert releases(urls[shop]) == {"shop-green"}
        phases = [
            ask("service_info", **pair.definition, routes=[rule])["service"]["phase"] for pair, rule in rules.items()
        ]
        assert phases == ["shifting", "provisioned"]
    assert others.result.failed == 0
    assert {release for second in others.result.timeline for release in second.releases} == {"news-blue"}

    assert ask("listener_weights", routes=[rules[news]], weights=news.split(0, 100))["changed"]
    assert (releases(urls[news]), releases(urls[shop])) == ({"news-green"}, {"shop-green"})
