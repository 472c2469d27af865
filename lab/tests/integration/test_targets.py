# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets: registration, and health that is true because the data plane saw it."""

from __future__ import annotations

import time

import pytest

from switchyard_lab.fixtures import LAB_SPEED
from switchyard_lab.scene import Scene, eventually, forward, refusal, status

DELAY = 80  # lab seconds: four real ones at the session's speed


@pytest.fixture
def targets(scene: Scene) -> str:
    return scene.target_group(DELAY)


@pytest.fixture
def served(scene: Scene, targets: str) -> str:
    """The target group with a listener; the answer is the listener."""
    return scene.listener({targets: 1})


@pytest.fixture
def instances(scene: Scene) -> list[str]:
    return scene.in_service(scene.group(2), 2)


def register(scene: Scene, group: str, *ids: str, port: int | None = None) -> None:
    scene.elbv2.register_targets(TargetGroupArn=group, Targets=[_target(each, port) for each in ids])


def deregister(scene: Scene, group: str, *ids: str, port: int | None = None) -> None:
    scene.elbv2.deregister_targets(TargetGroupArn=group, Targets=[_target(each, port) for each in ids])


def _target(instance: str, port: int | None) -> dict[str, object]:
    return {"Id": instance} | ({"Port": port} if port else {})


def test_targets_of_an_unused_group_are_unused(scene: Scene, targets: str, instances: list[str]) -> None:
    register(scene, targets, *instances)
    assert scene.reasons(targets) == ["Target.NotInUse"] * 2
    listener = scene.listener({targets: 0})
    scene.healthy(targets, 2)  # a weight of 0 is enough
    scene.elbv2.delete_listener(ListenerArn=listener)
    assert scene.reasons(targets) == ["Target.NotInUse"] * 2
    scene.listener({targets: 1})
    scene.healthy(targets, 2)


@pytest.mark.usefixtures("served")
def test_a_target_drains_for_the_whole_delay(scene: Scene, targets: str, instances: list[str]) -> None:
    register(scene, targets, *instances)
    scene.healthy(targets, 2)
    began = time.monotonic()
    deregister(scene, targets, instances[0])
    assert scene.health(targets)[instances[0], 8080] == "draining"
    assert "Target.DeregistrationInProgress" in scene.reasons(targets)
    eventually(lambda: scene.health(targets), lambda found: found == {(instances[1], 8080): "healthy"})
    assert time.monotonic() - began >= DELAY / LAB_SPEED
    assert scene.reasons(targets, {"Id": instances[0]}) == ["Target.NotRegistered"]


@pytest.mark.usefixtures("served")
def test_a_draining_target_can_be_registered_again(scene: Scene, targets: str, instances: list[str]) -> None:
    register(scene, targets, *instances)
    scene.healthy(targets, 2)
    deregister(scene, targets, instances[0])
    assert scene.health(targets)[instances[0], 8080] == "draining"
    register(scene, targets, instances[0])
    assert "draining" not in scene.health(targets).values()
    scene.healthy(targets, 2)


def test_targets_of_an_unused_group_need_not_drain(scene: Scene, targets: str, instances: list[str]) -> None:
    register(scene, targets, *instances)
    deregister(scene, targets, *instances)
    assert scene.health(targets) == {}


@pytest.mark.usefixtures("served")
def test_a_target_is_an_id_and_a_port(scene: Scene, targets: str, instances: list[str]) -> None:
    register(scene, targets, instances[0])
    register(scene, targets, instances[0], port=9999)  # nothing listens there
    eventually(
        lambda: scene.health(targets),
        lambda found: found == {(instances[0], 8080): "healthy", (instances[0], 9999): "unhealthy"},
    )
    assert "Target.FailedHealthChecks" in scene.reasons(targets)
    deregister(scene, targets, instances[0], port=9999)
    eventually(lambda: scene.health(targets)[instances[0], 8080], lambda state: state == "healthy")
    deregister(scene, targets, instances[0])  # without a port: all of them
    assert set(scene.health(targets).values()) == {"draining"}


