# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments of two target groups, at a public and at an internal load balancer."""

from __future__ import annotations

import time
from typing import Any

import pytest

from switchyard_lab.scene import Scene, forward
from tests.integration.conftest import Ask

from ..conftest import Made, Plan

COLORS = ("blue", "green")


class Two:
    """A group of one instance for each color, in the color's target groups of both load balancers; blue has all."""

    def __init__(self, scene: Scene) -> None:
        self.scene, self.service = scene, scene.name("two")
        self.web, self.admin = ({color: scene.target_group() for color in COLORS} for _balancer in range(2))
        self.routes = [scene.listener({pair["blue"]: 100, pair["green"]: 0}) for pair in (self.web, self.admin)]
        self.groups = {color: self._group(color) for color in COLORS}
        for arn in (*self.web.values(), *self.admin.values()):
            scene.healthy(arn, 1)

    def _group(self, color: str) -> str:
        tags = [
            {"Key": f"bluegreen:{key}", "Value": value, "PropagateAtLaunch": False}
            for key, value in (("service", self.service), ("color", color))
        ]
        return self.scene.group(1, (self.web[color], self.admin[color]), Tags=tags)

    @property
    def target_groups(self) -> dict[str, list[str]]:
        return {color: [self.web[color], self.admin[color]] for color in COLORS}

    @property
    def definition(self) -> dict[str, Any]:
        return {"service": self.service, "routes": self.routes, "target_groups": self.target_groups}

    def declare_stable(self) -> None:
        arns = [*self.web.values(), *self.admin.values()]
        self.scene.elbv2.add_tags(ResourceArns=arns, Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])

    def deregister(self, arn: str) -> None:
        """Only from this target group; the group does not put it back."""
        self.scene.autoscaling.suspend_processes(AutoScalingGroupName=self.groups["green"])
        (target,) = self.scene.elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        self.scene.elbv2.deregister_targets(TargetGroupArn=arn, Targets=[{"Id": target["Target"]["Id"]}])

    def split(self) -> list[dict[str, int]]:
        """By listener and color."""
        found = self.scene.elbv2.describe_listeners(ListenerArns=self.routes)["Listeners"]
        by_arn = {each["ListenerArn"]: each["DefaultActions"][0]["ForwardConfig"]["TargetGroups"] for each in found}
        colors = {arn: color for pair in (self.web, self.admin) for color, arn in pair.items()}
        return [{colors[each["TargetGroupArn"]]: each["Weight"] for each in by_arn[arn]} for arn in self.routes]


@pytest.fixture
def two(scene: Scene) -> Two:
    return Two(scene)


def test_routes_of_both_load_balancers_move_by_color(ask: Ask, two: Two, made: Made) -> None:
    options = {"routes": two.routes, "target_groups": two.target_groups}
    shifted = ask("route_weights", **options, weights={"blue": 90, "green": 10}, expected={"blue": 100, "green": 0})
    assert shifted["changed"], shifted
    assert two.split() == [{"blue": 90, "green": 10}] * 2
    assert shifted["weights"][two.admin["green"]] == shifted["weights"][two.web["green"]] == 10
    made()
    one = {two.web["blue"]: 90, two.web["green"]: 10}
    assert not ask("route_weights", **options, weights=one)["changed"], "target groups stand for their color"
    assert made() == ["DescribeListeners"]
    two.scene.lab.fault(operation="ModifyListener", times=1, error="OperationNotPermitted", after=1)
    assert "was put back" in ask("route_weights", **options, weights={"blue": 0, "green": 100})["msg"]
    assert two.split() == [{"blue": 90, "green": 10}] * 2


def test_a_route_that_belongs_to_no_pair_or_to_several_is_refused(ask: Ask, scene: Scene, two: Two, made: Made) -> None:
    elsewhere = scene.listener({scene.target_group(): 100})
    crossed = {"blue": [two.web["blue"], two.admin["blue"]], "green": [two.admin["green"], two.web["green"]]}
    made()
    none = ask("service_info", **{**two.definition, "routes": [*two.routes, elsewhere]})["msg"]
    assert f"{elsewhere} forwards to none of these pairs of target groups" in none
    several = ask("service_info", **{**two.definition, "target_groups": crossed})["msg"]
    assert f"{two.routes[0]} forwards to several of these pairs of target groups" in several
    one = {color: its[:1] for color, its in two.target_groups.items()}
    refused = ask("route_weights", routes=two.routes, target_groups=one, weights={"blue": 90, "green": 10})
    assert "are of 2 load balancers" in refused["msg"]
    assert made("write") == []


