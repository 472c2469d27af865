# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.traffic.references import references_of

from tests.unit.clock import FakeClock

ELB = "arn:aws:elasticloadbalancing:eu-west-1:1"
BALANCER, LISTENER = f"{ELB}:loadbalancer/net/web/1", f"{ELB}:listener/net/web/1/2"
RULE, GROUP = f"{ELB}:listener-rule/net/web/1/2/3", f"{ELB}:targetgroup/web-blue/4"


class Elbv2:
    """A dual-stack Network Load Balancer: who comes by IPv6 has target groups of its own."""

    def get_paginator(self, operation: str) -> Any:
        actions = [{"Type": "forward", "TargetGroupArn": GROUP}]
        listener = {"ListenerArn": LISTENER, "Protocol": "TCP", "Port": 443, "DefaultActions": []}
        conditions = [{"Field": "source-ip", "SourceIpConfig": {"IpAddressType": "ipv6"}}]
        rules = [
            {"RuleArn": RULE, "Priority": "1", "IsDefault": False, "Conditions": conditions, "Actions": actions},
            {"RuleArn": f"{RULE}4", "Priority": "default", "IsDefault": True, "Conditions": [], "Actions": []},
        ]
        return Pages({"describe_listeners": {"Listeners": [listener]}, "describe_rules": {"Rules": rules}}[operation])


class Pages:
    def __init__(self, page: dict[str, Any]) -> None:
        self._page = page

    def paginate(self, **_request: Any) -> list[dict[str, Any]]:
        return [self._page]


def test_rules_of_a_network_load_balancer_are_found() -> None:
    run = Run(client=lambda _service: Elbv2(), clock=FakeClock())
    (found,) = references_of(run, [BALANCER])
    assert (found.arn, found.gives([GROUP])) == (RULE, 100)
