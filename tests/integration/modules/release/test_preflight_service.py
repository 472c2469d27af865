# SPDX-License-Identifier: GPL-3.0-or-later
"""A service by its definition: what is wrong with it is reported with everything else that prevents a release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene

from ..conftest import Made, Plan
from ..demo import Demo

NO_IMAGE = "ami-0123456789abcdef0"
ENOUGH, TOO_FEW = 100_000, 1


def reached_by(arn: str) -> dict[str, str]:
    return {"arn": arn, "url": "http://web.example.com:82"}


@pytest.fixture
def definition(demo: Demo) -> dict[str, Any]:
    """Nothing runs yet."""
    return demo.definition


@pytest.fixture
def few(lab: LabProcess) -> Iterator[None]:
    lab.fault(quota={"vcpus": TOO_FEW})
    yield
    lab.fault(quota={"vcpus": ENOUGH})


@pytest.mark.usefixtures("few")
def test_what_is_wrong_with_the_service_is_told_with_the_rest(
    plan: Plan, scene: Scene, demo: Demo, definition: dict[str, Any]
) -> None:
    stranger, balancer = scene.target_group(), scene.load_balancer()
    elsewhere = [scene.listener({stranger: 100}, balancer, port) for port in (81, 82, 83)]
    declared = [{"Key": "bluegreen:stable", "Value": "blue"}]
    scene.elbv2.add_tags(ResourceArns=list(definition["target_groups"].values()), Tags=declared)
    demo.live()
    wrong = {**definition, "routes": [*definition["routes"], *elsewhere[:2]], "test_route": reached_by(elsewhere[2])}
    findings = plan(**wrong, image_id=NO_IMAGE)["findings"]
    reported = {said: sum(said in finding for finding in findings) for said in ("elsewhere", NO_IMAGE, "vCPUs")}
    assert reported == {"elsewhere": 3, NO_IMAGE: 1, "vCPUs": 1}


def test_a_release_that_nobody_would_watch_is_warned_of(
    plan: Plan, scene: Scene, demo: Demo, definition: dict[str, Any]
) -> None:
    demo.live()
    release = {**definition, "image_id": scene.image(release="2")}
    assert "nothing will notice a bad release" in str(plan(**release)["warnings"])
    watched = plan(**release, metrics=[{"name": "errors"}])
    assert "nothing will notice" not in str(watched["warnings"])


def test_a_service_that_cannot_be_read_does_not_hide_the_rest(plan: Plan, definition: dict[str, Any]) -> None:
    wrong = {**definition, "target_groups": {"blue": "nowhere", "green": "nor-here"}}
    result = plan(**wrong, image_id=NO_IMAGE)
    service, image = result["findings"]
    assert "nowhere, nor-here" in service
    assert NO_IMAGE in image
    (reported,) = result["warnings"]
    assert f"What {definition['service']} would be built from" in reported


def test_the_test_route_is_none_that_users_come_by(plan: Plan, scene: Scene, definition: dict[str, Any]) -> None:
    route, image = definition["routes"][0], scene.image()
    finding, _nothing_runs = plan(**definition, image_id=image, test_route=reached_by(route))["findings"]
    assert f"{route} is also one of bluegreen_routes, so users would get the candidate" in finding


def test_nothing_is_to_be_released_where_the_image_runs(
    plan: Plan, scene: Scene, demo: Demo, definition: dict[str, Any], made: Made
) -> None:
    image = scene.image(release="1")
    demo.group(0, LaunchTemplate={"LaunchTemplateId": scene.template(image), "Version": "1"})
    made()
    result = plan(**definition, image_id=image, alarms=["nobody-made-it"])
    assert (result["brings_up"], result["service"]["stable"]) == ("nothing", "blue")
    assert f"runs 1 ({image}) in blue, its stable environment, already: there is nothing to release" in result["msg"]
    assert len(made()) == 6, "what service_info takes"


def first(subnets: list[str], **sizes: int) -> dict[str, Any]:
    return {
        "launch_template": {"instance_type": "t3.small"},
        "autoscaling_group": {"min_size": 2, "max_size": 4, "vpc_zone_identifier": subnets, **sizes},
    }


def test_the_first_group_is_looked_at_as_it_is_defined(plan: Plan, scene: Scene, definition: dict[str, Any]) -> None:
    result = plan(**definition, image_id=scene.image(release="1"), group=first(scene.subnets))
    assert (result["brings_up"], result["findings"], result["unchecked"]) == ("first", [], [])


@pytest.mark.usefixtures("few")
def test_what_stands_against_the_first_group(plan: Plan, scene: Scene, demo: Demo, definition: dict[str, Any]) -> None:
    image = scene.ec2.register_image(Name=scene.name("image"), Architecture="arm64")["ImageId"]
    namesake = f"{demo.service}-blue-v001"
    template = {"LaunchTemplateId": scene.template(), "Version": "1"}
    scene.autoscaling.create_auto_scaling_group(
        AutoScalingGroupName=namesake,
        LaunchTemplate=template,
        MinSize=0,
        MaxSize=0,
        VPCZoneIdentifier=scene.subnets[0],
    )
    group = first(["subnet-0123456789abcdef0"], desired_capacity=3)
    findings = plan(**definition, image_id=image, group=group)["findings"]
    scene.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=namesake)
    reported = "\n".join(findings)
    for said in (
        f"is to be called {namesake}, but there is such a group",
        f"Image {image} does not run on t3.small",
        "subnet-0123456789abcdef0",
        f"The first group {namesake} needs 6 vCPUs",
    ):
        assert said in reported
    assert len(findings) == 4


def test_a_definition_that_makes_no_group_is_refused(plan: Plan, scene: Scene, definition: dict[str, Any]) -> None:
    group = first(scene.subnets, desired_capacity=5) | {"launch_template": {}}
    findings = plan(**definition, image_id=scene.image(), group=group)["findings"]
    assert "names no instance_type" in findings[0]
    assert "min_size 2, desired_capacity 5, max_size 4" in findings[0]


def test_sticky_targets_behind_routes_that_are_to_hold_nobody_are_found(
    plan: Plan, scene: Scene, definition: dict[str, Any]
) -> None:
    sticky = [{"Key": "stickiness.enabled", "Value": "true"}]
    scene.elbv2.modify_target_group_attributes(TargetGroupArn=definition["target_groups"]["green"], Attributes=sticky)
    findings = plan(**definition, image_id=NO_IMAGE, stickiness_seconds=0)["findings"]
    assert any("are sticky (stickiness.enabled)" in finding for finding in findings)


def test_forgotten_listeners_and_rules_are_named(plan: Plan, scene: Scene, definition: dict[str, Any]) -> None:
    """Such as a listener for HTTP next to the one for HTTPS that is the route."""
    blue, green = definition["target_groups"].values()
    (route,) = definition["routes"]
    balancer = scene.elbv2.describe_listeners(ListenerArns=[route])["Listeners"][0]["LoadBalancerArn"]
    forgotten = scene.listener({blue: 100}, balancer, 81)
    test_route = scene.listener({blue: 0, green: 100}, balancer, 82)
    idle = scene.listener({blue: 0, scene.target_group(): 100}, balancer, 83)
    image = scene.image(release="1")
    result = plan(**definition, image_id=image, test_route=reached_by(test_route), group=first(scene.subnets))
    (warning,) = result["warnings"]
    assert f"Listener HTTP:8081 ({forgotten}) sends 100 % to" in warning
    assert "is not one of the routes" in warning
    assert idle not in warning
    assert result["findings"] == []
