# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, forward, status
from tests.integration.conftest import Ask

from ..conftest import Made


@pytest.fixture
def options(scene: Scene) -> dict[str, Any]:
    """Blue has an instance and no weight, green has all traffic."""
    blue, green = scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 0, green: 100})
    scene.in_service(scene.group(1, (blue,)), 1)
    return {
        "service": scene.name("service"),
        "routes": [listener],
        "target_groups": {"blue": blue, "green": green},
        "color": "blue",
        "quiet_seconds": 1,
    }


def weigh(scene: Scene, options: dict[str, Any], blue: int, **settings: Any) -> None:
    groups = options["target_groups"]
    action = forward({groups["blue"]: blue, groups["green"]: 100 - blue})
    action["ForwardConfig"] |= settings
    scene.elbv2.modify_listener(ListenerArn=options["routes"][0], DefaultActions=[action])


def request_of_blue(scene: Scene, options: dict[str, Any]) -> None:
    """One request that CloudWatch counts, and then no weight again."""
    weigh(scene, options, 100)
    assert eventually(lambda: status(scene.url(options["routes"][0])), lambda seen: seen == 200)
    weigh(scene, options, 0)


def test_nobody_asked(ask: Ask, options: dict[str, Any], made: Made) -> None:
    made()
    answer = ask("traffic_check", **options)
    assert (answer.get("failed"), answer["changed"], answer["quiet_seconds"]) == (None, False, 1)
    assert made("write") == []


def test_the_stable_environment_is_refused(ask: Ask, options: dict[str, Any]) -> None:
    assert "green of" in (reported := ask("traffic_check", **options | {"color": "green"})["msg"])
    assert "is stable" in reported


def test_an_environment_with_weight_is_refused(ask: Ask, scene: Scene, options: dict[str, Any]) -> None:
    stable = [{"Key": "bluegreen:stable", "Value": "green"}]
    scene.elbv2.add_tags(ResourceArns=list(options["target_groups"].values()), Tags=stable)
    weigh(scene, options, 10)
    assert "has traffic" in ask("traffic_check", **options)["msg"]


def test_it_waits_until_the_requests_are_over(ask: Ask, scene: Scene, options: dict[str, Any]) -> None:
    request_of_blue(scene, options)
    assert "failed" not in ask("traffic_check", **options | {"wait_timeout": 30})


@pytest.mark.parametrize(("operation", "after"), [("GetMetricData", 0), ("DescribeListeners", 2)])
def test_one_look_that_cannot_be_read_does_not_end_it(
    ask: Ask, scene: Scene, options: dict[str, Any], operation: str, after: int
) -> None:
    """``after``: what it reads before it waits."""
    scene.lab.fault(operation=operation, after=after, times=1, error="AccessDenied")
    assert "failed" not in ask("traffic_check", **options)
    scene.lab.fault(operation=operation, after=after, times=2, error="AccessDenied")
    refused = ask("traffic_check", **options, wait_timeout=600)
    assert (refused["failed"], refused["error_code"]) == (True, "AccessDenied")


def test_it_does_not_wait_in_vain(ask: Ask, scene: Scene, options: dict[str, Any]) -> None:
    request_of_blue(scene, options)
    asked = options | {"quiet_seconds": 3600, "wait_timeout": 600}
    reported = eventually(lambda: ask("traffic_check", **asked), lambda answer: "failed" in answer)
    assert "still gets requests" in reported["msg"]
    assert reported["requests"] >= 1


def test_sessions_that_stick_are_waited_for(ask: Ask, scene: Scene, options: dict[str, Any]) -> None:
    weigh(scene, options, 0, TargetGroupStickinessConfig={"Enabled": True, "DurationSeconds": 3600})
    assert ask("traffic_check", **options)["quiet_seconds"] == 3600
    request_of_blue(scene, options)
    weigh(scene, options, 0, TargetGroupStickinessConfig={"Enabled": True, "DurationSeconds": 3600})
    reported = eventually(lambda: ask("traffic_check", **options), lambda answer: "failed" in answer)
    assert "within the last 3600 s" in reported["msg"]


def test_nothing_is_counted_when_the_weights_alone_decide(ask: Ask, options: dict[str, Any], made: Made) -> None:
    made()
    assert "failed" not in ask("traffic_check", **options | {"quiet_seconds": 0})
    assert "GetMetricData" not in made()


def test_what_a_forgotten_listener_or_rule_leads_to_is_refused(
    ask: Ask, scene: Scene, options: dict[str, Any], made: Made
) -> None:
    blue, (route,) = options["target_groups"]["blue"], options["routes"]
    balancer = scene.elbv2.describe_listeners(ListenerArns=[route])["Listeners"][0]["LoadBalancerArn"]
    other = scene.listener({blue: 100}, balancer, 81)
    rule = scene.elbv2.create_rule(
        ListenerArn=route,
        Priority=7,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/old*"]}}],
        Actions=[forward({blue: 1})],
    )["Rules"][0]["RuleArn"]
    made()
    refused = ask("traffic_check", **options)
    assert f"Listener HTTP:8081 ({other}) sends 100 % to" in refused["msg"]
    assert f"Rule 7 of HTTP:8080 ({rule}) sends 100 % to" in refused["msg"]
    assert set(refused["strays"]) == {other, rule}
    assert "GetMetricData" not in made()
    scene.elbv2.delete_rule(RuleArn=rule)
    assert "failed" not in ask("traffic_check", **options, test_route=other)
