# SPDX-License-Identifier: GPL-3.0-or-later
"""A weight is raised only on what can carry it; a target group joins at weight 0; ratios are compared as percents."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import eventually
from tests.integration.conftest import Ask

from ..conftest import Made
from ..pair import Pair


@pytest.fixture
def listener(pair: Pair) -> str:
    listener = pair.listener()
    pair.healthy()
    return listener


def weights(pair: Pair, listener: str) -> dict[str, int]:
    (found,) = pair.scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"]
    groups = found["DefaultActions"][-1]["ForwardConfig"]["TargetGroups"]
    return {group["TargetGroupArn"]: group["Weight"] for group in groups}


def split(pair: Pair, listener: str, *both: int) -> None:
    pair.scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[pair.forward(*both)])


def green(pair: Pair, **more: Any) -> list[dict[str, Any]]:
    return [{"target_group": pair.green, "minimum_healthy": 1, "group": pair.groups[1], **more}]


def test_a_weight_rises_on_what_is_healthy_and_may_fall_in_any_case(ask: Ask, pair: Pair, listener: str) -> None:
    asked = {"routes": [listener], "require": green(pair)}
    assert ask("listener_weights", weights=pair.split(90, 10), **asked)["changed"]
    unmet = {"routes": [listener], "require": green(pair, minimum_healthy=9)}
    assert ask("listener_weights", weights=pair.split(100, 0), **unmet)["changed"]
    assert weights(pair, listener) == pair.split(100, 0)


def test_no_weight_rises_on_instances_that_have_crashed(ask: Ask, pair: Pair, listener: str, made: Made) -> None:
    split(pair, listener, 90, 10)
    pair.scene.autoscaling.suspend_processes(AutoScalingGroupName=pair.groups[1], ScalingProcesses=["Launch"])
    (instance,) = pair.scene.describe(pair.groups[1])["Instances"]
    pair.scene.lab.fault(instance=instance["InstanceId"], action="crash")
    eventually(lambda: set(pair.scene.health(pair.green).values()), lambda states: "healthy" not in states)
    made()
    for check in (True, False):
        refused = ask(
            "listener_weights", check=check, routes=[listener], weights=pair.split(0, 100), require=green(pair)
        )
        assert "No weight was raised" in refused["msg"]
        assert "has 0 healthy targets" in refused["msg"]
    assert made("write") == []
    assert weights(pair, listener) == pair.split(90, 10)


def test_no_weight_rises_in_a_zone_where_only_the_others_serve(ask: Ask, pair: Pair, listener: str) -> None:
    """Such as without cross-zone load balancing."""
    scene, (blue, _green) = pair.scene, pair.groups
    (instance,) = scene.describe(pair.groups[1])["Instances"]
    asked = {"routes": [listener], "weights": pair.split(90, 10), "require": green(pair, zones_of=blue)}
    (serving,) = scene.describe(blue)["Instances"]
    assert serving["AvailabilityZone"] == instance["AvailabilityZone"]
    assert ask("listener_weights", check=True, **asked)["changed"]

    zones = {each["SubnetId"]: each["AvailabilityZone"] for each in scene.ec2.describe_subnets()["Subnets"]}
    elsewhere = next(each for each in scene.subnets if zones[each] != instance["AvailabilityZone"])
    scene.autoscaling.update_auto_scaling_group(
        AutoScalingGroupName=blue, VPCZoneIdentifier=elsewhere, DesiredCapacity=2
    )
    scene.in_service(blue, 2)
    refused = ask("listener_weights", **asked)
    assert f"has no healthy target of {pair.groups[1]} in {zones[elsewhere]}, where {blue} serves" in refused["msg"]
    assert weights(pair, listener) == pair.split(100, 0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"group": "gone"}, "Auto Scaling group gone, which was to serve"),
        ({"run": "this-run"}, "is the candidate of another run (none), not of this one (this-run)"),
        ({"image_id": "ami-0123456789abcdef0"}, "now, not ami-0123456789abcdef0"),
        ({"minimum_healthy": 2}, "has 1 healthy targets"),
        ({"minimum_healthy": 0}, "minimum_healthy of"),
    ],
)
def test_what_is_not_met_is_named(
    ask: Ask, pair: Pair, listener: str, made: Made, wrong: dict[str, Any], said: str
) -> None:
    made()
    refused = ask("listener_weights", routes=[listener], weights=pair.split(0, 100), require=green(pair, **wrong))
    assert said in refused["msg"]
    assert made("write") == []


def test_a_group_that_was_detached_carries_nothing(ask: Ask, pair: Pair, listener: str) -> None:
    """Targets that somebody else registered do not stand for its instances."""
    source = [{"Identifier": pair.green, "Type": "elbv2"}]
    pair.scene.autoscaling.detach_traffic_sources(AutoScalingGroupName=pair.groups[1], TrafficSources=source)
    refused = ask("listener_weights", routes=[listener], weights=pair.split(0, 100), require=green(pair))
    assert "is not attached to target group" in refused["msg"]


@pytest.mark.parametrize("ratio", [(2, 1), (999, 1), (1, 0)])
def test_a_target_group_joins_and_the_others_stay_as_they_are(
    ask: Ask, pair: Pair, listener: str, ratio: tuple[int, int]
) -> None:
    third = pair.scene.target_group()
    split(pair, listener, *ratio)
    assert ask("listener_weights", routes=[listener], weights={third: 0})["changed"]
    assert weights(pair, listener) == pair.split(*ratio) | {third: 0}
    assert not ask("listener_weights", routes=[listener], weights={third: 0})["changed"]


def test_what_has_traffic_does_not_join(ask: Ask, pair: Pair, listener: str, made: Made) -> None:
    """Another run shifts already: to put its candidate in at 0 would take its traffic."""
    split(pair, listener, 90, 10)
    made()
    refused = ask("listener_weights", routes=[listener], weights={pair.green: 0})
    assert "10 % of the traffic, so it cannot join at weight 0" in refused["msg"]
    assert made("write") == []


@pytest.mark.parametrize(("ratio", "percents"), [((2, 1), (67, 33)), ((999, 1), (100, 0)), ((1, 1), (50, 50))])
def test_weights_that_are_no_percents_are_expected_as_they_are_read(
    ask: Ask, pair: Pair, listener: str, ratio: tuple[int, int], percents: tuple[int, int]
) -> None:
    split(pair, listener, *ratio)
    pair.declare_stable()
    read = ask("service_info", routes=[listener], gather=["routes"], **pair.definition)["service"]["weights"]
    assert read == pair.split(*percents)
    shifted = ask("listener_weights", routes=[listener], weights=pair.split(0, 100), expected=read)
    assert shifted["changed"], shifted
    assert weights(pair, listener) == pair.split(0, 100)
