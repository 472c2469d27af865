# SPDX-License-Identifier: GPL-3.0-or-later
"""Records that lead to the load balancer of another environment than their definition says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..names import Names, make_zone, values

Fields = dict[str, Any]
Answer = Callable[[Names, str, Mapping[str, Any]], Fields]  # by the color and the load balancer that it leads to


def name(_names: Names, _color: str, balancer: Mapping[str, Any]) -> Fields:
    return values(balancer["DNSName"])


def alias(_names: Names, _color: str, balancer: Mapping[str, Any]) -> Fields:
    """As the console makes it."""
    return alias_of(balancer["CanonicalHostedZoneId"], f"dualstack.{balancer['DNSName']}")


def alias_of_an_alias(names: Names, color: str, balancer: Mapping[str, Any]) -> Fields:
    names.put(f"to-{color}", **alias(names, color, balancer))
    return alias_of(names.id, f"to-{color}.{names.zone}")


def alias_of(zone: str, target: str) -> Fields:
    return {"AliasTarget": {"HostedZoneId": zone, "DNSName": target, "EvaluateTargetHealth": False}}


def balancers(scene: Scene, groups: Mapping[str, str]) -> dict[str, Mapping[str, Any]]:
    """By color, each with a target group of it."""
    made = {color: scene.load_balancer() for color in groups}
    for color, arn in groups.items():
        scene.listener({arn: 100}, made[color])
    found = scene.elbv2.describe_load_balancers(LoadBalancerArns=list(made.values()))["LoadBalancers"]
    by_arn = {each["LoadBalancerArn"]: each for each in found}
    return {color: by_arn[arn] for color, arn in made.items()}


@pytest.mark.parametrize(("kind", "answer"), [("CNAME", name), ("A", alias), ("A", alias_of_an_alias)])
def test_a_record_that_leads_to_the_other_environment_is_not_followed(
    ask: Ask, lab: LabProcess, scene: Scene, made: Made, kind: str, answer: Answer
) -> None:
    """set_identifiers are swapped in the definition of a settled service."""
    names, groups = make_zone(lab), {color: scene.target_group() for color in ("blue", "green")}
    led = balancers(scene, groups)
    for color, balancer in led.items():
        weight = 100 if color == "blue" else 0
        names.put("app", kind, SetIdentifier=color, Weight=weight, **answer(names, color, balancer))
    stable = [{"Key": "bluegreen:stable", "Value": "blue"}]
    scene.elbv2.add_tags(ResourceArns=list(groups.values()), Tags=stable)
    route = {"zone": names.zone, "name": f"app.{names.zone}", "type": kind}
    service = {"service": scene.name("service"), "target_groups": groups}
    swapped = {**service, "routes": [{**route, "set_identifiers": {"blue": "green", "green": "blue"}}]}
    assert ask("service_info", **service, routes=[route])["service"]["stable"] == "blue"
    made()
    refused = ask("service_info", **swapped)
    assert "is blue by definition, but leads to the load balancer of green" in refused["msg"]
    found = ask("service_info", **swapped, as_found=True)["service"]
    assert (found["phase"], found["weights"]) == ("settled", {groups["blue"]: 100, groups["green"]: 0})
    assert not ask("traffic_return", **swapped)["changed"], "blue has the traffic already"
    assert made("write") == []
    names.put("app", kind, SetIdentifier="green", Weight=0, **answer(names, "blue", led["blue"]))
    for module, options in (("service_info", {"as_found": True}), ("traffic_return", {})):
        assert "leads to the load balancer of one environment" in ask(module, **swapped, **options)["msg"]
