# SPDX-License-Identifier: GPL-3.0-or-later
"""A service behind rules, while the default action of their listener answers by itself."""

from __future__ import annotations

import http.client
import itertools
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest

from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Plan
from ..pair import Pair, releases

HOST = {"Field": "host-header", "HostHeaderConfig": {"Values": ["shop.example.com", "*.shop.example.com"]}}
PATH = {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}
METHOD = {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["PUT", "PATCH"]}}
HEADER = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Plan", "Values": ["gold*"]}}
QUERY = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Key": "beta", "Value": "1"}]}}
SOURCE = {"Field": "source-ip", "SourceIpConfig": {"Values": ["127.0.0.0/8"]}}
ELSEWHERE = {"Field": "source-ip", "SourceIpConfig": {"Values": ["10.0.0.0/8"]}}
REGEX = {"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["^/orders/[0-9]+$"]}}
REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


@dataclass(frozen=True)
class Said:
    """A request."""

    path: str = "/"
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)


# The conditions of a rule, a request that meets them, and one that meets all of them but one.
RULES: list[tuple[list[dict[str, Any]], Said, Said]] = [
    (
        [HOST, PATH],
        Said("/api/orders", headers={"Host": "eu.shop.example.com"}),
        Said("/orders", headers={"Host": "shop.example.com"}),
    ),
    ([PATH, METHOD], Said("/api/orders", "PUT"), Said("/api/orders")),
    ([HEADER, QUERY], Said("/?a=b&beta=1", headers={"x-plan": "golden"}), Said("/?beta=1")),
    ([SOURCE, QUERY], Said("/?beta=1"), Said("/?beta=2")),
    ([REGEX], Said("/orders/12"), Said("/orders/12/items")),
]


def listener_of(scene: Scene, default: dict[str, Any]) -> str:
    return scene.listener({}, scene.load_balancer(), DefaultActions=[default])


def rules_of(pair: Pair, listener: str) -> list[str]:
    made = [
        pair.scene.elbv2.create_rule(
            ListenerArn=listener, Priority=priority, Conditions=conditions, Actions=[pair.forward(100, 0)]
        )
        for priority, (conditions, _meets, _misses) in enumerate(RULES, 10)
    ]
    return [each["Rules"][0]["RuleArn"] for each in made]


def answer(url: str, said: Said) -> tuple[int, str | None]:
    """The status, and who answered."""
    with closing(http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)) as connection:
        connection.request(said.method, said.path, headers=said.headers)
        response = connection.getresponse()
        return response.status, response.headers["X-Release"]


def test_rules_with_conditions_of_every_kind_move_together(ask: Ask, pair: Pair) -> None:
    """And nothing that meets none of them is touched."""
    listener = listener_of(pair.scene, FIXED)
    rules, url = rules_of(pair, listener), pair.scene.url(listener)
    foreign = pair.scene.elbv2.create_rule(
        ListenerArn=listener, Priority=5, Conditions=[ELSEWHERE, PATH], Actions=[pair.forward(100, 0)]
    )["Rules"][0]
    pair.healthy()
    for weights, release in ((pair.split(0, 100), "shop-green"), (pair.split(100, 0), "shop-blue")):
        assert ask("listener_weights", routes=rules, weights=weights)["changed"]
        for (_conditions, meets, _misses), _again in itertools.product(RULES, range(2)):
            assert answer(url, meets) == (200, release), meets
        if release == "shop-green":
            answers = {answer(url, misses) for conditions, _meets, misses in RULES if conditions != [HEADER, QUERY]}
            assert answers == {(404, None)}
    (after,) = pair.scene.elbv2.describe_rules(RuleArns=[foreign["RuleArn"]])["Rules"]
    assert after == foreign


@pytest.mark.parametrize("default", [REDIRECT, FIXED], ids=["redirect", "fixed"])
def test_a_service_behind_rules_alone_is_released(ask: Ask, plan: Plan, pair: Pair, default: dict[str, Any]) -> None:
    """Its listener's default action has no weights; the rules are its routes, and the plan has no objection."""
    listener = listener_of(pair.scene, default)
    rules = rules_of(pair, listener)
    pair.healthy()
    pair.declare_stable()
    definition = {**pair.definition, "routes": rules}
    assert plan(**definition, image_id=pair.scene.image(release="2"))["findings"] == []
    ask("listener_weights", routes=rules, weights=pair.split(90, 10))
    assert ask("service_info", **definition)["service"]["phase"] == "shifting"
    refused = ask("listener_weights", routes=[listener], weights=pair.split(0, 100))
    assert f"does not forward to target groups (it has: {default['Type']})" in refused["msg"]


def test_a_service_of_grpc_is_not_checked_by_http(plan: Plan, scene: Scene) -> None:
    pair, balancer = Pair(scene, ProtocolVersion="GRPC", HealthCheckPath=None), scene.load_balancer()
    secure = scene.secure(balancer)
    listener = scene.listener(pair.split(100, 0), balancer, **secure)
    test_route = scene.listener(pair.split(100, 0), balancer, port=9443, **secure)
    pair.declare_stable()
    release = {**pair.definition, "routes": [listener], "image_id": scene.image(release="2")}
    checked = {"test_route": {"arn": test_route, "url": scene.url(test_route)}, "checks": [{"path": "/"}]}
    planned = plan(**release, **checked)
    assert "has protocol version GRPC, and the checks of the test route speak HTTP/1.1" in str(planned["findings"])
    assert "do not count. Name an alarm on a metric of the service's own" in str(planned["warnings"])


def test_rules_behind_https_move_without_a_failed_request(ask: Ask, pair: Pair) -> None:
    """As most services are: port 80 redirects, the listener with the certificate answers 404, and rules do the work."""
    scene, balancer = pair.scene, pair.scene.load_balancer()
    scene.listener({}, balancer, DefaultActions=[REDIRECT])
    listener = scene.listener({}, balancer, port=443, DefaultActions=[FIXED], **scene.secure(balancer))
    rules = [pair.rule(listener, path, priority) for path, priority in (("/shop/", 10), ("/cart/", 20))]
    pair.healthy()
    url, ca = scene.url(listener), scene.lab.ca_path
    with BackgroundLoad(f"{url}shop/", rate=50, ca=ca) as load:
        for green in (10, 100):
            assert ask("listener_weights", routes=rules, weights=pair.split(100 - green, green))["changed"]
        assert releases(f"{url}shop/", ca=ca) == releases(f"{url}cart/", ca=ca) == {"shop-green"}
    assert load.result.failed == 0
    assert load.result.total.releases.keys() == {"shop-blue", "shop-green"}
