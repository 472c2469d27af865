# SPDX-License-Identifier: GPL-3.0-or-later
"""How the name server's answers follow changes: of records, of load balancers, of health."""

from __future__ import annotations

import socket
import time
from contextlib import closing

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually

from .names import BLUE, GREEN, Record, Zone


@pytest.fixture
def zone(lab: LabProcess) -> Zone:
    return Zone(lab)


def alias(zone: Zone, scene: Scene, targets: str, **more: object) -> Record:
    """Of a new load balancer that forwards to these."""
    listener = scene.elbv2.describe_listeners(ListenerArns=[scene.listener({targets: 1})])["Listeners"][0]
    found = scene.elbv2.describe_load_balancers(LoadBalancerArns=[listener["LoadBalancerArn"]])["LoadBalancers"][0]
    target = {"HostedZoneId": found["CanonicalHostedZoneId"], "DNSName": f"dualstack.{found['DNSName']}"}
    return zone.record(AliasTarget={**target, "EvaluateTargetHealth": True}, **more)


def address_of(record: Record) -> str:
    return str(record["AliasTarget"]["DNSName"]).removeprefix("dualstack.")


def test_a_change_is_answered_with_when_it_is_in_sync_and_listed_at_once(zone: Zone) -> None:
    zone.change(CREATE=[zone.weighted("blue", 100), zone.weighted("green", 0)])
    change = zone.submit(UPSERT=[zone.weighted("blue", 0), zone.weighted("green", 100)])
    assert [each["Weight"] for each in zone.listed()] == [0, 100]
    seen = []
    while zone.status(change) == "PENDING":
        seen.append(zone.counted(1))
        time.sleep(0.05)
    assert seen[:-1] == [{BLUE: 1}] * (len(seen) - 1) != []  # the last look may be later than the last status
    assert zone.counted(100) == {GREEN: 100}


def test_a_simple_record_becomes_weighted_without_a_gap(zone: Zone) -> None:
    zone.change(CREATE=[zone.record()])
    change = zone.submit(DELETE=[zone.record()], CREATE=[zone.weighted("blue", 0), zone.weighted("green", 1)])
    while zone.status(change) == "PENDING":
        assert len(zone.answers()) == 1
        time.sleep(0.05)
    assert zone.counted(100) == {GREEN: 100}


def test_a_load_balancer_answers_for_a_minute_by_alias_and_by_cname(zone: Zone, scene: Scene) -> None:
    record = alias(zone, scene, scene.target_group())
    address = address_of(record)
    zone.change(CREATE=[record, zone.record("CNAME", "cname", address)])
    assert zone.answers() == [f"www.{zone.name}. 60 IN A {address}"]
    assert zone.answers("cname")[1] == f"{address}. 60 IN A {address}"


def test_an_alias_that_evaluates_health_leaves_an_unhealthy_load_balancer_out(zone: Zone, scene: Scene) -> None:
    """The other one serves even with weight 0; with no healthy one at all, weights count again."""
    blue, green = scene.target_group(), scene.target_group()
    records = [
        alias(zone, scene, targets, SetIdentifier=color, Weight=weight)
        for color, targets, weight in (("blue", blue, 100), ("green", green, 0))
    ]
    to_blue, to_green = map(address_of, records)
    zone.change(CREATE=records)
    assert zone.counted(50) == {to_blue: 50}
    for targets, only in ((green, to_green), (blue, to_blue)):
        scene.group(1, (targets,))
        scene.healthy(targets, 1)
        eventually(lambda: set(zone.counted(1)), {only}.__eq__)


def test_a_failing_health_check_takes_a_record_out(zone: Zone) -> None:
    """A check that is inverted fails while its endpoint is well."""
    with closing(socket.create_server(("127.0.0.1", 0))) as endpoint:
        host, port = endpoint.getsockname()
        config = {"Type": "TCP", "IPAddress": host, "Port": port, "RequestInterval": 10, "FailureThreshold": 2}
        made = zone.route53.create_health_check(CallerReference=zone.name, HealthCheckConfig=config)
        check = made["HealthCheck"]["Id"]
        zone.change(CREATE=[zone.weighted("blue", 100, HealthCheckId=check), zone.weighted("green", 0)])
        assert zone.counted(50) == {BLUE: 50}
        for inverted, only in ((True, GREEN), (False, BLUE)):
            zone.route53.update_health_check(HealthCheckId=check, Inverted=inverted)
            assert zone.counted(50) == {only: 50}
    eventually(lambda: set(zone.counted(1)), {GREEN}.__eq__)
    zone.route53.update_health_check(HealthCheckId=check, Disabled=True)
    eventually(lambda: set(zone.counted(1)), {BLUE}.__eq__)


def test_a_private_zone_comes_before_a_public_one_of_its_name(lab: LabProcess, zone: Zone, scene: Scene) -> None:
    vpc = {"VPCId": scene.vpc, "VPCRegion": "eu-west-1"}
    private = Zone(lab, zone.name, HostedZoneConfig={"PrivateZone": True}, VPC=vpc)
    zone.submit(CREATE=[zone.record(), zone.record(name="public")])
    private.change(CREATE=[private.record(value=GREEN)])
    assert zone.counted(20) == {GREEN: 20}
    assert zone.failure("public") == "NXDOMAIN"  # a VPC does not ask the public zone for what the private one lacks
