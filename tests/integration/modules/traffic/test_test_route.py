# SPDX-License-Identifier: GPL-3.0-or-later
"""Test routes: made as asked, recognized when they are there, refused when something else is."""

from __future__ import annotations

from typing import Any

import pytest

from lab.tests.sign_in import SIGN_IN
from switchyard_lab.scene import Scene, forward
from tests.integration.conftest import Ask

from ..conftest import Made

HEADER = {"name": "X-Candidate", "value": "yes"}
CONDITION = {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Candidate", "Values": ["yes"]}}
SITE = [
    {"Field": "host-header", "HostHeaderConfig": {"Values": ["*.example.com", "shop.example.com"]}},
    {"Field": "path-pattern", "PathPatternConfig": {"Values": ["/shop/*"]}},
]
FIXED = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}


@pytest.fixture
def groups(scene: Scene) -> list[str]:
    """The live target group and the candidate's."""
    return [scene.target_group(), scene.target_group()]


@pytest.fixture
def options(scene: Scene, groups: list[str]) -> dict[str, Any]:
    live, candidate = groups
    return {"route": scene.listener({live: 100}), "weights": {live: 0, candidate: 100}}


def weights(item: dict[str, Any]) -> dict[str, int]:
    actions = item.get("DefaultActions") or item["Actions"]
    return {group["TargetGroupArn"]: group["Weight"] for group in actions[-1]["ForwardConfig"]["TargetGroups"]}


def read_rule(scene: Scene, arn: str) -> dict[str, Any]:
    return dict(scene.elbv2.describe_rules(RuleArns=[arn])["Rules"][0])


def read_listener(scene: Scene, arn: str) -> dict[str, Any]:
    return dict(scene.elbv2.describe_listeners(ListenerArns=[arn])["Listeners"][0])


def balancer_of(scene: Scene, listener: str) -> dict[str, Any]:
    arn = read_listener(scene, listener)["LoadBalancerArn"]
    return dict(scene.elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"][0])


def test_a_header_leads_to_the_candidate(ask: Ask, scene: Scene, options: dict[str, Any], made: Made) -> None:
    made()
    reported = ask("test_route", **options, header=HEADER, priority=3, check=True)
    assert (reported["changed"], reported["test_route"]["arn"], made("write")) == (True, None, [])

    done = ask("test_route", **options, header=HEADER, priority=3)
    assert made("write") == ["CreateRule"]
    rule = read_rule(scene, done["test_route"]["arn"])
    assert (rule["Priority"], rule["Conditions"], weights(rule)) == ("3", [CONDITION], options["weights"])
    dns = balancer_of(scene, options["route"])["DNSName"]
    assert done["test_route"] | {"arn": ""} == {
        "arn": "",
        "url": f"http://{dns}:8080",
        "headers": {"X-Candidate": "yes"},
    }

    again = ask("test_route", **options, header=HEADER, priority=3)
    assert (again["changed"], again["test_route"], made("write")) == (False, done["test_route"], [])


def test_a_port_of_its_own_leads_to_the_candidate(ask: Ask, scene: Scene, options: dict[str, Any], made: Made) -> None:
    made()
    done = ask("test_route", **options, port=8081)
    assert made("write") == ["CreateListener"]
    listener = read_listener(scene, done["test_route"]["arn"])
    assert (listener["Protocol"], listener["Port"], weights(listener)) == ("HTTP", 8081, options["weights"])
    dns = balancer_of(scene, options["route"])["DNSName"]
    assert done["test_route"] | {"arn": ""} == {"arn": "", "url": f"http://{dns}:8081", "headers": {}}
    again = ask("test_route", **options, port=8081)
    assert (again["changed"], again["test_route"], made("write")) == (False, done["test_route"], [])


def test_weights_that_a_release_moved_stay_and_a_missing_group_comes_in(
    ask: Ask, scene: Scene, options: dict[str, Any], groups: list[str]
) -> None:
    live, candidate = groups
    balancer = balancer_of(scene, options["route"])["LoadBalancerArn"]
    listener = scene.listener({live: 100, candidate: 0}, balancer, port=81)
    assert not ask("test_route", **options, port=8081)["changed"]
    assert weights(read_listener(scene, listener)) == {live: 100, candidate: 0}
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({live: 1})])
    assert ask("test_route", **options, port=8081)["changed"]
    assert weights(read_listener(scene, listener)) == options["weights"]


