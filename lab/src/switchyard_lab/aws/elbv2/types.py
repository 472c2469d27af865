# SPDX-License-Identifier: GPL-3.0-or-later
"""Application and Network Load Balancers: what each has, and what each allows; moto takes every one for the former."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from moto.elbv2.exceptions import ELBClientError
from moto.elbv2.models import FakeLoadBalancer, FakeTargetGroup

LOAD_BALANCER_ATTRIBUTES: Mapping[str, Mapping[str, str]] = {
    "application": {
        "access_logs.s3.enabled": "false",
        "client_keep_alive.seconds": "3600",
        "connection_logs.s3.enabled": "false",
        "idle_timeout.timeout_seconds": "60",
        "routing.http.desync_mitigation_mode": "defensive",
        "routing.http.drop_invalid_header_fields.enabled": "false",
        "routing.http.preserve_host_header.enabled": "false",
        "routing.http.x_amzn_tls_version_and_cipher_suite.enabled": "false",
        "routing.http.xff_client_port.enabled": "false",
        "routing.http.xff_header_processing.mode": "append",
        "routing.http2.enabled": "true",
        "waf.fail_open.enabled": "false",
        "zonal_shift.config.enabled": "false",
    },
    "network": {
        "access_logs.s3.enabled": "false",
        "dns_record.client_routing_policy": "any_availability_zone",
        "zonal_shift.config.enabled": "false",
    },
}
# Of eu-west-1, where the lab is ("Elastic Load Balancing endpoints and quotas" in the AWS General Reference).
HOSTED_ZONES = {"application": "Z32O12XQLNTSW2", "network": "Z2IFOLAFXWLO4F"}
GRPC_HEALTH_PATH = "/AWS.ALB/healthcheck"  # HealthCheckPath of CreateTargetGroup in the API reference
LONGEST_NAME = 32
NETWORK_PROTOCOLS = ("TCP", "TLS", "UDP", "TCP_UDP")
# TargetGroupAttribute in the API reference: "supported only if the load balancer is an Application Load Balancer" …
STICKINESS = {
    "stickiness.app_cookie.cookie_name": "",
    "stickiness.app_cookie.duration_seconds": "86400",
    "stickiness.lb_cookie.duration_seconds": "86400",
}
ONLY_OF_APPLICATION = (
    "load_balancing.algorithm.type",
    "slow_start.duration_seconds",
    *STICKINESS,
)
# … and "supported only by Network Load Balancers", with their defaults for TCP and TLS.
ONLY_OF_NETWORK = {
    "deregistration_delay.connection_termination.enabled": "false",
    "preserve_client_ip.enabled": "true",
    "proxy_protocol_v2.enabled": "false",
    "target_health_state.unhealthy.connection_termination.enabled": "true",
    "target_health_state.unhealthy.draining_interval_seconds": "0",
}
# Which target groups a listener can forward to (Listeners for your Network Load Balancers: supported configurations).
TARGETS: Mapping[str, Sequence[str]] = {
    "HTTP": ("HTTP", "HTTPS"),
    "HTTPS": ("HTTP", "HTTPS"),
    "TCP": ("TCP", "TCP_UDP"),
    "TLS": ("TCP", "TLS"),
}


def is_network(protocol: str | None) -> bool:
    """Of a listener or a target group."""
    return protocol in NETWORK_PROTOCOLS


def check_name(name: str) -> None:
    """Of a load balancer (Name of CreateLoadBalancer in the API reference; the words: aws-cloudformation/cfn-lint#3259,
    and of the others those that the same service has for target groups)."""
    begun = f"The load balancer name '{name}' "
    if len(name) > LONGEST_NAME:
        raise ELBClientError("ValidationError", f"{begun}cannot be longer than '{LONGEST_NAME}' characters")
    if not re.fullmatch(r"[A-Za-z0-9-]+", name):
        characters = "characters that are alphanumeric characters and hyphens(-)"
        raise ELBClientError("ValidationError", f"{begun}can only contain {characters}")
    if name.startswith("-") or name.endswith("-"):
        raise ELBClientError("ValidationError", f"{begun}cannot begin or end with '-'")
    if name.startswith("internal-"):
        raise ELBClientError("ValidationError", f"{begun}cannot begin with 'internal-'")


def check_zones(kind: str, zones: Sequence[str]) -> None:
    """Of a load balancer's subnets (the words: kasmtech/terraform#5, and robertdebock/terraform-aws-vault#5)."""
    if kind == "application" and len(set(zones)) < 2:
        raise ELBClientError(
            "ValidationError", "At least two subnets in two different Availability Zones must be specified"
        )
    if len(set(zones)) < len(zones):
        raise ELBClientError(
            "InvalidConfigurationRequest",
            "A load balancer cannot be attached to multiple subnets in the same Availability Zone",
        )