@pytest.mark.usefixtures("served")
def test_deregistering_what_is_not_registered_is_a_success(scene: Scene, targets: str, instances: list[str]) -> None:
    deregister(scene, targets, *instances)
    assert scene.health(targets) == {}


def test_unknown_and_ended_instances_are_refused(scene: Scene, targets: str, instances: list[str]) -> None:
    unknown = {"TargetGroupArn": targets, "Targets": [{"Id": instances[0]}, {"Id": "i-00000000000000000"}]}
    assert refusal(scene.elbv2.register_targets, **unknown) == "InvalidTarget"
    assert scene.health(targets) == {}
    scene.ec2.terminate_instances(InstanceIds=[instances[0]])
    ended = {"TargetGroupArn": targets, "Targets": [{"Id": instances[0]}]}
    assert refusal(scene.elbv2.register_targets, **ended) == "InvalidTarget"


@pytest.mark.usefixtures("served")
def test_a_hanging_instance_times_out_and_recovers(scene: Scene, targets: str, instances: list[str]) -> None:
    register(scene, targets, *instances)
    scene.healthy(targets, 2)
    scene.lab.fault(instance=instances[0], action="hang")
    eventually(lambda: scene.reasons(targets), lambda found: "Target.Timeout" in found)
    scene.lab.fault(instance=instances[0], action="resume")
    scene.healthy(targets, 2)
    scene.lab.fault(instance=instances[0], action="unhealthy")
    eventually(lambda: scene.reasons(targets), lambda found: "Target.ResponseCodeMismatch" in found)
    scene.lab.fault(instance=instances[0], action="resume")
    scene.healthy(targets, 2)


def test_addresses_are_targets(scene: Scene, instances: list[str]) -> None:
    group = scene.target_group(DELAY, TargetType="ip")
    listener = scene.listener({group: 1})
    address = scene.lab.info()["instances"][instances[0]]["address"]
    register(scene, group, address)
    scene.healthy(group, 1)
    assert status(scene.url(listener)) == 200


def test_a_function_is_a_target_without_a_process(scene: Scene) -> None:
    created = scene.elbv2.create_target_group(Name=scene.name("function"), TargetType="lambda")["TargetGroups"][0]
    group = created["TargetGroupArn"]
    function = "arn:aws:lambda:eu-west-1:123456789012:function:demo"
    register(scene, group, function)
    assert scene.reasons(group) == ["Target.NotInUse"]
    scene.listener({group: 1})
    eventually(lambda: list(scene.health(group).values()), lambda states: states == ["healthy"])
    second = {"TargetGroupArn": group, "Targets": [{"Id": f"{function}-2"}]}
    assert refusal(scene.elbv2.register_targets, **second) == "TooManyTargets"


def test_weights_reach_the_traffic(scene: Scene, targets: str, served: str, instances: list[str]) -> None:
    register(scene, targets, *instances)
    scene.healthy(targets, 2)
    empty = scene.target_group()
    assert status(scene.url(served)) == 200
    scene.elbv2.modify_listener(ListenerArn=served, DefaultActions=[forward({targets: 0, empty: 1})])
    eventually(lambda: status(scene.url(served)), lambda seen: seen == 503)
    scene.elbv2.modify_listener(ListenerArn=served, DefaultActions=[forward({targets: 1, empty: 0})])
    eventually(lambda: status(scene.url(served)), lambda seen: seen == 200)


def test_a_group_takes_a_thousand_targets(scene: Scene) -> None:
    group = scene.target_group(TargetType="ip")
    many = [{"Id": f"10.0.{number // 250}.{number % 250}"} for number in range(1001)]
    assert refusal(scene.elbv2.register_targets, TargetGroupArn=group, Targets=many) == "TooManyTargets"
    assert scene.health(group) == {}


@pytest.mark.parametrize("value", ["now, or later", "!", "v" * 257])
def test_a_tag_is_of_the_characters_that_aws_allows(scene: Scene, value: str) -> None:
    group = scene.target_group()
    tags = [{"Key": "why", "Value": value}]
    assert refusal(scene.elbv2.add_tags, ResourceArns=[group], Tags=tags) == "ValidationError"
    assert scene.elbv2.describe_tags(ResourceArns=[group])["TagDescriptions"][0]["Tags"] == []


