# SPDX-License-Identifier: GPL-3.0-or-later
"""Services whose routes are DNS records, or records and listeners."""

from __future__ import annotations

import time
from threading import Timer
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..front import Front
from ..names import Names, make_zone, values


@pytest.fixture
def names(lab: LabProcess) -> Names:
    """All of www goes to blue."""
    names = make_zone(lab)
    names.put_pair(100, 0)
    return names


def record(names: Names, **more: Any) -> dict[str, Any]:
    return {"zone": names.zone, "name": names.www, **more}


def mixed(front: Front, names: Names, **more: Any) -> dict[str, Any]:
    return {
        "routes": [record(names), front.listener],
        "target_groups": {"blue": front.blue, "green": front.green},
        **more,
    }


@pytest.fixture
def alone(scene: Scene, names: Names) -> dict[str, Any]:
    """A service that has a load balancer for each color, and a record for its route."""
    groups = {color: scene.target_group() for color in ("blue", "green")}
    for arn in groups.values():
        scene.listener({arn: 100})
    return {"service": scene.name("service"), "routes": [record(names)], "target_groups": groups}


def test_records_and_listeners_move_as_one(ask: Ask, front: Front, names: Names, made: Made) -> None:
    names.put("www", "AAAA", SetIdentifier="blue", Weight=100, **values("2001:db8::1"))
    names.put("www", "AAAA", SetIdentifier="green", Weight=0, **values("2001:db8::2"))
    options = mixed(front, names, weights=front.split(90, 10), expected=front.split(100, 0))
    options["routes"].append(record(names, type="AAAA"))
    made()
    result = ask("route_weights", **options)
    assert made("write") == ["ModifyListener", "ChangeResourceRecordSets"]
    assert (result["changed"], result["ttl_seconds"]) == (True, 5)
    assert result["weights"] == front.split(90, 10)
    by_set = {"blue": 90, "green": 10}
    assert [each["weights"] for each in result["routes"]] == [by_set, front.split(90, 10), by_set]
    assert front.weights(front.listener) == front.split(90, 10)
    assert [each["Weight"] for each in names.found()] == [90, 10] * 2
    again = ask("route_weights", **{**options, "expected": front.split(90, 10)})
    assert (again["changed"], made("write")) == (False, [])


def test_listeners_are_put_back_when_the_records_cannot_move(ask: Ask, front: Front, names: Names) -> None:
    front.scene.lab.fault(operation="ChangeResourceRecordSets", times=1, error="AccessDenied")
    reported = ask("route_weights", **mixed(front, names, weights=front.split(0, 100)))
    assert reported["failed"]
    assert "Every route changed before it was put back." in reported["msg"]
    assert front.weights(front.listener) == front.split(100, 0)
    assert names.weights() == {"blue": 100, "green": 0}


def test_routes_that_disagree_are_not_what_is_expected(ask: Ask, front: Front, names: Names, made: Made) -> None:
    names.put_pair(50, 50)
    made()
    reported = ask("route_weights", **mixed(front, names, weights=front.split(0, 100), expected=front.split(100, 0)))
    assert f"A {names.www} (zone {names.id}) splits" in reported["msg"]
    assert made("write") == []


def test_a_rollback_returns_both_though_one_cannot_be_written(ask: Ask, front: Front, names: Names) -> None:
    options = mixed(front, names, service=front.scene.name("service"))
    front.scene.group(1, (front.blue,))
    front.scene.healthy(front.blue, 1)
    stable = [{"Key": "bluegreen:stable", "Value": "blue"}]
    front.scene.elbv2.add_tags(ResourceArns=[front.blue, front.green], Tags=stable)
    ask("route_weights", **mixed(front, names, weights=front.split(20, 80)))
    front.scene.lab.fault(operation="ModifyListener", times=2, error="OperationNotPermitted")
    assert "OperationNotPermitted" in ask("traffic_return", **options)["msg"]
    assert names.weights() == {"blue": 100, "green": 0}
    returned = ask("traffic_return", **options)
    assert (returned["changed"], returned["moves"][0]["weight"]) == (True, 100)
    assert front.weights(front.listener) == front.split(100, 0)


