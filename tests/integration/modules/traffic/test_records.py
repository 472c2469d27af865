# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights of DNS records, changed as asked and nothing else with them, by the real API calls."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.traffic.weights import RouteWeightsOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.traffic.weights import set_route_weights

from switchyard_lab.client import LabProcess
from tests.integration.conftest import Ask

from ..conftest import Made
from ..front import Front
from ..names import Names, make_zone, values

SHIFT = {"weights": {"blue": 90, "green": 10}}


@pytest.fixture
def names(lab: LabProcess) -> Names:
    return make_zone(lab)


OF_ROUTE = ("zone", "name", "private_zone", "targets")


def asked(names: Names, **options: Any) -> dict[str, Any]:
    """Of a record alone, without target groups."""
    route = {"zone": names.id, "name": names.www}
    route |= {key: options.pop(key) for key in OF_ROUTE if key in options}
    return {"routes": [route], **options}


def balancer_of(front: Front, listener: str) -> dict[str, str]:
    """As an alias names it."""
    elbv2 = front.scene.elbv2
    arn = elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["LoadBalancerArn"]
    (found,) = elbv2.describe_load_balancers(LoadBalancerArns=[arn])["LoadBalancers"]
    return {"HostedZoneId": found["CanonicalHostedZoneId"], "DNSName": found["DNSName"]}


def test_both_weights_change_in_one_batch_that_is_awaited(ask: Ask, names: Names, made: Made) -> None:
    names.put_pair(100, 0)
    made()
    result = ask("route_weights", **asked(names, **SHIFT))
    assert result["changed"]
    assert result["weights"] == {"blue": 90, "green": 10}
    assert result["ttl_seconds"] == 5
    calls = made()
    assert (calls[:2], calls[-1]) == (
        ["ListResourceRecordSets", "ChangeResourceRecordSets"],
        "ListResourceRecordSets",
    )
    assert set(calls[2:-1]) == {"GetChange"}
    assert names.weights() == {"blue": 90, "green": 10}
    assert not ask("route_weights", **asked(names, **SHIFT))["changed"]
    assert made() == ["ListResourceRecordSets"]


def test_all_else_that_the_records_have_stays(ask: Ask, names: Names, lab: LabProcess) -> None:
    config = {"Type": "HTTP", "FullyQualifiedDomainName": names.www, "Port": 80}
    check = lab.client("route53").create_health_check(CallerReference=names.id, HealthCheckConfig=config)
    names.put_pair(100, 0, HealthCheckId=check["HealthCheck"]["Id"])
    names.put("www", "AAAA", **values("2001:db8::1"))
    before = names.found()
    ask("route_weights", **asked(names, weights={"blue": 0, "green": "100"}))
    swapped = {"blue": 0, "green": 100}
    assert names.found() == [
        {**each, "Weight": swapped[each["SetIdentifier"]]} if each["Type"] == "A" else each for each in before
    ]


def test_check_mode_tells_both_sides_and_writes_nothing(ask: Ask, names: Names, made: Made) -> None:
    names.put_pair(1, 0)
    made()
    result = ask("route_weights", check=True, **asked(names, zone=names.zone, **SHIFT))
    title = f"A {names.www} (zone {names.id})"
    assert result["changed"]
    assert result["diff"] == {
        "before": {title: {"weights": {"blue": 100, "green": 0}}},
        "after": {title: {"weights": {"blue": 90, "green": 10}}},
    }
    assert made("write") == []


def test_a_simple_record_of_a_load_balancer_becomes_weighted_in_one_batch(
    ask: Ask, names: Names, front: Front, made: Made
) -> None:
    blue, green = (
        balancer_of(front, route) for route in (front.listener, front.scene.listener({front.scene.target_group(): 1}))
    )
    names.put("www", AliasTarget={**blue, "EvaluateTargetHealth": True})
    (simple,) = names.found()
    made()
    target = {"alias": green["DNSName"], "alias_zone_id": green["HostedZoneId"]}
    result = ask("route_weights", **asked(names, weights={"blue": 100, "green": 0}, targets={"green": target}))
    assert made("write") == ["ChangeResourceRecordSets"]
    assert result["ttl_seconds"] == 60
    kept, new = names.found()
    assert kept == {**simple, "SetIdentifier": "blue", "Weight": 100}
    assert new["AliasTarget"] == {**green, "DNSName": f"{green['DNSName']}.", "EvaluateTargetHealth": False}
    assert names.weights() == {"blue": 100, "green": 0}


