# SPDX-License-Identifier: GPL-3.0-or-later
"""Actions of listeners and rules in the one spelling that AWS returns, whichever spelling was sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from moto.elbv2.models import FakeAction

Action = dict[str, Any]

# What AWS fills in when the caller leaves it out.
REDIRECT_DEFAULTS = {
    "Protocol": "#{protocol}",
    "Port": "#{port}",
    "Host": "#{host}",
    "Path": "/#{path}",
    "Query": "#{query}",
}
AUTHENTICATE_DEFAULTS = {
    "OnUnauthenticatedRequest": "authenticate",
    "Scope": "openid",
    "SessionCookieName": "AWSELBAuthSessionCookie",
    "SessionTimeout": 604800,
}
CONFIGS: dict[str, tuple[str, dict[str, Any]]] = {
    "redirect": ("RedirectConfig", REDIRECT_DEFAULTS),
    "authenticate-oidc": ("AuthenticateOidcConfig", AUTHENTICATE_DEFAULTS),
    "authenticate-cognito": ("AuthenticateCognitoConfig", AUTHENTICATE_DEFAULTS),
}
NEVER_RETURNED = ("ClientSecret", "UseExistingClientSecret")


def in_order(actions: Iterable[Action]) -> list[Action]:
    """Actions are performed by Order; without one, as listed."""
    ordered = sorted(enumerate(actions, 1), key=lambda listed: listed[1].get("Order", listed[0]))
    return [action for _position, action in ordered]


def weighted_groups(action: Action) -> list[dict[str, Any]]:
    """The target groups of a forward action, each with its weight (1 where none was given)."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups") or [{"TargetGroupArn": action.get("TargetGroupArn")}]
    return [{"TargetGroupArn": group["TargetGroupArn"], "Weight": int(group.get("Weight", 1))} for group in groups]


def target_groups(action: Action) -> list[str]:
    return [group["TargetGroupArn"] for group in weighted_groups(action)] if action["Type"] == "forward" else []


def stored(actions: Iterable[FakeAction]) -> list[Action]:
    return [action.data for action in actions]


def normalized(actions: Iterable[FakeAction]) -> list[FakeAction]:
    """As AWS stores and returns them: ordered, both spellings of a forward, defaults filled in, no secrets."""
    ordered = in_order(action.data for action in actions)
    return [
        FakeAction({**_normalized(action), "Order": action.get("Order", order)})
        for order, action in enumerate(ordered, 1)
    ]


def _normalized(action: Action) -> Action:
    if action["Type"] == "forward":
        return _forward(action)
    if action["Type"] in CONFIGS:
        name, defaults = CONFIGS[action["Type"]]
        config = {**defaults, **action.get(name, {})}
        return {"Type": action["Type"], name: {key: config[key] for key in config if key not in NEVER_RETURNED}}
    return action


def _forward(action: Action) -> Action:
    groups = weighted_groups(action)
    stickiness = action.get("ForwardConfig", {}).get("TargetGroupStickinessConfig") or {"Enabled": False}
    config = {"TargetGroups": groups, "TargetGroupStickinessConfig": stickiness}
    if len(groups) == 1:
        return {"Type": "forward", "TargetGroupArn": groups[0]["TargetGroupArn"], "ForwardConfig": config}
    return {"Type": "forward", "ForwardConfig": config}
