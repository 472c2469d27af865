# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights of listeners and rules, changed as asked and nothing else with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lab.tests.sign_in import SIGN_IN
from switchyard_lab.scene import forward
from tests.integration.conftest import Ask

from ..conftest import Made
from ..front import Front

STICKY = {"Enabled": True, "DurationSeconds": 600}


def names(front: Front, blue: Any, green: Any) -> Mapping[str, Any]:
    return {arn.split("/")[1]: percent for arn, percent in ((front.blue, blue), (front.green, green))}


def test_one_change_takes_three_calls_and_a_repeat_one(ask: Ask, front: Front, made: Made) -> None:
    made()
    result = ask("listener_weights", routes=[front.listener], weights=names(front, 90, 10))
    assert result["changed"]
    assert result["weights"] == front.split(90, 10)
    (route,) = result["routes"]
    assert (route["title"], route["arn"], route["weights"]) == (front.listener, front.listener, front.split(90, 10))
    assert made() == ["DescribeListeners", "ModifyListener", "DescribeListeners"]
    assert front.weights(front.listener) == front.split(90, 10)
    again = ask("listener_weights", routes=[front.listener], weights=names(front, 90, 10))
    assert not again["changed"]
    assert again["routes"] == result["routes"]
    assert made() == ["DescribeListeners"]


def test_check_mode_tells_both_sides_and_writes_nothing(ask: Ask, front: Front, made: Made) -> None:
    made()
    result = ask("listener_weights", check=True, routes=[front.rule], weights=names(front, 0, 100))
    assert result["changed"]
    assert result["diff"]["before"][front.rule]["weights"] == names(front, 100, 0)
    assert result["diff"]["after"][front.rule]["weights"] == names(front, 0, 100)
    assert [(each["arn"], each["weights"]) for each in result["routes"]] == [(front.rule, front.split(0, 100))]
    assert made("write") == []


def test_answers_of_a_survey_are_strings(ask: Ask, front: Front) -> None:
    ask("listener_weights", routes=[front.listener], weights=names(front, "75", "25"), stickiness_seconds="60")
    assert front.weights(front.listener) == front.split(75, 25)


def test_another_order_or_spelling_is_no_change(ask: Ask, front: Front, made: Made) -> None:
    weights = {front.green: 20, front.blue: 80}
    front.scene.elbv2.modify_listener(
        ListenerArn=front.listener, DefaultActions=[forward({front.blue: 4, front.green: 1})]
    )
    made()
    assert not ask("listener_weights", routes=[front.listener], weights=weights)["changed"]
    front.scene.elbv2.modify_listener(
        ListenerArn=front.listener, DefaultActions=[{"Type": "forward", "TargetGroupArn": front.blue}]
    )
    assert not ask("listener_weights", routes=[front.listener], weights={front.blue: 100})["changed"]
    assert made("write") == []


def test_nothing_else_of_the_load_balancer_is_touched(ask: Ask, front: Front) -> None:
    elbv2, balancer = front.scene.elbv2, front.balancer

    def everything_else() -> list[Any]:
        listeners = elbv2.describe_listeners(LoadBalancerArn=balancer)["Listeners"]
        rules = elbv2.describe_rules(ListenerArn=front.listener)["Rules"]
        attributes = elbv2.describe_load_balancer_attributes(LoadBalancerArn=balancer)["Attributes"]
        return [
            sorted((listener for listener in listeners if listener["ListenerArn"] != front.listener), key=str),
            [rule for rule in rules if not rule["IsDefault"]],
            sorted(attributes, key=str),
            elbv2.describe_tags(ResourceArns=[balancer, front.listener])["TagDescriptions"],
        ]

    before = everything_else()
    ask("listener_weights", routes=[front.listener], weights=front.split(0, 100))
    assert everything_else() == before


def test_a_rule_keeps_its_conditions_and_priority(ask: Ask, front: Front) -> None:
    elbv2 = front.scene.elbv2
    (before,) = elbv2.describe_rules(RuleArns=[front.rule])["Rules"]
    assert ask("listener_weights", routes=[front.rule], weights=front.split(50, 50))["changed"]
    (after,) = elbv2.describe_rules(RuleArns=[front.rule])["Rules"]
    assert {**after, "Actions": None} == {**before, "Actions": None}
    assert front.weights(front.rule) == front.split(50, 50)
    assert front.weights(front.listener) == front.split(100, 0)


