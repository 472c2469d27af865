# SPDX-License-Identifier: GPL-3.0-or-later
"""What listener_weights refuses, and that it does so before anything is touched."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.conftest import Ask

from ..conftest import Made
from ..front import Front


def unknown_listener(front: Front) -> tuple[str, dict[str, int]]:
    return front.listener[:-4] + "0000", front.split(0, 100)


def default_rule(front: Front) -> tuple[str, dict[str, int]]:
    rules = front.scene.elbv2.describe_rules(ListenerArn=front.listener)["Rules"]
    return next(rule["RuleArn"] for rule in rules if rule["IsDefault"]), front.split(0, 100)


def not_a_route(front: Front) -> tuple[str, dict[str, int]]:
    return front.blue, front.split(0, 100)


def no_forward(front: Front) -> tuple[str, dict[str, int]]:
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    front.scene.elbv2.modify_listener(ListenerArn=front.second, DefaultActions=[fixed])
    return front.second, front.split(0, 100)


def missing_group(front: Front) -> tuple[str, dict[str, int]]:
    return front.listener, {front.blue: 50, "nowhere": 50}


def group_of_another_balancer(front: Front) -> tuple[str, dict[str, int]]:
    foreign = front.scene.target_group()
    front.scene.listener({foreign: 100})
    return front.listener, {front.blue: 50, foreign: 50}


def group_of_another_balancer_by_name(front: Front) -> tuple[str, dict[str, int]]:
    route, weights = group_of_another_balancer(front)
    return route, {arn.split("/")[1]: percent for arn, percent in weights.items()}


def forwards_elsewhere(front: Front) -> tuple[str, dict[str, int]]:
    other = front.scene.target_group()
    return front.listener, {other: 100}


def too_little(front: Front) -> tuple[str, dict[str, int]]:
    return front.listener, front.split(50, 49)


@pytest.mark.parametrize(
    ("mistake", "said"),
    [
        (unknown_listener, "ListenerNotFound"),
        (default_rule, "is a default rule; give its listener's ARN instead"),
        (not_a_route, "is not a route"),
        (no_forward, "does not forward to target groups (it has: fixed-response)"),
        (missing_group, "nowhere"),
        (group_of_another_balancer, "belongs to another load balancer"),
        (group_of_another_balancer_by_name, "belongs to another load balancer"),
        (forwards_elsewhere, "100 %, which is not among"),
        (too_little, "sum to 100"),
    ],
)
def test_bad_input_is_told_before_anything_is_touched(
    ask: Ask, front: Front, made: Made, mistake: Any, said: str
) -> None:
    route, weights = mistake(front)
    made()
    result = ask("listener_weights", routes=[front.rule, route], weights=weights)
    assert result["failed"]
    assert said in result["msg"]
    assert made("write") == []