def test_an_instance_is_healthy_where_it_is_so_in_each_target_group(ask: Ask, two: Two) -> None:
    """A shift names what each target group needs, and a bake watches each."""
    two.deregister(two.admin["green"])
    green = ask("service_info", **two.definition)["service"]["environments"]["green"]
    assert (green["healthy"], green["target_group_arns"]) == (0, two.target_groups["green"])
    require = [{"target_group": arn, "group": two.groups["green"]} for arn in two.target_groups["green"]]
    options = {"routes": two.routes, "target_groups": two.target_groups, "weights": {"blue": 90, "green": 10}}
    refused = ask("route_weights", **options, require=require)
    assert f"{two.admin['green'].split('/')[1]} has 0 healthy targets" in refused["msg"]
    assert two.split() == [{"blue": 100, "green": 0}] * 2


def test_settling_tags_all_and_a_return_takes_both_back(ask: Ask, two: Two) -> None:
    two.declare_stable()
    options = {"routes": two.routes, "target_groups": two.target_groups}
    ask("route_weights", **options, weights={"blue": 20, "green": 80})
    returned = ask("traffic_return", **two.definition)
    assert [move["weight"] for move in returned["moves"]] == [100]
    assert two.split() == [{"blue": 100, "green": 0}] * 2
    settled = {key: two.definition[key] for key in ("service", "target_groups")}
    assert ask("settle", **settled, groups=two.groups, stable="green", retain_seconds=60)["changed"]
    arns = [*two.web.values(), *two.admin.values()]
    found = two.scene.elbv2.describe_tags(ResourceArns=arns)["TagDescriptions"]
    tags = [{each["Key"]: each["Value"] for each in its["Tags"]} for its in found]
    assert [its["bluegreen:stable"] for its in tags] == ["green"] * 4
    assert [its["bluegreen:service"] for its in tags] == [two.service] * 4


def test_a_return_follows_the_tags_of_each_pair(ask: Ask, two: Two) -> None:
    """Somebody has swapped the colors of one pair in the definition in the middle of a release."""
    two.declare_stable()
    for pair in (two.web, two.admin):
        for color, arn in pair.items():
            two.scene.elbv2.add_tags(ResourceArns=[arn], Tags=[{"Key": "bluegreen:color", "Value": color}])
    ask("route_weights", routes=two.routes, target_groups=two.target_groups, weights={"blue": 20, "green": 80})
    crossed = {"blue": [two.web["green"], two.admin["blue"]], "green": [two.web["blue"], two.admin["green"]]}
    returned = ask("traffic_return", **{**two.definition, "target_groups": crossed})
    assert str(returned["warnings"]).count("The tags are followed") == 2, returned
    assert two.split() == [{"blue": 100, "green": 0}] * 2


def test_a_stable_group_that_is_not_in_all_target_groups_is_refused(plan: Plan, scene: Scene, two: Two) -> None:
    two.declare_stable()
    scene.autoscaling.detach_load_balancer_target_groups(
        AutoScalingGroupName=two.groups["blue"], TargetGroupARNs=[two.admin["blue"]]
    )
    findings = plan(**two.definition, image_id=scene.image(release="2"))["findings"]
    name = two.admin["blue"].split("/")[1]
    assert any(f"{two.groups['blue']} is not attached to target group {name}" in each for each in findings)


def test_where_one_of_them_counts_no_requests_time_is_waited_for(ask: Ask, scene: Scene) -> None:
    web = [scene.target_group() for _color in COLORS]
    tcp = [scene.target_group(Protocol="TCP", HealthCheckProtocol="HTTP") for _color in COLORS]
    network = scene.load_balancer(Type="network")
    routes = [
        scene.listener(dict(zip(web, (0, 100), strict=True))),
        scene.listener(dict(zip(tcp, (0, 100), strict=True)), network, Protocol="TCP"),
    ]
    groups = {color: list(pair) for color, pair in zip(COLORS, zip(web, tcp, strict=True), strict=True)}
    definition = {"service": scene.name("service"), "routes": routes, "target_groups": groups}
    began = time.monotonic()
    checked = ask("traffic_check", **definition, color="blue", quiet_seconds=2)
    assert time.monotonic() - began >= 2
    assert "Network Load Balancers do not count its requests" in checked["warnings"][0]
    assert checked["quiet_seconds"] == 2


