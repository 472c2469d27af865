# SPDX-License-Identifier: GPL-3.0-or-later
"""What a rule does with a request: forward, redirect or a fixed response."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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


Action = Forward | FixedResponse | Redirect


def parse_action(raw: Sequence[Mapping[str, Any]]) -> Action:
    """The routing action, which ELBv2 demands last; authenticate-* and jwt-validation ahead of it count as passed."""
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
