# SPDX-License-Identifier: GPL-3.0-or-later
"""What the data plane must know, read from the load balancers as the API left them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from ipaddress import IPv4Address
from typing import Any, cast

from moto.elbv2.models import FakeListener, FakeRule

from ..aws.elbv2.backend import LabELBv2
from ..aws.elbv2.certificates import key_pair
from ..aws.elbv2.targets import LabTargetGroup, TargetKey
from ..aws.elbv2.types import is_network

UNHEALTHY_DRAINING = "target_health_state.unhealthy.draining_interval_seconds"
NOWHERE = "127.255.255.254"  # nothing listens there

COOKIES = ("lb_cookie", "app_cookie")

Configuration = dict[str, Any]


def read(backends: Iterable[LabELBv2]) -> Configuration:
    groups: dict[str, Any] = {}
    listeners: dict[str, Any] = {}
    for backend in backends:
        zones, shifted = backend.zones_by_group(), backend.shifted_by_group()
        for group in backend.target_groups.values():
            if group.target_type != "lambda":  # a function fails whenever it is invoked
                groups[group.arn] = _group(
                    backend, cast(LabTargetGroup, group), zones.get(group.arn, []), shifted.get(group.arn)
                )
        for balancer in backend.load_balancers.values():
            for listener in balancer.listeners.values():
                name = balancer.arn.partition(":loadbalancer/")[2]
                listeners[f"{balancer.dns_name}:{listener.port}"] = _listener(backend, name, listener, balancer.attrs)
    return {"groups": groups, "listeners": listeners}


def checked_targets(configuration: Configuration) -> Iterator[TargetKey]:
    """The targets that the data plane looks after: registered, in a group that is in use."""
    for arn, group in configuration["groups"].items():
        if group["in_use"]:
            for target in group["targets"]:
                yield TargetKey(arn, target["id"], target["port"])


def _group(backend: LabELBv2, group: LabTargetGroup, zones: Sequence[str], shifted: str | None) -> dict[str, Any]:
    """Targets in other zones than the load balancer's get no requests and no health checks."""
    hosts = [(key, host) for key, host in _hosts(backend, group) if not zones or group.zone_of(key) in (None, *zones)]
    sticky = group.attributes["stickiness.type"] if _is_true(group, "stickiness.enabled") else ""
    network = is_network(group.protocol)
    return {
        "protocol": group.protocol,
        "version": group.protocol_version or "HTTP1",
        "in_use": bool(zones),
        "shifted": sorted({key.id for key, _host in hosts if shifted and group.zone_of(key) == shifted}),
        "targets": [{"id": key.id, "host": host, "port": key.port} for key, host in hosts],
        "deregistration_delay": _seconds(group, "deregistration_delay.timeout_seconds"),
        "stickiness_seconds": _seconds(group, f"stickiness.{sticky}.duration_seconds") if sticky in COOKIES else 0,
        "stickiness_cookie": group.attributes["stickiness.app_cookie.cookie_name"] if sticky == "app_cookie" else "",
        "sticks_to_source": sticky == "source_ip",
        "slow_start_seconds": _seconds(group, "slow_start.duration_seconds") if not network else 0,
        "algorithm": group.attributes.get("load_balancing.algorithm.type", "round_robin"),
        "ends_drained": not network or _is_true(group, "deregistration_delay.connection_termination.enabled"),
        "unhealthy_draining_seconds": _seconds(group, UNHEALTHY_DRAINING) if network else 0,
        "ends_unhealthy": _is_true(group, "target_health_state.unhealthy.connection_termination.enabled"),
        "health": {
            "protocol": "TCP" if is_network(group.health_check_protocol) else group.health_check_protocol,
            "port": str(group.health_check_port or "traffic-port"),
            "path": group.health_check_path or "/",
            "interval": float(group.health_check_interval_seconds),
            "timeout": float(group.health_check_timeout_seconds),
            "healthy": int(group.healthy_threshold_count),
            "unhealthy": int(group.unhealthy_threshold_count),
            "matcher": next(iter(getattr(group, "matcher", {}).values()), "200"),
            "version": group.protocol_version or "HTTP1",
        },
    }


def _is_true(group: LabTargetGroup, attribute: str) -> bool:
    return str(group.attributes.get(attribute)).lower() == "true"


def _seconds(group: LabTargetGroup, attribute: str) -> float:
    return float(str(group.attributes[attribute]))


def _hosts(backend: LabELBv2, group: LabTargetGroup) -> Iterator[tuple[TargetKey, str]]:
    """An instance's private address is the address its process binds; an ip target is its own. What lies beyond
    loopback is not reached."""
    for key in group.targets:
        if group.target_type == "ip":
            yield key, key.id if IPv4Address(key.id).is_loopback else NOWHERE
        elif group.target_type == "alb":
            yield key, backend.load_balancers[key.id].dns_name if key.id in backend.load_balancers else NOWHERE
        elif instance := group.ec2_backend.get_instance_by_id(key.id):
            yield key, instance.private_ip or ""


def _listener(
    backend: LabELBv2, load_balancer: str, listener: FakeListener, attributes: Mapping[str, Any]
) -> dict[str, Any]:
    idle = attributes.get("idle_timeout.timeout_seconds")  # of Application Load Balancers
    pairs = [key_pair(backend.account_id, backend.region_name, arn) for arn in listener.certificates or []]
    return {
        "lb": load_balancer,
        "arn": listener.arn,
        "protocol": listener.protocol,
        "rules": [_rule(rule) for rule in listener.rules.values()],
        "certificates": [asdict(pair) for pair in pairs if pair],
        "ssl_policy": listener.ssl_policy,
        "alpn_policy": listener.alpn_policy or [],
        **({"idle_timeout": float(idle)} if idle else {}),
    }


def _rule(rule: FakeRule) -> dict[str, Any]:
    return {
        "priority": "default" if rule.is_default else int(rule.priority),
        "conditions": rule.conditions,
        "actions": [action.data for action in rule.actions],
    }