def test_a_record_set_whose_target_is_gone_keeps_no_record_from_its_return(
    ask: Ask, scene: Scene, alone: dict[str, Any], names: Names
) -> None:
    """Somebody has deleted the candidate's load balancer and the health check of its record sets."""
    blue, green = alone["target_groups"].values()
    scene.group(1, (blue,))
    scene.healthy(blue, 1)
    scene.elbv2.add_tags(ResourceArns=[blue, green], Tags=[{"Key": "bluegreen:stable", "Value": "blue"}])
    config = {"Type": "HTTP", "FullyQualifiedDomainName": names.www, "Port": 80}
    check = names.route53.create_health_check(CallerReference=names.id, HealthCheckConfig=config)["HealthCheck"]["Id"]
    balancer = scene.load_balancer()
    (found,) = scene.elbv2.describe_load_balancers(LoadBalancerArns=[balancer])["LoadBalancers"]
    alias = {"HostedZoneId": found["CanonicalHostedZoneId"], "DNSName": found["DNSName"], "EvaluateTargetHealth": False}
    greens = {
        "checked": {**values("192.0.2.7", ttl=60), "HealthCheckId": check},
        "aliased": {"AliasTarget": alias},
        "whole": values("192.0.2.9", ttl=60),
    }
    for name, fields in greens.items():
        names.put(name, SetIdentifier="blue", Weight=90, **values("192.0.2.4", ttl=60))
        names.put(name, SetIdentifier="green", Weight=10, **fields)
    names.route53.delete_health_check(HealthCheckId=check)
    scene.elbv2.delete_load_balancer(LoadBalancerArn=balancer)
    alone["routes"] = [record(names, name=f"{name}.{names.zone}") for name in greens]
    returned = ask("traffic_return", **alone)
    assert not returned.get("failed"), returned
    assert [{each["SetIdentifier"]: each["Weight"] for each in names.found(name)} for name in greens] == [
        {"blue": 100},
        {"blue": 100},
        {"blue": 100, "green": 0},
    ]
    warned = [each for each in returned["warnings"] if "Set in targets what it answers" in each]
    assert ["NoSuchHealthCheck" in each for each in warned] == [True, False]
    assert f"Record set green of A aliased.{names.zone}" in warned[1]
    assert not ask("traffic_return", **alone)["changed"]


def test_a_service_with_records_alone_is_read(ask: Ask, alone: dict[str, Any], names: Names) -> None:
    names.put_pair(3, 1)
    blue, green = alone["target_groups"].values()
    reported = ask("service_info", **alone)["msg"]
    assert "Which environment of" in reported
    names.put_pair(1, 0)
    service = ask("service_info", **alone)["service"]
    assert (service["stable"], service["weights"]) == ("blue", {blue: 100, green: 0})
    (route,) = service["routes"]
    assert route == {
        "title": f"A {names.www} (zone {names.id})",
        "weights": {"blue": 100, "green": 0},
        "zone_id": names.id,
        "name": names.www,
        "type": "A",
        "ttl_seconds": 5,
    }
    assert service["ttl_seconds"] == 5
    assert service["sessions"].startswith("Who has resolved the name keeps the answer for 5 s")


def test_a_target_group_that_nothing_forwards_to_is_refused(ask: Ask, scene: Scene, alone: dict[str, Any]) -> None:
    alone["target_groups"]["green"] = scene.target_group()
    reported = ask("service_info", **alone)["msg"]
    assert "No listener forwards to target group" in reported


def test_a_record_set_that_is_of_neither_color_is_refused(ask: Ask, alone: dict[str, Any], names: Names) -> None:
    names.put("www", SetIdentifier="old", Weight=100, **values("192.0.2.9"))
    assert "forwards elsewhere: old 50 %" in ask("service_info", **alone)["msg"]


def test_what_stands_against_records_is_told_before_a_release(
    plan: Plan, alone: dict[str, Any], names: Names, lab: LabProcess
) -> None:
    lone = make_zone(lab)
    lone.put("www", SetIdentifier="blue", Weight=1, **values("192.0.2.1"))
    options = {**alone, "routes": [record(lone)], "image_id": "ami-0123456789abcdef0"}
    findings = plan(**options)["findings"]
    assert f"A {lone.www} (zone {lone.id}) has no record set green" in " ".join(findings)
    assert "ami-0123456789abcdef0" in " ".join(findings)
    assert not any("record" in each for each in plan(**{**options, "routes": [record(names)]})["findings"])


def test_a_simple_record_is_stable_s_and_becomes_weighted(ask: Ask, alone: dict[str, Any], lab: LabProcess) -> None:
    names = make_zone(lab)
    names.put("www", **values("192.0.2.1"))
    blue, green = alone["target_groups"].values()
    alone["routes"] = [record(names, targets={"green": {"values": ["192.0.2.2"]}})]
    service = ask("service_info", **alone)["service"]
    assert (service["stable"], service["phase"], service["weights"]) == ("blue", "settled", {blue: 100, green: 0})
    options = {key: alone[key] for key in ("routes", "target_groups")}
    ask("route_weights", **options, weights={blue: 100, green: 0})
    assert names.weights() == {"blue": 100, "green": 0}


def test_an_environment_is_idle_once_no_resolver_can_lead_to_it(ask: Ask, alone: dict[str, Any], made: Made) -> None:
    began = time.monotonic()
    result = ask("traffic_check", **alone, color="green", quiet_seconds=0, ttl_margin_seconds=1)
    assert (result["ttl_waited_seconds"], result.get("failed")) == (6, None)
    assert time.monotonic() - began >= 6
    assert made("write") == []


def test_an_environment_that_gets_weight_meanwhile_is_not_idle(
    ask: Ask, scene: Scene, alone: dict[str, Any], names: Names
) -> None:
    stable = [{"Key": "bluegreen:stable", "Value": "blue"}]
    scene.elbv2.add_tags(ResourceArns=list(alone["target_groups"].values()), Tags=stable)
    somebody = Timer(2, names.put_pair, (90, 10))
    somebody.start()
    reported = ask("traffic_check", **alone, color="green", quiet_seconds=0)
    somebody.join()
    assert f"has traffic: A {names.www}" in reported["msg"]
