# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.test_route import (
    AskedTestRoute,
    Production,
    check_asked,
    completed,
    find_listener,
    listener_request,
    rule_request,
    unverifiable,
)

LB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:{}/{}/web/50dc6c495c0c9188"
LIVE, IDLE = ("arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-" + each for each in ("a/1", "b/2"))
WEIGHTS = {LIVE: 0, IDLE: 100}
FORWARD = {"Type": "forward", "TargetGroupArn": LIVE}
OIDC = {"Type": "authenticate-oidc", "Order": 1}
HEADER = AskedTestRoute(("X-Candidate", "yes"), 3, 0, None, None)
PORT = AskedTestRoute(None, 0, 9000, None, None)


def listener(kind: str = "app", **settings: Any) -> dict[str, Any]:
    reported = {
        "ListenerArn": LB.format("listener", kind) + "/f2f7",
        "LoadBalancerArn": LB.format("loadbalancer", kind),
    }
    return {**reported, "Protocol": "HTTP", "Port": 80, "DefaultActions": [FORWARD], **settings}


def rule(**settings: Any) -> dict[str, Any]:
    reported = {"RuleArn": LB.format("listener-rule", "app") + "/f2f7/9683", "Priority": "5", "IsDefault": False}
    return {**reported, "Conditions": [], "Actions": [FORWARD], **settings}


HTTPS = {"Protocol": "HTTPS", "Port": 443, "Certificates": [{"CertificateArn": "cert"}], "SslPolicy": "TLS13"}
SHOP = rule(Conditions=[{"Field": "host-header", "Values": ["shop.example.com"]}])


@pytest.mark.parametrize(
    ("asked", "production", "url"),
    [
        (HEADER, Production(listener(), None), "http://dns"),
        (HEADER, Production(listener(Port=8000), None), "http://dns:8000"),
        (HEADER, Production(listener(**HTTPS), SHOP), "https://shop.example.com"),
        (PORT, Production(listener(), SHOP), "http://dns:9000"),
        (PORT, Production(listener(**HTTPS), None), "https://dns:9000"),
        (replace(PORT, protocol="HTTP"), Production(listener(**HTTPS), None), "http://dns:9000"),
        (replace(PORT, host="me"), Production(listener("net", Protocol="TLS"), None), "https://me:9000"),
        (replace(PORT, port=443), Production(listener("net", Protocol="TLS"), None), "https://dns"),
        (PORT, Production(listener("net", Protocol="TCP_UDP"), None), "http://dns:9000"),
    ],
)
def test_where_a_check_is_sent(asked: AskedTestRoute, production: Production, url: str) -> None:
    assert asked.url(production, "dns") == url


def test_a_rule_gets_the_transforms_and_the_tokens_of_production_but_no_sign_in() -> None:
    sign_in, token = {"Type": "authenticate-cognito", "Order": 1}, {"Type": "jwt-validation", "Order": 2}
    rewrite = [{"Type": "url-rewrite", "UrlRewriteConfig": {}}]
    production = Production(listener(), rule(Actions=[sign_in, token, {**FORWARD, "Order": 3}], Transforms=rewrite))
    request = rule_request(HEADER, production, WEIGHTS)
    assert [action["Type"] for action in request["Actions"]] == ["jwt-validation", "forward"]
    assert (request["Transforms"], request["Priority"]) == (rewrite, 3)
    assert "authenticate-cognito" in production.warnings()[0]


def test_a_secure_listener_gets_the_policy_and_the_certificate_and_a_plain_one_does_not() -> None:
    production = Production(listener(**HTTPS, MutualAuthentication={"Mode": "verify"}), None)
    secure = listener_request(PORT, production, WEIGHTS)
    assert (secure["SslPolicy"], secure["Certificates"]) == ("TLS13", [{"CertificateArn": "cert"}])
    assert not {"SslPolicy", "Certificates"} & set(
        listener_request(replace(PORT, protocol="HTTP"), production, WEIGHTS)
    )
    assert "mutual TLS" in production.warnings()[0]


@pytest.mark.parametrize(
    ("url", "verifiable"),
    [
        ("https://dns:9000", False),
        ("https://dns", False),
        ("http://dns:9000", True),
        ("https://shop.example.com", True),
    ],
)
def test_no_certificate_is_for_the_name_of_a_load_balancer(url: str, verifiable: bool) -> None:
    assert (unverifiable(url, "dns") == []) is verifiable


def test_stickiness_of_production_comes_along() -> None:
    sticky = {"Enabled": True, "DurationSeconds": 60}
    config = {"TargetGroups": [{"TargetGroupArn": LIVE, "Weight": 1}], "TargetGroupStickinessConfig": sticky}
    production = Production(listener(DefaultActions=[{"Type": "forward", "ForwardConfig": config}]), None)
    (action,) = production.actions(WEIGHTS)
    assert action["ForwardConfig"]["TargetGroupStickinessConfig"] == sticky


@pytest.mark.parametrize(
    ("asked", "production", "said"),
    [
        (HEADER, Production(listener("net", Protocol="TCP"), None), "reads no headers"),
        (replace(HEADER, priority=5), Production(listener(), SHOP), "give one below 5"),
        (replace(HEADER, priority=0), Production(listener(), None), "1 to 50000"),
        (replace(HEADER, priority=50001), Production(listener(), None), "1 to 50000"),
        (HEADER, Production(listener(), rule(Priority="1")), "Give the production rule a higher number"),
        (replace(PORT, port=80), Production(listener(), None), "is production's"),
        (replace(PORT, protocol="TLS"), Production(listener(), None), "does not listen to TLS"),
        (replace(PORT, protocol="HTTPS"), Production(listener(), None), "has no certificate"),
        (PORT, Production(listener("net", Protocol="UDP"), None), "a listener of UDP takes no TCP connections"),
    ],
)
def test_what_nobody_could_reach_is_refused(asked: AskedTestRoute, production: Production, said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        check_asked(asked, production)


@pytest.mark.parametrize(
    ("there", "said"),
    [
        ({"Protocol": "HTTPS"}, "listens to HTTPS, not HTTP"),
        (
            {"DefaultActions": [OIDC, {**FORWARD, "Order": 2}]},
            "signs its users in",
        ),
        ({"DefaultActions": [{**FORWARD, "TargetGroupArn": LIVE.replace("web-a", "other")}]}, "forwards to other"),
    ],
)
def test_a_listener_that_does_something_else_is_no_test_route(there: dict[str, Any], said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        find_listener(PORT, Production(listener(), None), [listener(Port=9000, **there)], [LIVE, IDLE])


def test_weights_are_set_only_where_a_target_group_is_missing() -> None:
    moved = [{"TargetGroupArn": LIVE, "Weight": 100}, {"TargetGroupArn": IDLE, "Weight": 0}]
    complete = {"Type": "forward", "ForwardConfig": {"TargetGroups": moved}}
    assert completed(Production(listener(DefaultActions=[complete]), None).route, WEIGHTS).weights == {
        LIVE: 100,
        IDLE: 0,
    }
    assert completed(Production(listener(), None).route, WEIGHTS).weights == WEIGHTS
