# SPDX-License-Identifier: GPL-3.0-or-later
"""The configuration that the control loop sends, as values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..authority import KeyPair
from .actions import Action, Forward, SignIn, parse_action, parse_sign_in
from .conditions import Condition, Request, compile_condition
from .tls import Tls, protocols_of

IDLE_TIMEOUT_SECONDS = 60.0  # of an ALB, by default
SECURE = ("HTTPS", "TLS")


@dataclass(frozen=True)
class TargetConfig:
    id: str
    host: str
    port: int


@dataclass(frozen=True)
class HealthCheckConfig:
    protocol: str  # HTTP, HTTPS or TCP
    port: str  # "traffic-port" or a number
    path: str
    interval: float
    timeout: float
    healthy: int
    unhealthy: int
    matcher: str  # of status codes, or of those of gRPC
    version: str = "HTTP1"


@dataclass(frozen=True)
class GroupConfig:
    arn: str
    version: str  # HTTP1, HTTP2 or GRPC
    secure: bool  # the targets speak TLS
    in_use: bool
    shifted: frozenset[str]  # targets by ID in a zone from which a zonal shift moves the traffic away
    targets: tuple[TargetConfig, ...]
    deregistration_delay: float
    stickiness_seconds: float  # of the target; 0 is off
    algorithm: str
    health: HealthCheckConfig
    # An Application Load Balancer always does the first and never the second; for a Network Load Balancer it is asked.
    ends_drained: bool  # connections that are still open when the deregistration delay is over
    ends_unhealthy: bool  # connections to a target that becomes unhealthy
    stickiness_cookie: str = ""  # the application's, with which alone a client sticks to a target
    sticks_to_source: bool = False  # of a Network Load Balancer: a client sticks to a target by its address
    slow_start_seconds: float = 0  # 0 is off
    unhealthy_draining_seconds: float = 0


@dataclass(frozen=True)
class Rule:
    conditions: tuple[Condition, ...]
    action: Action
    sign_in: SignIn | None = None


@dataclass(frozen=True)
class ListenerConfig:
    load_balancer: str
    rules: tuple[Rule, ...]  # in the order they are tried; the last is the default and has no conditions
    idle_timeout: float
    protocol: str
    port: int
    tls: Tls | None

    @property
    def speaks_http(self) -> bool:
        return self.protocol in ("HTTP", "HTTPS")

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    def action_for(self, request: Request) -> Action:
        rule = next(rule for rule in self.rules if all(condition(request) for condition in rule.conditions))
        return rule.sign_in if rule.sign_in and rule.sign_in.stops(request) else rule.action


@dataclass(frozen=True)
class Config:
    generation: int
    groups: Mapping[str, GroupConfig]  # by ARN
    listeners: Mapping[tuple[str, int], ListenerConfig]  # by address and port

    def load_balancers_by_group(self) -> dict[str, set[str]]:
        users: dict[str, set[str]] = {}
        for listener in self.listeners.values():
            for rule in listener.rules:
                if isinstance(rule.action, Forward):
                    for group, _weight in rule.action.weights:
                        users.setdefault(group, set()).add(listener.load_balancer)
        return users


def parse_config(raw: Mapping[str, Any]) -> Config:
    return Config(
        generation=raw["generation"],
        groups={arn: _group(arn, group) for arn, group in raw["groups"].items()},
        listeners={_endpoint(name): _listener(name, listener) for name, listener in raw["listeners"].items()},
    )


def _endpoint(name: str) -> tuple[str, int]:
    host, port = name.rsplit(":", 1)
    return host, int(port)


def _group(arn: str, raw: Mapping[str, Any]) -> GroupConfig:
    return GroupConfig(
        arn=arn,
        version=raw.get("version", "HTTP1"),
        secure=raw["protocol"] in SECURE,
        in_use=raw["in_use"],
        shifted=frozenset(raw["shifted"]),
        targets=tuple(TargetConfig(target["id"], target["host"], int(target["port"])) for target in raw["targets"]),
        deregistration_delay=raw["deregistration_delay"],
        stickiness_seconds=raw["stickiness_seconds"],
        algorithm=raw["algorithm"],
        health=HealthCheckConfig(**raw["health"]),
        ends_drained=raw["ends_drained"],
        ends_unhealthy=raw["ends_unhealthy"],
        stickiness_cookie=raw["stickiness_cookie"],
        sticks_to_source=raw["sticks_to_source"],
        slow_start_seconds=raw["slow_start_seconds"],
        unhealthy_draining_seconds=raw["unhealthy_draining_seconds"],
    )


def _listener(name: str, raw: Mapping[str, Any]) -> ListenerConfig:
    _host, port = _endpoint(name)
    return ListenerConfig(
        load_balancer=raw["lb"],
        rules=_rules(raw["rules"]),
        idle_timeout=raw.get("idle_timeout", IDLE_TIMEOUT_SECONDS),
        protocol=raw["protocol"],
        port=port,
        tls=_tls(raw) if raw["protocol"] in SECURE else None,
    )


def _tls(raw: Mapping[str, Any]) -> Tls:
    return Tls(
        certificates=tuple(KeyPair(**pair) for pair in raw["certificates"]),
        policy=raw["ssl_policy"],
        protocols=protocols_of(raw["protocol"], raw["alpn_policy"]),
    )


def _rules(raw: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    """By priority, lowest number first; the default rule when no other matched."""
    ordered = sorted(raw, key=lambda rule: float("inf") if rule["priority"] == "default" else float(rule["priority"]))
    return tuple(
        Rule(
            conditions=tuple(compile_condition(condition) for condition in rule.get("conditions") or ()),
            action=parse_action(rule["actions"]),
            sign_in=parse_sign_in(rule["actions"]),
        )
        for rule in ordered
    )
