# SPDX-License-Identifier: GPL-3.0-or-later
"""Availability Zones: those that a load balancer lacks, and those from which a zonal shift moves traffic away."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually

FAR = "eu-west-1c"
ENABLED = {"Key": "zonal_shift.config.enabled", "Value": "true"}


@pytest.fixture
def far(scene: Scene) -> Iterator[str]:
    """A subnet in a zone that the load balancers do not have."""
    subnet = subnet_in(scene, FAR, "241")
    yield subnet
    scene.clear()
    scene.ec2.delete_subnet(SubnetId=subnet)


def subnet_in(scene: Scene, zone: str, third: str) -> str:
    block = scene.ec2.describe_vpcs(VpcIds=[scene.vpc])["Vpcs"][0]["CidrBlock"].split(".")
    asked = ".".join([*block[:2], third, "0/26"])
    made = scene.ec2.create_subnet(VpcId=scene.vpc, CidrBlock=asked, AvailabilityZone=zone)
    return str(made["Subnet"]["SubnetId"])


def described(scene: Scene, target_group: str) -> dict[str, dict[str, Any]]:
    found = scene.elbv2.describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
    return {each["Target"]["Id"]: each for each in found}


def test_targets_in_a_zone_that_the_load_balancer_lacks_are_not_in_use(scene: Scene, far: str) -> None:
    """TargetHealth in the API reference; until the zone is enabled."""
    targets, balancer = scene.target_group(), scene.load_balancer()
    scene.listener({targets: 1}, balancer)
    (near, *_others) = scene.subnets
    group = scene.group(2, (targets,), VPCZoneIdentifier=f"{near},{far}")
    scene.in_service(group, 2)
    zones = {each["InstanceId"]: each["AvailabilityZone"] for each in scene.describe(group)["Instances"]}
    eventually(
        lambda: {zones[name]: each["TargetHealth"]["State"] for name, each in described(scene, targets).items()},
        lambda states: states == {"eu-west-1a": "healthy", FAR: "unused"},
    )
    health = next(each["TargetHealth"] for name, each in described(scene, targets).items() if zones[name] == FAR)
    assert health["Reason"] == "Target.NotInUse"
    assert health["Description"] == "Target is in an Availability Zone that is not enabled for the load balancer"
    scene.elbv2.set_subnets(LoadBalancerArn=balancer, Subnets=[*scene.subnets, far])
    scene.healthy(targets, 2)


def test_a_zonal_shift_of_a_load_balancer_leaves_health_and_takes_the_requests(scene: Scene) -> None:
    targets, balancer = scene.target_group(), scene.load_balancer()
    listener = scene.listener({targets: 1}, balancer)
    group = scene.group(2, (targets,))
    scene.in_service(group, 2)
    scene.healthy(targets, 2)
    assert not any("AdministrativeOverride" in each for each in described(scene, targets).values())
    with pytest.raises(urllib.error.HTTPError, match="400"):
        scene.lab.fault(zonal_shift={"resource": balancer, "zone": "eu-west-1a"})
    scene.elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[ENABLED])
    zones = {each["InstanceId"]: each["AvailabilityZone"] for each in scene.describe(group)["Instances"]}
    assert overrides(scene, targets, zones) == dict.fromkeys(zones.values(), "no_override")
    answers_from(scene, listener, set(zones))
    scene.lab.fault(zonal_shift={"resource": balancer, "zone": "eu-west-1a"})
    assert overrides(scene, targets, zones) == {"eu-west-1a": "zonal_shift_active", "eu-west-1b": "no_override"}
    scene.healthy(targets, 2)
    answers_from(scene, listener, {each for each, zone in zones.items() if zone == "eu-west-1b"})
    scene.lab.fault(zonal_shift={"resource": balancer, "zone": None})
    answers_from(scene, listener, set(zones))


def test_a_zonal_shift_of_a_group_moves_its_launches(scene: Scene) -> None:
    group = scene.group(0, AvailabilityZoneImpairmentPolicy={"ZonalShiftEnabled": True})
    scene.lab.fault(zonal_shift={"resource": scene.describe(group)["AutoScalingGroupARN"], "zone": "eu-west-1a"})
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
    scene.in_service(group, 2)
    assert {each["AvailabilityZone"] for each in scene.describe(group)["Instances"]} == {"eu-west-1b"}


def test_an_activity_says_where_an_instance_is_launched(scene: Scene) -> None:
    group = scene.group(1)
    scene.in_service(group, 1)
    (member,) = scene.describe(group)["Instances"]
    details = json.loads(scene.activities(group)[0]["Details"])
    assert details["Availability Zone"] == member["AvailabilityZone"]
    assert details["Subnet ID"] in scene.subnets


def overrides(scene: Scene, target_group: str, zones: dict[str, str]) -> dict[str, str]:
    """By the zone of the target."""
    found = described(scene, target_group)
    return {zones[name]: each["AdministrativeOverride"]["State"] for name, each in found.items()}


def answers_from(scene: Scene, listener: str, instances: set[str]) -> None:
    """As soon as the data plane knows, these answer in turn, and no other."""
    url = scene.url(listener)
    eventually(lambda: {answering(url) for _request in range(8)}, lambda seen: seen == instances)


def answering(url: str) -> str:
    with urllib.request.urlopen(url, timeout=10) as answer:
        return str(json.load(answer)["instance"])
