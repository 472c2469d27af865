# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene, eventually

from .conftest import Made
from .demo import Demo


@pytest.fixture
def options(scene: Scene) -> dict[str, Any]:
    """Blue is stable and has a fifth of the traffic on two listeners; green has the rest. Each is one instance."""
    demo, blue, green = Demo(scene), scene.target_group(), scene.target_group()
    balancer = scene.load_balancer()
    listeners = [scene.listener({blue: 20, green: 80}, balancer, port) for port in (80, 81)]
    scene.elbv2.add_tags(ResourceArns=[blue, green], Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    for color, arn in (("blue", blue), ("green", green)):
        scene.in_service(
            demo.group(1, color, TargetGroupARNs=[arn], HealthCheckType="ELB", HealthCheckGracePeriod=600), 1
        )
        scene.healthy(arn, 1)
    return {"service": demo.service, "routes": listeners, "target_groups": {"blue": blue, "green": green}}


def shares_of_blue(scene: Scene, options: dict[str, Any]) -> list[int]:
    found = scene.elbv2.describe_listeners(ListenerArns=options["routes"])["Listeners"]
    actions = {each["ListenerArn"]: each["DefaultActions"][0]["ForwardConfig"]["TargetGroups"] for each in found}
    blue = options["target_groups"]["blue"]
    return [
        next(each["Weight"] for each in actions[arn] if each["TargetGroupArn"] == blue) for arn in options["routes"]
    ]


def test_every_route_returns_after_three_reads(ask: Ask, scene: Scene, options: dict[str, Any], made: Made) -> None:
    made()
    told = ask("traffic_return", check=True, **options)
    assert (told["changed"], told["moves"], made("write")) == (True, [], [])

    returned = ask("traffic_return", **options)
    assert (returned["changed"], returned["service"]["phase"], returned["serving"], returned["needed"]) == (
        True,
        "shifting",
        1,
        1,
    )
    assert [move["weight"] for move in returned["moves"]] == [100]
    assert shares_of_blue(scene, options) == [100, 100]
    assert made().index("ModifyListener") == 3

    again = ask("traffic_return", **options)
    assert (again["changed"], again["service"]["phase"], again["moves"], made("write")) == (False, "settled", [], [])


def test_a_route_that_cannot_be_written_does_not_keep_the_others(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    scene.lab.fault(operation="ModifyListener", times=1, error="AccessDenied")
    refused = ask("traffic_return", **options)
    assert refused["failed"]
    assert "AccessDenied" in refused["msg"]
    assert shares_of_blue(scene, options) == [20, 100]


def test_what_cannot_be_read_of_the_groups_does_not_keep_the_traffic(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    scene.lab.fault(operation="DescribeAutoScalingGroups", times=1, error="AccessDenied")
    returned = ask("traffic_return", **options)
    assert shares_of_blue(scene, options) == [100, 100]
    assert (returned["changed"], returned["needed"]) == (True, 0)
    assert "AccessDenied" in str(returned["warnings"])


def test_nothing_returns_to_an_environment_of_which_nothing_is_healthy(
    ask: Ask, scene: Scene, options: dict[str, Any]
) -> None:
    group = options["target_groups"]["blue"]
    ((instance, _port),) = scene.health(group)
    member = scene.autoscaling.describe_auto_scaling_instances(InstanceIds=[instance])["AutoScalingInstances"][0]
    scene.autoscaling.suspend_processes(
        AutoScalingGroupName=member["AutoScalingGroupName"], ScalingProcesses=["ReplaceUnhealthy"]
    )
    scene.lab.fault(instance=instance, action="crash")
    eventually(lambda: scene.health(group)[instance, 8080], "unhealthy".__eq__)
    refused = ask("traffic_return", **options, wait_timeout=0)
    assert refused["failed"]
    assert "so the traffic stays where it is" in refused["msg"]
    assert shares_of_blue(scene, options) == [20, 20]