def test_a_rule_takes_over_what_the_production_rule_asks_for(
    ask: Ask, scene: Scene, options: dict[str, Any], groups: list[str]
) -> None:
    """And where it is told already, in whichever order, it is recognized."""
    listener = options["route"]
    made = scene.elbv2.create_rule(
        ListenerArn=listener, Priority=20, Conditions=SITE, Actions=[forward({groups[0]: 100})]
    )
    options["route"] = made["Rules"][0]["RuleArn"]
    done = ask("test_route", **options, header=HEADER, priority=10)["test_route"]
    rule = read_rule(scene, done["arn"])
    assert [condition["Field"] for condition in rule["Conditions"]] == ["host-header", "path-pattern", "http-header"]
    assert rule["Conditions"][0]["Values"] == SITE[0]["HostHeaderConfig"]["Values"]
    assert done["url"] == "http://shop.example.com:8080"
    other = ask("test_route", **options, header={"name": "x-candidate", "value": "yes"}, priority=11, host="localhost")
    assert (other["changed"], other["test_route"]["arn"]) == (False, done["arn"])
    assert other["test_route"]["url"] == "http://localhost:8080"


def test_certificates_come_along_and_a_sign_in_does_not(
    ask: Ask, scene: Scene, options: dict[str, Any], groups: list[str], made: Made
) -> None:
    certificates = [scene.certificate(f"{name}.example.com") for name in ("web", "shop", "help")]
    secure = scene.listener(
        {},
        balancer_of(scene, options["route"])["LoadBalancerArn"],
        Protocol="HTTPS",
        Port=8443,
        SslPolicy="ELBSecurityPolicy-TLS13-1-2-2021-06",
        Certificates=[{"CertificateArn": certificates[0]}],
        DefaultActions=[SIGN_IN, forward({groups[0]: 100}) | {"Order": 2}],
    )
    for arn in certificates[1:]:
        scene.elbv2.add_listener_certificates(ListenerArn=secure, Certificates=[{"CertificateArn": arn}])
    asked = {"route": secure, "weights": options["weights"], "port": 9443, "host": "web.example.com"}
    made()
    done = ask("test_route", **asked)
    assert made("write") == ["CreateListener", "AddListenerCertificates", "AddListenerCertificates"]
    assert "does not, as no check could" in done["warnings"][0]
    arn = done["test_route"]["arn"]
    listener = read_listener(scene, arn)
    assert (listener["Protocol"], listener["SslPolicy"]) == ("HTTPS", "ELBSecurityPolicy-TLS13-1-2-2021-06")
    assert [action["Type"] for action in listener["DefaultActions"]] == ["forward"]
    reported = scene.elbv2.describe_listener_certificates(ListenerArn=arn)["Certificates"]
    assert [each["CertificateArn"] for each in reported] == certificates
    assert done["test_route"]["url"] == "https://web.example.com:9443"
    again = ask("test_route", **asked)
    assert (again["changed"], again.get("warnings", [])) == (False, [])
    (warning,) = ask("test_route", **{**asked, "host": None})["warnings"]
    assert "Set host to a name that a certificate of the listener covers" in warning

    # as where a run was killed between the two writes
    scene.elbv2.remove_listener_certificates(ListenerArn=arn, Certificates=[{"CertificateArn": certificates[1]}])
    assert ask("test_route", **asked)["changed"]
    assert made("write") == ["AddListenerCertificates"]


def test_what_is_in_the_way_is_said_before_anything_is_written(
    ask: Ask, scene: Scene, options: dict[str, Any], groups: list[str], made: Made
) -> None:
    listener = options["route"]
    balancer, elsewhere = balancer_of(scene, listener)["LoadBalancerArn"], scene.target_group()
    scene.listener({elsewhere: 1}, balancer, port=81)
    scene.listener({}, balancer, port=82, DefaultActions=[FIXED], Protocol="HTTP", Port=8082)
    rules = {priority: [{"Field": "path-pattern", "Values": [f"/{priority}"]}] for priority in (5, 9)}
    production, _other = (
        scene.elbv2.create_rule(
            ListenerArn=listener, Priority=priority, Conditions=conditions, Actions=[forward({groups[0]: 1})]
        )["Rules"][0]["RuleArn"]
        for priority, conditions in rules.items()
    )
    header = {"header": HEADER}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"port": 8080}, "Port 8080 is production's"),
        ({"port": 8081}, f"forwards to {elsewhere.split('/')[1]}"),
        ({"port": 8082}, "does not forward to target groups (it has: fixed-response)"),
        ({"port": 8081, "protocol": "HTTPS"}, "has no certificate"),
        ({"port": 8083, "protocol": "TCP"}, "does not listen to TCP"),
        ({**header, "priority": 9}, "Priority 9 is taken by"),
        ({**header, "priority": 7, "route": production}, "give one below 5"),
        ({"port": 8083, "weights": {groups[0]: 50}}, "sum to 100"),
        ({}, "one of the following is required: header, port"),
        (header, "parameters are required together: header, priority"),
    ]
    made()
    for change, said in cases:
        result = ask("test_route", **options | change)
        assert said in result["msg"], change
    assert made("write") == []