def test_a_pair_that_no_route_leads_to_is_refused(ask: Ask, plan: Plan, scene: Scene, two: Two, made: Made) -> None:
    """Its requests would stay where they are, and its environment would be removed under them."""
    two.declare_stable()
    one = {**two.definition, "routes": two.routes[:1]}
    made()
    (finding,) = plan(**one, image_id=scene.image(release="2"))["findings"]
    names = " and ".join(arn.split("/")[1] for arn in two.admin.values())
    assert f"No route in bluegreen_routes leads to this pair in bluegreen_target_groups: {names}." in finding
    assert finding in ask("adoption_info", **one)["msg"]
    assert made("write") == []


def test_target_groups_in_another_order_are_refused_before_routes_show_it(
    plan: Plan, scene: Scene, two: Two, made: Made
) -> None:
    """Until the first release no route names green: what is on another port is another pair's."""
    ports = {color: scene.target_group(Port=9090) for color in COLORS}
    scene.elbv2.modify_listener(ListenerArn=two.routes[0], DefaultActions=[forward({two.web["blue"]: 1})])
    scene.elbv2.modify_listener(ListenerArn=two.routes[1], DefaultActions=[forward({ports["blue"]: 1})])
    crossed = {"blue": [two.web["blue"], ports["blue"]], "green": [ports["green"], two.web["green"]]}
    made()
    findings = plan(**{**two.definition, "target_groups": crossed}, image_id=scene.image(release="2"))["findings"]
    web = {color: arn.split("/")[1] for color, arn in two.web.items()}
    assert any(f"{web['green']} is the one that is like {web['blue']}" in each for each in findings), findings
    right = {color: [two.web[color], ports[color]] for color in COLORS}
    found = plan(**{**two.definition, "target_groups": right}, image_id=scene.image(release="2"))["findings"]
    assert not any("is the one that is like" in each for each in found), found
    assert made("write") == []


def test_a_route_that_is_gone_does_not_hold_up_the_return_of_the_other(ask: Ask, scene: Scene, two: Two) -> None:
    """Its pair is not in use any more, so nothing of it is healthy, and says nothing of what is behind the other."""
    two.declare_stable()
    options = {"routes": two.routes, "target_groups": two.target_groups}
    ask("route_weights", **options, weights={"blue": 20, "green": 80})
    closed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    scene.elbv2.modify_listener(ListenerArn=two.routes[1], DefaultActions=[closed])
    refused = ask("traffic_return", **two.definition, wait_timeout=20)
    assert f"has returned to blue, but not on every route: {two.routes[1]} does not forward" in refused["msg"]
    assert [move["weight"] for move in refused["moves"]] == [100]
    (listener,) = scene.elbv2.describe_listeners(ListenerArns=two.routes[:1])["Listeners"]
    groups = listener["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
    assert {each["TargetGroupArn"]: each["Weight"] for each in groups} == {two.web["blue"]: 100, two.web["green"]: 0}


def test_a_return_that_aws_refuses_on_one_route_says_what_has_returned(ask: Ask, two: Two) -> None:
    two.declare_stable()
    options = {"routes": two.routes, "target_groups": two.target_groups}
    ask("route_weights", **options, weights={"blue": 20, "green": 80})
    for after in (0, 1):  # it is tried again after the other one
        two.scene.lab.fault(operation="ModifyListener", times=1, error="AccessDenied", after=after)
    refused = ask("traffic_return", **two.definition)
    assert "has returned to blue, but not on every route: AWS refused changing" in refused["msg"]
    assert [move["weight"] for move in refused["moves"]] == [100]
    assert two.split() == [{"blue": 20, "green": 80}, {"blue": 100, "green": 0}]
    two.scene.lab.fault(operation="ModifyListener", times=2, error="AccessDenied")
    again = ask("traffic_return", **two.definition)
    assert "has returned to blue, but not on every route" in again["msg"], "the other one has already"
    assert two.split()[0] == {"blue": 20, "green": 80}
    assert ask("traffic_return", **two.definition)["changed"]
    assert two.split() == [{"blue": 100, "green": 0}] * 2


def test_a_return_that_aws_refuses_everywhere_does_not_claim_anything(ask: Ask, two: Two) -> None:
    two.declare_stable()
    options = {"routes": two.routes, "target_groups": two.target_groups}
    ask("route_weights", **options, weights={"blue": 20, "green": 80})
    two.scene.lab.fault(operation="ModifyListener", times=2, error="AccessDenied")
    refused = ask("traffic_return", **two.definition)["msg"]
    assert refused.startswith(f"No route of {two.service} could be given other weights. AWS refused")
    assert two.split() == [{"blue": 20, "green": 80}] * 2
