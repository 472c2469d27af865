# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.references import (
    read_references,
    with_traffic,
)

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
BLUE, GREEN = (f"{PREFIX}:targetgroup/web-{color}/0" for color in ("blue", "green"))
LISTENER = f"{PREFIX}:listener/app/web/0/1"


def listener(actions: list[dict[str, Any]]) -> dict[str, Any]:
    return {"ListenerArn": LISTENER, "Protocol": "HTTPS", "Port": 443, "DefaultActions": actions}


def rule(number: int, actions: list[dict[str, Any]], default: bool = False) -> dict[str, Any]:
    priority = "default" if default else str(number)
    arn = f"{PREFIX}:listener-rule/app/web/0/1/{number}"
    return {"RuleArn": arn, "Priority": priority, "Actions": actions, "IsDefault": default}


def split(**weights: int) -> list[dict[str, Any]]:
    groups = [{"TargetGroupArn": f"{PREFIX}:targetgroup/web-{c}/0", "Weight": weight} for c, weight in weights.items()]
    return [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def test_every_listener_and_rule_that_forwards_refers() -> None:
    only_blue = [{"Type": "forward", "TargetGroupArn": BLUE}]
    maintenance = [{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}]
    rules = [rule(1, split(blue=2, green=1)), rule(2, maintenance), rule(0, only_blue, default=True)]
    found = read_references(listener(only_blue), rules)
    assert [each.name for each in found] == ["listener HTTPS:443", "rule 1 of HTTPS:443"]
    assert [float(each.gives([BLUE])) for each in found] == [100.0, 200 / 3]
    assert float(found[1].gives([BLUE, GREEN])) == 100.0


def test_who_sends_requests_and_is_not_known() -> None:
    found = read_references(listener(split(blue=100, green=0)), [rule(1, split(green=5)), rule(2, split(green=0))])
    assert with_traffic(found, [GREEN], []) == [found[1]]
    assert with_traffic(found, [GREEN], [found[1].arn]) == []
    assert with_traffic(found, [BLUE, GREEN], []) == found[:2]
    assert found[1].message([GREEN]) == f"Rule 1 of HTTPS:443 ({found[1].arn}) sends 100 % to web-green"
