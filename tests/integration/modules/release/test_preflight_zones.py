# SPDX-License-Identifier: GPL-3.0-or-later
"""Availability Zones that a load balancer lacks, or from which a zonal shift moves its requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo


@pytest.fixture
def far(scene: Scene) -> Iterator[str]:
    """A subnet in a zone that the load balancers do not have."""
    block = scene.ec2.describe_vpcs(VpcIds=[scene.vpc])["Vpcs"][0]["CidrBlock"].split(".")
    asked = {"CidrBlock": ".".join([*block[:2], "242", "0/26"]), "AvailabilityZone": "eu-west-1c"}
    subnet = str(scene.ec2.create_subnet(VpcId=scene.vpc, **asked)["Subnet"]["SubnetId"])
    yield subnet
    scene.clear()
    scene.ec2.delete_subnet(SubnetId=subnet)


def test_a_zone_that_the_load_balancer_lacks(
    plan: Plan, ask: Ask, scene: Scene, demo: Demo, far: str, made: Made
) -> None:
    live = demo.live(1, VPCZoneIdentifier=f"{scene.subnets[0]},{far}")
    image = scene.image(release="2")
    (finding,) = plan(**demo.definition, image_id=image)["findings"]
    assert f"{live} launches in eu-west-1c ({far}), which load balancer loadbalancer/app/" in finding
    assert "Enable the zone for the load balancer, or take its subnet from the group." in finding
    made()
    green = demo.definition["target_groups"]["green"]
    refused = ask("autoscaling_clone", **demo.wanted(live, image_id=image, target_groups=[green]))
    assert f"{live} launches in eu-west-1c" in refused["msg"]
    assert made("write") == []
    (balancer,) = scene.elbv2.describe_target_groups(TargetGroupArns=[green])["TargetGroups"][0]["LoadBalancerArns"]
    scene.elbv2.set_subnets(LoadBalancerArn=balancer, Subnets=[*scene.subnets, far])
    assert plan(**demo.definition, image_id=image)["findings"] == []


def test_a_zonal_shift_is_a_warning(plan: Plan, ask: Ask, scene: Scene, demo: Demo) -> None:
    scene.in_service(demo.live(2), 2)
    blue = demo.definition["target_groups"]["blue"]
    scene.healthy(blue, 2)
    (balancer,) = scene.elbv2.describe_target_groups(TargetGroupArns=[blue])["TargetGroups"][0]["LoadBalancerArns"]
    enabled = {"Key": "zonal_shift.config.enabled", "Value": "true"}
    scene.elbv2.modify_load_balancer_attributes(LoadBalancerArn=balancer, Attributes=[enabled])
    release = {**demo.definition, "image_id": scene.image(release="2")}
    assert not [each for each in plan(**release)["warnings"] if "zonal shift" in each]
    scene.lab.fault(zonal_shift={"resource": balancer, "zone": "eu-west-1a"})
    result = plan(**release)
    assert result["findings"] == []
    (warning,) = [each for each in result["warnings"] if "zonal shift" in each]
    assert "1 of 2 healthy targets of blue, in eu-west-1a, get no requests" in warning
    seen = ask("service_info", **demo.definition)["service"]["environments"]["blue"]
    assert sorted(each["zonal_shift"] for each in seen["targets"]) == [False, True]
    assert seen["healthy"] == 2
