# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions come back in one spelling."""

from __future__ import annotations

from typing import Any

from moto.elbv2.models import FakeAction

from switchyard_lab.aws.elbv2.actions import normalized, stored, target_groups


def returned(*actions: dict[str, Any]) -> list[dict[str, Any]]:
    return stored(normalized([FakeAction(action) for action in actions]))


def test_a_forward_by_arn_has_a_weight_of_one() -> None:
    (action,) = returned({"Type": "forward", "TargetGroupArn": "blue"})
    assert action["ForwardConfig"] == {
        "TargetGroups": [{"TargetGroupArn": "blue", "Weight": 1}],
        "TargetGroupStickinessConfig": {"Enabled": False},
    }


def test_what_was_returned_is_returned_again() -> None:
    login = {"Type": "authenticate-oidc", "AuthenticateOidcConfig": {"Issuer": "x", "ClientSecret": "hidden"}}
    once = returned(login, {"Type": "forward", "TargetGroupArn": "blue"})
    assert returned(*once) == once


def test_actions_are_in_their_order() -> None:
    forward = {"Type": "forward", "TargetGroupArn": "blue", "Order": 2}
    login = {"Type": "authenticate-cognito", "AuthenticateCognitoConfig": {"UserPoolArn": "pool"}, "Order": 1}
    assert [(action["Type"], action["Order"]) for action in returned(forward, login)] == [
        ("authenticate-cognito", 1),
        ("forward", 2),
    ]


def test_a_redirect_is_filled_in() -> None:
    (action,) = returned({"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}})
    assert action["RedirectConfig"] == {
        "Protocol": "HTTPS",
        "Port": "#{port}",
        "Host": "#{host}",
        "Path": "/#{path}",
        "Query": "#{query}",
        "StatusCode": "HTTP_301",
    }


def test_only_a_forward_has_target_groups() -> None:
    assert target_groups({"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}) == []
    weights = [{"TargetGroupArn": "blue", "Weight": 1}, {"TargetGroupArn": "green", "Weight": 0}]
    assert target_groups({"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}) == ["blue", "green"]
