# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward import (
    Forward,
    find_forward,
    replace_forward,
)
from hypothesis import given
from hypothesis import strategies as st

BLUE, GREEN = (f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-{c}/0" for c in ("blue", "green"))
ROUTE = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0/1"
OFF = {"Enabled": False}

OIDC = {
    "Type": "authenticate-oidc",
    "Order": 1,
    "AuthenticateOidcConfig": {
        "Issuer": "https://login.example.com",
        "AuthorizationEndpoint": "https://login.example.com/authorize",
        "TokenEndpoint": "https://login.example.com/token",
        "UserInfoEndpoint": "https://login.example.com/userinfo",
        "ClientId": "web",
        "SessionCookieName": "AWSELBAuthSessionCookie",
        "Scope": "openid",
        "SessionTimeout": 604800,
        "AuthenticationRequestExtraParams": {"display": "page"},
        "OnUnauthenticatedRequest": "authenticate",
    },
}
COGNITO = {
    "Type": "authenticate-cognito",
    "Order": 2,
    "AuthenticateCognitoConfig": {"UserPoolArn": "arn:pool", "UserPoolClientId": "web", "UserPoolDomain": "web"},
}
JWT = {
    "Type": "jwt-validation",
    "Order": 3,
    "JwtValidationConfig": {"JwksEndpoint": "https://x", "Issuer": "https://x"},
}


def forward(*groups: dict[str, Any], stickiness: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    config: dict[str, Any] = {"TargetGroups": list(groups)}
    if stickiness is not None:
        config["TargetGroupStickinessConfig"] = stickiness
    return {"Type": "forward", "ForwardConfig": config} | more


def group(arn: str, weight: int | None = None) -> dict[str, Any]:
    return {"TargetGroupArn": arn} | ({} if weight is None else {"Weight": weight})


# Actions as ELBv2 returns them: some before the forward, one forward in any of its spellings, in any order.
forwards = st.one_of(
    st.builds(lambda: {"Type": "forward", "TargetGroupArn": BLUE}),
    st.builds(lambda weight: forward(group(BLUE, weight), TargetGroupArn=BLUE), st.integers(0, 999)),
    st.builds(
        lambda blue, green, stickiness, order: forward(
            group(BLUE, blue), group(GREEN, green), stickiness=stickiness, **({"Order": order} if order else {})
        ),
        st.none() | st.integers(0, 999),
        st.integers(0, 999),
        st.none() | st.just(OFF) | st.builds(lambda s: {"Enabled": True, "DurationSeconds": s}, st.integers(1, 604800)),
        st.none() | st.just(50000),
    ),
)
actions = st.builds(
    lambda before, last: [copy.deepcopy(action) for action in before] + [last],
    st.lists(st.sampled_from([OIDC, COGNITO, JWT]), unique_by=lambda action: str(action["Type"])),
    forwards,
)
weights = st.dictionaries(st.sampled_from([BLUE, GREEN]), st.integers(0, 100), min_size=1)


@pytest.mark.parametrize(
    "action",
    [
        pytest.param({"Type": "forward", "TargetGroupArn": BLUE}, id="arn only"),
        pytest.param(forward(group(BLUE, 1)), id="config only"),
        pytest.param(forward(group(BLUE)), id="config without weight"),
        pytest.param(forward(group(BLUE, 1), TargetGroupArn=BLUE), id="both"),
        pytest.param(forward(group(BLUE, 1), stickiness=OFF, TargetGroupArn=BLUE, Order=1), id="as AWS returns it"),
    ],
)
def test_a_forward_to_one_group_reads_the_same_in_every_spelling(action: dict[str, Any]) -> None:
    read = find_forward(ROUTE, [action])
    assert read.weights == {BLUE: 1}
    assert read.shares() == {BLUE: 100}
    assert read.stickiness_seconds() == 0


def test_shares_are_what_weights_come_to() -> None:
    assert Forward({BLUE: 1, GREEN: 2}, None).shares() == {BLUE: Fraction(100, 3), GREEN: Fraction(200, 3)}
    assert Forward({BLUE: 0, GREEN: 0}, None).shares() == {BLUE: 0, GREEN: 0}


def test_a_forward_is_found_behind_other_actions() -> None:
    assert find_forward(ROUTE, [OIDC, forward(group(BLUE, 9), group(GREEN, 1))]).weights == {BLUE: 9, GREEN: 1}


@pytest.mark.parametrize(("others", "kinds"), [([], "no action"), ([{"Type": "redirect"}], "redirect")])
def test_a_route_without_a_forward_is_refused_by_name(others: list[dict[str, Any]], kinds: str) -> None:
    with pytest.raises(BluegreenError, match=f"does not forward.*{kinds}") as caught:
        find_forward(ROUTE, others)
    assert ROUTE in str(caught.value)


def test_the_one_group_spelling_is_left_out_of_what_is_written() -> None:
    (written,) = replace_forward(
        [forward(group(BLUE, 1), TargetGroupArn=BLUE, Order=7)], Forward({BLUE: 90, GREEN: 10}, OFF)
    )
    assert written == forward(group(BLUE, 90), group(GREEN, 10), stickiness=OFF, Order=7)


def test_an_oidc_action_keeps_its_secret_and_everything_else() -> None:
    given_oidc = copy.deepcopy(OIDC)
    # AWS returns no secret; an answer that holds one (or says that one exists) must not be sent back with it.
    given_oidc["AuthenticateOidcConfig"] |= {"ClientSecret": "?", "UseExistingClientSecret": False}
    written, _forward = replace_forward([given_oidc, forward(group(BLUE, 1))], Forward({BLUE: 1}, None))
    assert written == {
        **OIDC,
        "AuthenticateOidcConfig": {**OIDC["AuthenticateOidcConfig"], "UseExistingClientSecret": True},
    }


@given(actions, weights)
def test_nothing_but_the_forward_is_replaced(before: list[dict[str, Any]], given_weights: dict[str, int]) -> None:
    kept = copy.deepcopy(before)
    found = find_forward(ROUTE, before)
    after = replace_forward(before, Forward(given_weights, found.stickiness))
    assert before == kept
    assert [action["Type"] for action in after] == [action["Type"] for action in before]
    for old, new in zip(before, after, strict=True):
        if old["Type"] == "forward":
            assert {k: v for k, v in new.items() if k != "ForwardConfig"} == {
                k: v for k, v in old.items() if k not in ("ForwardConfig", "TargetGroupArn")
            }
        elif old["Type"] == "authenticate-oidc":
            config = {k: v for k, v in new["AuthenticateOidcConfig"].items() if k != "UseExistingClientSecret"}
            assert {**new, "AuthenticateOidcConfig": config} == old
        else:
            assert new == old
    assert find_forward(ROUTE, after) == Forward(given_weights, found.stickiness)


@given(actions, weights)
def test_writing_twice_is_writing_once(before: list[dict[str, Any]], given_weights: dict[str, int]) -> None:
    wanted = Forward(given_weights, find_forward(ROUTE, before).stickiness)
    once = replace_forward(before, wanted)
    assert replace_forward(once, wanted) == once


@given(actions)
def test_putting_a_forward_back_restores_the_effect(before: list[dict[str, Any]]) -> None:
    found = find_forward(ROUTE, before)
    assert find_forward(ROUTE, replace_forward(before, found)) == found
