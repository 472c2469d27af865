# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule does with a request: forward, redirect or a fixed response."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .conditions import Request


@dataclass(frozen=True)
class Forward:
    weights: tuple[tuple[str, int], ...]  # target group ARN, weight
    stickiness_seconds: float = 0  # of the group, not of the target; 0 is off; a Network Load Balancer knows no end


@dataclass(frozen=True)
class FixedResponse:
    status: int
    content_type: str
    body: str


@dataclass(frozen=True)
class Redirect:
    status: int
    protocol: str
    host: str
    port: str
    path: str
    query: str

    def location(self, request: Request, scheme: str, port: int) -> str:
        """``scheme`` and ``port`` are those of the listener."""

        def fill(template: str) -> str:
            values = {
                "protocol": scheme,
                "host": request.host,
                "port": str(port),
                "path": request.path.removeprefix("/"),
                "query": request.query,
            }
            for name, value in values.items():
                template = template.replace(f"#{{{name}}}", value)
            return template

        query = fill(self.query)
        address = f"{fill(self.protocol).lower()}://{fill(self.host)}:{fill(self.port)}{fill(self.path)}"
        return f"{address}?{query}" if query else address


@dataclass(frozen=True)
class SignIn:
    """Who has no session cookie is sent to sign in, refused, or let through ("Authenticate users using an Application
    Load Balancer"). Every session cookie counts: there is no identity provider behind the lab."""

    endpoint: str
    client_id: str
    scope: str
    cookie: str
    unauthenticated: str  # authenticate, deny or allow
    extra: tuple[tuple[str, str], ...] = ()  # parameters of the request to sign in

    def stops(self, request: Request) -> bool:
        sessions = [each for each in request.headers.getall("Cookie", []) if f"{self.cookie}-0=" in each]
        return self.unauthenticated != "allow" and not sessions

    def location(self, request: Request) -> str | None:
        """Where to sign in; None: nowhere."""
        if self.unauthenticated == "deny":
            return None
        asked = {
            "client_id": self.client_id,
            "redirect_uri": f"https://{request.host}/oauth2/idpresponse",
            "response_type": "code",
            "scope": self.scope,
            **dict(self.extra),
        }
        return f"{self.endpoint}?{urlencode(asked)}"


Action = Forward | FixedResponse | Redirect | SignIn


def parse_sign_in(raw: Sequence[Mapping[str, Any]]) -> SignIn | None:
    """The action that authenticates ahead of the routing action."""
    for action in raw:
        if action["Type"] == "authenticate-oidc":
            config = action["AuthenticateOidcConfig"]
            return _sign_in(config["AuthorizationEndpoint"], config["ClientId"], config)
        if action["Type"] == "authenticate-cognito":
            config = action["AuthenticateCognitoConfig"]
            region = config["UserPoolArn"].split(":")[3]
            endpoint = f"https://{config['UserPoolDomain']}.auth.{region}.amazoncognito.com/oauth2/authorize"
            return _sign_in(endpoint, config["UserPoolClientId"], config)
    return None


def _sign_in(endpoint: str, client_id: str, config: Mapping[str, Any]) -> SignIn:
    return SignIn(
        endpoint,
        client_id,
        config.get("Scope", "openid"),
        config.get("SessionCookieName", "AWSELBAuthSessionCookie"),
        config.get("OnUnauthenticatedRequest", "authenticate"),
        tuple(config.get("AuthenticationRequestExtraParams", {}).items()),
    )


def parse_action(raw: Sequence[Mapping[str, Any]]) -> Action:
    """The routing action, which ELBv2 demands last."""
    last = max(raw, key=lambda action: int(action.get("Order") or 0))
    return _PARSERS[last["Type"]](last)


def _forward(raw: Mapping[str, Any]) -> Forward:
    config = raw["ForwardConfig"]
    stickiness = config.get("TargetGroupStickinessConfig") or {}
    return Forward(
        weights=tuple((group["TargetGroupArn"], int(group.get("Weight", 1))) for group in config["TargetGroups"]),
        stickiness_seconds=float(stickiness.get("DurationSeconds", "inf"))
        if stickiness.get("Enabled") in (True, "true")
        else 0,
    )


def _fixed_response(raw: Mapping[str, Any]) -> FixedResponse:
    config = raw["FixedResponseConfig"]
    return FixedResponse(
        status=int(config["StatusCode"]),
        content_type=config.get("ContentType") or "text/plain",
        body=config.get("MessageBody") or "",
    )


def _redirect(raw: Mapping[str, Any]) -> Redirect:
    config = raw["RedirectConfig"]
    return Redirect(
        status=int(config["StatusCode"].removeprefix("HTTP_")),
        protocol=config.get("Protocol") or "#{protocol}",
        host=config.get("Host") or "#{host}",
        port=str(config.get("Port") or "#{port}"),
        path=config.get("Path") or "/#{path}",
        query="#{query}" if config.get("Query") is None else config["Query"],
    )


_PARSERS: Mapping[str, Callable[[Mapping[str, Any]], Action]] = {
    "forward": _forward,
    "fixed-response": _fixed_response,
    "redirect": _redirect,
}