def complete_load_balancer(balancer: FakeLoadBalancer, dns_name: str) -> None:
    """Every documented attribute is there; moto's ARN of a Network Load Balancer says ``app``."""
    balancer.dns_name = dns_name
    balancer.canonical_hosted_zone_id = HOSTED_ZONES[balancer.type]
    balancer.shifted_zone = None  # type: ignore[attr-defined]  # from which a zonal shift moves its traffic away
    balancer.attrs = {**LOAD_BALANCER_ATTRIBUTES[balancer.type], **balancer.attrs}
    if balancer.type == "network":
        balancer.arn = balancer.arn.replace(":loadbalancer/app/", ":loadbalancer/net/")


def complete_target_group(group: FakeTargetGroup, *, matcher_given: bool) -> None:
    if group.protocol_version == "GRPC":
        group.matcher = group.matcher if matcher_given else {"GrpcCode": "12"}
        if group.health_check_path in (None, "/"):  # moto's default, and no method of gRPC
            group.health_check_path = GRPC_HEALTH_PATH
    if not is_network(group.protocol):
        group.attributes = {**STICKINESS, **group.attributes}
        return
    group.attributes = {key: value for key, value in group.attributes.items() if key not in ONLY_OF_APPLICATION}
    group.attributes |= ONLY_OF_NETWORK
    group.attributes["stickiness.type"] = "source_ip"
    if group.health_check_protocol in ("HTTP", "HTTPS"):
        group.health_check_path = group.health_check_path or "/"
        if not matcher_given:
            group.matcher = {"HttpCode": "200-399"}


def check_protocols(listener: str, groups: Sequence[FakeTargetGroup], actions: Sequence[Mapping[str, Any]]) -> None:
    """A Network Load Balancer knows no action but forward."""
    if is_network(listener) and any(action["Type"] != "forward" for action in actions):
        raise ELBClientError(
            "InvalidLoadBalancerAction", f"Listeners with the {listener} protocol support only the forward action"
        )
    for group in groups:
        if group.protocol_version not in (None, "HTTP1") and listener != "HTTPS":
            raise ELBClientError(
                "InvalidConfigurationRequest",
                f"Listener protocol '{listener}' is not supported with a target group with the protocol-version "
                f"'{group.protocol_version}'",
            )
        if group.target_type != "lambda" and group.protocol not in TARGETS[listener]:
            raise ELBClientError(
                "IncompatibleProtocols",
                f"The protocol '{group.protocol}' of target group '{group.arn}' is not supported by listeners with the "
                f"protocol '{listener}'",
            )


def check_rules_allowed(balancer: FakeLoadBalancer) -> None:
    """ "The listener must be associated with an Application Load Balancer or a dual-stack Network Load Balancer", which
    the lab does not imitate (CreateRule in the API reference)."""
    if balancer.type == "network":
        raise ELBClientError(
            "InvalidConfigurationRequest", "Rules are not supported by the listeners of this Network Load Balancer"
        )