def test_tags_are_checked_where_they_are_given_at_the_start(scene: Scene) -> None:
    reserved = [{"Key": "aws:cloudformation:stack-name", "Value": "web"}]
    elbv2, group = scene.elbv2, scene.target_group()
    listener = scene.listener({group: 1})
    asked = {"ListenerArn": listener, "Priority": 1, "Conditions": [{"Field": "path-pattern", "Values": ["/a"]}]}
    balancer = elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["LoadBalancerArn"]
    another = {"LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 81, "DefaultActions": [forward({group: 1})]}
    refused = [
        refusal(elbv2.create_rule, **asked, Actions=[forward({group: 1})], Tags=reserved),
        refusal(elbv2.create_listener, **another, Tags=reserved),
        refusal(elbv2.create_target_group, Name=scene.name("tg"), TargetType="lambda", Tags=reserved),
        refusal(elbv2.create_load_balancer, Name=scene.name("lb"), Subnets=scene.subnets, Tags=reserved),
        refusal(elbv2.add_tags, ResourceArns=[group], Tags=reserved),
    ]
    assert refused == ["ValidationError"] * 5


def test_a_resource_has_50_tags_at_most(scene: Scene) -> None:
    group, other = scene.target_group(), scene.target_group()
    tags = [{"Key": f"own-{number}", "Value": "x"} for number in range(50)]
    scene.elbv2.add_tags(ResourceArns=[group], Tags=tags)
    scene.elbv2.add_tags(ResourceArns=[group], Tags=[{"Key": "own-0", "Value": "y"}])
    one_more = {"ResourceArns": [other, group], "Tags": [{"Key": "own-50", "Value": "x"}]}
    assert refusal(scene.elbv2.add_tags, **one_more) == "TooManyTags"
    assert scene.elbv2.describe_tags(ResourceArns=[other])["TagDescriptions"][0]["Tags"] == []


def test_addresses_are_targets_where_the_lab_can_reach_them(scene: Scene) -> None:
    group = scene.target_group(TargetType="ip")
    listener = scene.listener({group: 1})
    (instance,) = scene.in_service(scene.group(1), 1)
    found = scene.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    register(scene, group, found["PrivateIpAddress"])
    scene.healthy(group, 1)
    assert status(scene.url(listener)) == 200
    register(scene, group, "10.1.2.3")
    eventually(lambda: scene.health(group)["10.1.2.3", 8080], lambda state: state == "unhealthy")
    wanted = {"TargetGroupArn": group, "Targets": [{"Id": "8.8.8.8"}]}
    assert refusal(scene.elbv2.register_targets, **wanted) == "InvalidTarget"
    wanted["Targets"] = [{"Id": "shop.example.com"}]
    assert refusal(scene.elbv2.register_targets, **wanted) == "ValidationError"


def test_a_load_balancer_is_the_target_of_another(scene: Scene, targets: str, served: str) -> None:
    scene.group(1, (targets,))
    (inner,) = scene.elbv2.describe_target_groups(TargetGroupArns=[targets])["TargetGroups"][0]["LoadBalancerArns"]
    outer = scene.target_group(TargetType="alb", Protocol="TCP", Port=8080, HealthCheckProtocol="HTTP")
    scene.elbv2.modify_listener(ListenerArn=served, Port=8080)
    listener = scene.listener({outer: 1}, scene.load_balancer(Type="network"), Protocol="TCP")
    register(scene, outer, inner)
    scene.healthy(outer, 1)
    assert status(scene.url(listener)) == 200


def test_a_function_fails_whenever_it_is_invoked(scene: Scene) -> None:
    group = scene.target_group(TargetType="lambda", Protocol=None, Port=None, VpcId=None)
    listener = scene.listener({group: 1})
    assert eventually(lambda: status(scene.url(listener)), lambda seen: seen == 502)