def test_listener_and_rule_move_together(ask: Ask, front: Front, made: Made) -> None:
    routes = [front.rule, front.listener, front.second]
    made()
    result = ask("listener_weights", routes=routes, weights=front.split(70, 30))
    assert [route["arn"] for route in result["routes"]] == routes
    assert all(front.weights(route) == front.split(70, 30) for route in routes)
    assert made("write") == ["ModifyRule", "ModifyListener", "ModifyListener"]


def test_only_routes_that_differ_are_written(ask: Ask, front: Front, made: Made) -> None:
    ask("listener_weights", routes=[front.second], weights=front.split(70, 30))
    made()
    assert ask("listener_weights", routes=[front.listener, front.second], weights=front.split(70, 30))["changed"]
    assert made("write") == ["ModifyListener"]


def test_when_one_route_cannot_be_changed_those_before_it_are_put_back(ask: Ask, front: Front) -> None:
    before = [front.actions(route) for route in (front.listener, front.rule)]
    front.scene.lab.fault(operation="ModifyRule", times=1, error="OperationNotPermitted")
    result = ask("listener_weights", routes=[front.listener, front.rule], weights=front.split(0, 100))
    assert result["failed"]
    assert "OperationNotPermitted" in result["msg"]
    assert front.rule in result["msg"]
    assert "put back" in result["msg"]
    assert [front.actions(route) for route in (front.listener, front.rule)] == before


def test_weights_that_somebody_else_moved_are_not_overwritten(ask: Ask, front: Front, made: Made) -> None:
    options = {"routes": [front.listener, front.second], "weights": front.split(0, 100)}
    ask("listener_weights", routes=[front.second], weights=front.split(50, 50))
    made()
    result = ask("listener_weights", **options, expected=names(front, 100, 0))
    assert result["failed"]
    assert f"{front.second} splits" in result["msg"]
    assert result["found"] == front.split(50, 50)
    assert made("write") == []


def test_a_met_expectation_lets_the_change_through(ask: Ask, front: Front) -> None:
    options = {"routes": [front.listener], "weights": front.split(0, 100)}
    assert ask("listener_weights", **options, expected={front.blue: 100})["changed"]


def test_stickiness_stays_until_it_is_named(ask: Ask, front: Front) -> None:
    sticky = forward(front.split(100, 0))
    sticky["ForwardConfig"]["TargetGroupStickinessConfig"] = STICKY
    front.scene.elbv2.modify_listener(ListenerArn=front.listener, DefaultActions=[sticky])

    def stickiness() -> dict[str, Any]:
        return dict(front.actions(front.listener)[0]["ForwardConfig"]["TargetGroupStickinessConfig"])

    ask("listener_weights", routes=[front.listener], weights=front.split(50, 50))
    assert stickiness() == STICKY
    assert ask("listener_weights", routes=[front.listener], weights=front.split(50, 50), stickiness_seconds=0)[
        "changed"
    ]
    assert not stickiness()["Enabled"]


def test_an_authenticated_listener_stays_authenticated(ask: Ask, front: Front) -> None:
    elbv2 = front.scene.elbv2
    listener = elbv2.create_listener(
        LoadBalancerArn=front.balancer,
        Protocol="HTTPS",
        Port=8443,
        Certificates=[{"CertificateArn": front.scene.certificate()}],
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        DefaultActions=[SIGN_IN, forward(front.split(100, 0)) | {"Order": 2}],
    )["Listeners"][0]["ListenerArn"]
    (before,) = elbv2.describe_listeners(ListenerArns=[listener])["Listeners"]
    assert "ClientSecret" not in before["DefaultActions"][0]["AuthenticateOidcConfig"]
    assert ask("listener_weights", routes=[listener], weights=front.split(90, 10))["changed"]
    (after,) = elbv2.describe_listeners(ListenerArns=[listener])["Listeners"]
    assert after["DefaultActions"][0] == before["DefaultActions"][0]
    assert {**after, "DefaultActions": None} == {**before, "DefaultActions": None}
    assert front.weights(listener) == front.split(90, 10)
    assert not ask("listener_weights", routes=[listener], weights=front.split(90, 10))["changed"]


def test_a_throttled_write_is_tried_again(ask: Ask, front: Front) -> None:
    front.scene.lab.fault(operation="ModifyListener", times=2, error="ThrottlingException")
    assert ask("listener_weights", routes=[front.listener], weights=front.split(0, 100))["changed"]
    assert front.weights(front.listener) == front.split(0, 100)
