# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of load balancers."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from switchyard_lab.scene import Scene, refusal


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("a" * 33, "cannot be longer than '32' characters"),
        ("web_blue", "can only contain characters that are alphanumeric characters and hyphens"),
        ("web.blue", "can only contain"),
        ("-web", "cannot begin or end with '-'"),
        ("web-", "cannot begin or end with '-'"),
        ("internal-web", "cannot begin with 'internal-'"),
    ],
)
def test_names_have_their_rules(scene: Scene, name: str, why: str) -> None:
    with pytest.raises(ClientError, match=why) as refused:
        scene.elbv2.create_load_balancer(Name=name, Subnets=scene.subnets)
    assert refused.value.response["Error"]["Code"] == "ValidationError"
    balancers = scene.elbv2.describe_load_balancers()["LoadBalancers"]
    assert name not in [each["LoadBalancerName"] for each in balancers]


def test_an_application_load_balancer_is_in_two_zones(scene: Scene) -> None:
    """A Network Load Balancer may be in one (Subnets of CreateLoadBalancer in the API reference)."""
    one = {"Name": scene.name("balancer"), "Subnets": scene.subnets[:1]}
    with pytest.raises(ClientError, match="At least two subnets in two different Availability Zones"):
        scene.elbv2.create_load_balancer(**one)
    twice = one | {"Type": "network", "Subnets": scene.subnets[:1] * 2}
    with pytest.raises(ClientError, match="multiple subnets in the same Availability Zone"):
        scene.elbv2.create_load_balancer(**twice)
    arn = scene.load_balancer(Type="network", Subnets=scene.subnets[:1])
    (made,) = scene.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    assert [zone["SubnetId"] for zone in made["AvailabilityZones"]] == scene.subnets[:1]


def test_a_name_is_that_of_one_load_balancer(scene: Scene) -> None:
    """ "If you attempt to create multiple load balancers with the same settings, each call succeeds"
    (CreateLoadBalancer in the API reference)."""
    arn = scene.load_balancer()
    (made,) = scene.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    assert made["Scheme"] == "internet-facing"
    again = {"Name": made["LoadBalancerName"], "Subnets": scene.subnets}
    (found,) = scene.elbv2.create_load_balancer(**again)["LoadBalancers"]
    assert (found["LoadBalancerArn"], found["DNSName"]) == (arn, made["DNSName"])
    for other in ({"Type": "network"}, {"Scheme": "internal"}):
        assert refusal(scene.elbv2.create_load_balancer, **again | other) == "DuplicateLoadBalancerName"
    (left,) = scene.elbv2.describe_load_balancers(Names=[made["LoadBalancerName"]])["LoadBalancers"]
    assert left["LoadBalancerArn"] == arn