def test_an_alias_of_another_record_lives_as_long_as_that_one(ask: Ask, names: Names) -> None:
    for color, number in (("blue", 1), ("green", 2)):
        names.put(color, **values(f"192.0.2.{number}", ttl=30))
    targets = {color: {"alias": f"{color}.{names.zone}", "alias_zone_id": names.id} for color in ("blue", "green")}
    alias = {"HostedZoneId": names.id, "DNSName": targets["blue"]["alias"], "EvaluateTargetHealth": False}
    names.put("www", AliasTarget=alias)
    options = {"weights": {"blue": 100, "green": 0}}
    assert ask("route_weights", check=True, **asked(names, **options, targets=targets))["ttl_seconds"] == 30
    refused = ask("route_weights", **asked(names, **options, targets={"green": {"values": ["192.0.2.2"]}}))
    assert "live for different times: blue 30 s, green 60 s" in refused["msg"]


def test_zones_that_share_a_name_are_told_apart_by_their_kind(ask: Ask, names: Names, front: Front) -> None:
    names.put_pair(100, 0)
    inner = make_zone(front.scene.lab, names.zone, front.scene.vpc)
    inner.put_pair(50, 50)
    refused = ask("route_weights", **asked(names, zone=names.zone, **SHIFT))
    assert refused["failed"]
    assert f"{names.id} (public)" in refused["msg"]
    assert f"{inner.id} (private)" in refused["msg"]
    result = ask("route_weights", **asked(names, zone=names.zone, private_zone=True, weights={"blue": 50, "green": 50}))
    assert (result["changed"], result["routes"][0]["zone_id"]) == (False, inner.id)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"weights": {"blue": 50, "green": 40}}, "sum to 100"),
        ({**SHIFT, "expected": {"blue": 50, "green": 50}}, "splits blue 100 %, expected blue 50 %, green 50 %"),
        ({"weights": {"blue": 90, "red": 10}}, "whose weights are given by color: blue and green; given: red"),
        ({**SHIFT, "name": "web.example"}, "There is no record A web.example"),
        ({**SHIFT, "zone": "nowhere.example"}, "There is no hosted zone nowhere.example."),
        ({**SHIFT, "targets": {"green": {"alias": "lb"}}}, "or an alias with its alias_zone_id"),
    ],
)
def test_bad_input_is_refused_before_the_first_write(
    ask: Ask, names: Names, made: Made, options: dict[str, Any], said: str
) -> None:
    names.put_pair(100, 0)
    made()
    refused = ask("route_weights", **asked(names, **options))
    assert refused["failed"]
    assert said in refused["msg"]
    assert made("write") == []


def test_what_somebody_changes_meanwhile_is_not_overwritten(names: Names) -> None:
    names.put_pair(100, 0)
    events, listed = names.route53.meta.events, "after-call.route-53.ListResourceRecordSets"

    def change(**_answer: Any) -> None:
        events.unregister(listed, change)
        names.put_pair(50, 50)

    events.register(listed, change)
    options = RouteWeightsOptions(**asked(names, **SHIFT, expected={"blue": 100}))
    with pytest.raises(BluegreenError, match=r"do not match the current values.*InvalidChangeBatch"):
        set_route_weights(options, Run(client=lambda _service: names.route53))
    assert names.weights() == {"blue": 50, "green": 50}


def test_a_change_that_is_not_in_sync_in_time_is_told(ask: Ask, names: Names) -> None:
    names.put_pair(100, 0)
    refused = ask("route_weights", **asked(names, wait_timeout=0, **SHIFT))
    assert "is still PENDING" in refused["msg"]
    assert names.weights() == {"blue": 90, "green": 10}
