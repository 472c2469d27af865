# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules as ELBv2 describes them become what the proxy goes by."""

from dataclasses import replace
from typing import Any

import pytest
from multidict import CIMultiDict

from lab.tests.sign_in import sign_in
from switchyard_lab.dataplane.actions import FixedResponse, Forward, Redirect, SignIn, parse_action, parse_sign_in
from switchyard_lab.dataplane.conditions import Request
from switchyard_lab.dataplane.config import Config, parse_config

FORWARD = Forward((("blue", 1),))
REQUEST = Request("GET", "shop.example.com", "/a/b", "x=1", CIMultiDict(), "127.0.0.1")


def fixed(body: str) -> list[dict[str, Any]]:
    return [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "200", "MessageBody": body}}]


def forward(*groups: tuple[str, int], **settings: Any) -> list[dict[str, Any]]:
    weights = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in groups]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": weights, **settings}}]


def configured(rules: list[dict[str, Any]]) -> Config:
    listener = {"lb": "app/a/1", "protocol": "HTTP", "rules": rules}
    return parse_config({"generation": 1, "groups": {}, "listeners": {"127.0.0.1:80": listener}})


def test_rules_are_tried_by_priority_and_the_default_last() -> None:
    everything = {"Field": "path-pattern", "Values": ["*"]}
    nothing = {"Field": "path-pattern", "Values": ["/nothing"]}
    rules = [
        {"priority": "default", "conditions": [], "actions": fixed("default")},
        {"priority": 10, "conditions": [everything], "actions": fixed("ten")},
        {"priority": 9, "conditions": [everything, nothing], "actions": fixed("nine")},
    ]
    listener = configured(rules).listeners["127.0.0.1", 80]
    assert listener.action_for(REQUEST) == FixedResponse(200, "text/plain", "ten")


def test_a_load_balancer_uses_the_groups_of_all_its_rules_at_any_weight() -> None:
    rules = [
        {"priority": 1, "conditions": [], "actions": forward(("test", 1))},
        {"priority": "default", "conditions": [], "actions": forward(("blue", 100), ("green", 0))},
    ]
    assert configured(rules).load_balancers_by_group() == {name: {"app/a/1"} for name in ("test", "blue", "green")}


@pytest.mark.parametrize(
    ("unauthenticated", "cookie", "answer"),
    [
        ("authenticate", "", "https://login.example.com/authorize?client_id=web&redirect_uri=https%3A%2F%2Fshop"),
        ("deny", "", None),
        ("deny", "a=b; AWSELBAuthSessionCookie-0=x", FORWARD),
        ("allow", "", FORWARD),
    ],
)
def test_users_sign_in_first(unauthenticated: str, cookie: str, answer: Any) -> None:
    actions = [sign_in(OnUnauthenticatedRequest=unauthenticated), {**forward(("blue", 1))[0], "Order": 2}]
    (listener,) = configured([{"priority": "default", "conditions": [], "actions": actions}]).listeners.values()
    request = replace(REQUEST, headers=CIMultiDict({"Cookie": cookie}))
    found = listener.action_for(request)
    if not isinstance(found, SignIn):
        assert found == answer
    elif answer is None:
        assert found.location(request) is None
    else:
        assert str(found.location(request)).startswith(answer)


def test_cognito_has_its_own_place_to_sign_in() -> None:
    pool = "arn:aws:cognito-idp:eu-west-1:123456789012:userpool/eu-west-1_x"
    config = {"UserPoolArn": pool, "UserPoolClientId": "web", "UserPoolDomain": "shop"}
    found = parse_sign_in([{"Type": "authenticate-cognito", "AuthenticateCognitoConfig": config}])
    assert found
    assert found.endpoint == "https://shop.auth.eu-west-1.amazoncognito.com/oauth2/authorize"


@pytest.mark.parametrize(("enabled", "seconds"), [(True, 60), ("true", 60), (False, 0), ("false", 0)])
def test_group_stickiness(enabled: Any, seconds: float) -> None:
    stickiness = {"Enabled": enabled, "DurationSeconds": 60}
    (action,) = (parse_action(forward(("blue", 1), TargetGroupStickinessConfig=stickiness)),)
    assert isinstance(action, Forward)
    assert action.stickiness_seconds == seconds


@pytest.mark.parametrize(
    ("config", "location"),
    [
        ({}, "http://shop.example.com:8000/a/b?x=1"),
        ({"Protocol": "HTTPS", "Port": "443"}, "https://shop.example.com:443/a/b?x=1"),
        ({"Host": "www.#{host}", "Path": "/new/#{path}", "Query": "from=#{port}&#{query}"},
         "http://www.shop.example.com:8000/new/a/b?from=8000&x=1"),
        ({"Path": "/", "Query": ""}, "http://shop.example.com:8000/"),
    ],
)  # fmt: skip
def test_redirects_keep_what_they_do_not_name(config: dict[str, str], location: str) -> None:
    action = parse_action([{"Type": "redirect", "RedirectConfig": {"StatusCode": "HTTP_301", **config}}])
    assert isinstance(action, Redirect)
    assert action.status == 301
    assert action.location(REQUEST, "http", 8000) == location
