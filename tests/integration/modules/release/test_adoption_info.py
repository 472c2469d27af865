# SPDX-License-Identifier: GPL-3.0-or-later
"""Services that were not made for blue and green: what there is of them, and what stands in the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from switchyard_lab.scene import Scene, forward
from tests.integration.conftest import Ask

from ..conftest import Made

REDIRECT = {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "StatusCode": "HTTP_301"}}


@dataclass(frozen=True)
class Site:
    """A load balancer's listener, its one target group, and the group behind it."""

    scene: Scene
    live: str
    listener: str
    group: str
    options: dict[str, Any]

    @property
    def balancer(self) -> str:
        return str(self.scene.elbv2.describe_listeners(ListenerArns=[self.listener])["Listeners"][0]["LoadBalancerArn"])

    @property
    def name(self) -> str:
        return self.live.split("/")[1]


@pytest.fixture
def site(scene: Scene) -> Site:
    live = scene.target_group()
    listener, group = scene.listener({live: 1}), scene.group(0, (live,))
    named = {"blue": live.split("/")[1], "green": scene.name("twin")}
    options = {"service": scene.name("service"), "routes": [listener], "target_groups": named}
    return Site(scene, live, listener, group, options)


def test_what_there_is_and_what_is_left_to_do(ask: Ask, site: Site, made: Made) -> None:
    made()
    adoption = ask("adoption_info", **site.options)["adoption"]
    service, twin = site.options["service"], site.options["target_groups"]["green"]
    assert adoption == {
        "service": service,
        "stable": "blue",
        "candidate": "green",
        "target_groups": {"blue": [{"name": site.name, "arn": site.live}], "green": [{"name": twin, "arn": None}]},
        "twins": [{"source": site.live, "name": twin, "routes": [site.listener]}],
        "group": site.group,
        "todo": [
            f"Make target group {twin}, the copy of {site.name}.",
            f"Add {twin} to {site.listener}, without traffic.",
            f"Tag as {service}'s: {site.name}, {site.group}.",
            f"Declare blue ({site.name}) stable.",
        ],
    }
    assert made("write") == []


def test_what_will_surprise_is_a_warning(ask: Ask, site: Site) -> None:
    """A listener that was forgotten, a rule of the route's own listener; not the test route."""
    forgotten = site.scene.listener({site.live: 1}, site.balancer, port=81)
    test = site.scene.listener({site.live: 1}, site.balancer, port=82)
    rule = site.scene.elbv2.create_rule(
        ListenerArn=site.listener,
        Priority=1,
        Conditions=[{"Field": "path-pattern", "Values": ["/old"]}],
        Actions=[forward({site.live: 1})],
    )["Rules"][0]["RuleArn"]
    reported = ask("adoption_info", **site.options, test_route={"port": 8082})["warnings"]
    assert {sentence.split()[0] for sentence in reported} == {forgotten, rule}
    assert ask("adoption_info", **site.options, known=[forgotten, test, rule])["warnings"] == []


def test_a_group_with_several_target_groups_is_refused(ask: Ask, site: Site) -> None:
    other = site.scene.target_group()
    site.scene.autoscaling.attach_load_balancer_target_groups(AutoScalingGroupName=site.group, TargetGroupARNs=[other])
    refused = ask("adoption_info", **site.options)["msg"]
    assert f"{site.group} serves 2 target groups" in refused
    assert other.split("/")[1] in refused


def test_a_rule_is_a_route_too(ask: Ask, site: Site) -> None:
    """Behind a listener whose default action is another service's."""
    live, others = site.scene.target_group(), site.live
    rule = site.scene.elbv2.create_rule(
        ListenerArn=site.listener,
        Priority=7,
        Conditions=[{"Field": "host-header", "Values": ["shop.example.com"]}],
        Actions=[forward({live: 1})],
    )["Rules"][0]["RuleArn"]
    group = site.scene.group(0, (live,))
    options = site.options | {"routes": [rule], "target_groups": {"blue": "twin-of-shop", "green": live}}
    header = {"name": "X-Candidate", "value": "yes"}
    reported = ask("adoption_info", **options, test_route={"header": header, "priority": 6})
    assert (reported["adoption"]["stable"], reported["adoption"]["group"]) == ("green", group)
    assert reported["adoption"]["todo"][1] == f"Add twin-of-shop to {rule}, without traffic."
    assert reported.get("warnings", []) == []
    late = ask("adoption_info", **options, test_route={"header": header, "priority": 8})
    assert "give one below 7" in late["msg"]
    assert others not in str(reported["adoption"])


def elsewhere(site: Site) -> dict[str, Any]:
    other = site.scene.target_group()
    return {"routes": [site.scene.listener({site.live: 9, other: 1}, site.balancer, port=81)]}


def redirects(site: Site) -> dict[str, Any]:
    return {
        "routes": [
            site.listener,
            site.scene.listener({}, site.balancer, Protocol="HTTP", Port=8083, DefaultActions=[REDIRECT]),
        ]
    }


def takes_addresses(site: Site) -> dict[str, Any]:
    live = site.scene.target_group(TargetType="ip")
    return {
        "routes": [site.scene.listener({live: 1})],
        "target_groups": {"blue": live.split("/")[1], "green": "twin-of-it"},
    }


def two_groups(site: Site) -> dict[str, Any]:
    site.scene.group(0, (site.live,))
    return {}


def no_group(site: Site) -> dict[str, Any]:
    live = site.scene.target_group()
    return {"routes": [site.scene.listener({live: 1})], "target_groups": {"blue": live, "green": "twin-of-it"}}


def taken(site: Site) -> dict[str, Any]:
    """The twin's name is that of a target group with instances of its own."""
    twin = site.scene.target_group()
    site.scene.group(0, (twin,))
    return {"target_groups": {"blue": site.live, "green": twin.split("/")[1]}}


def of_another_service(site: Site) -> dict[str, Any]:
    tags = [{"Key": "bluegreen:service", "Value": "other"}]
    site.scene.elbv2.add_tags(ResourceArns=[site.live], Tags=tags)
    return {}


def declared_but_gone(site: Site) -> dict[str, Any]:
    site.scene.elbv2.add_tags(ResourceArns=[site.live], Tags=[{"Key": "bluegreen:stable", "Value": "green"}])
    return {}


def under_way(site: Site) -> dict[str, Any]:
    twin = site.scene.target_group()
    stable = [{"Key": "bluegreen:stable", "Value": "blue"}]
    site.scene.elbv2.add_tags(ResourceArns=[site.live, twin], Tags=stable)
    site.scene.elbv2.modify_listener(ListenerArn=site.listener, DefaultActions=[forward({site.live: 90, twin: 10})])
    return {"target_groups": {"blue": site.live, "green": twin}}


def sticky(site: Site, kind: str = "lb_cookie") -> dict[str, Any]:
    attributes = {"stickiness.enabled": "true", "stickiness.type": kind, "stickiness.app_cookie.cookie_name": "SESSION"}
    site.scene.elbv2.modify_target_group_attributes(
        TargetGroupArn=site.live, Attributes=[{"Key": key, "Value": value} for key, value in attributes.items()]
    )
    return {}


CASES = {
    "a route that forwards elsewhere too": (elsewhere, "forwards elsewhere: targets-"),
    "a route that redirects": (redirects, "does not forward to target groups (it has: redirect)"),
    "a target group of addresses": (takes_addresses, "takes targets of type ip"),
    "two groups": (two_groups, "Which Auto Scaling group runs"),
    "no group": (no_group, "An environment is an Auto Scaling group."),
    "a group that is not there": (lambda _: {"group": "nowhere"}, "nowhere does not run"),
    "an idle target group that is not idle": (taken, "is attached to it; detach it"),
    "another service's": (of_another_service, "belongs to service other"),
    "a stable target group that is gone": (declared_but_gone, "but there is no target group twin-"),
    "a release in progress": (under_way, "is in progress"),
    "sticky targets": (sticky, "Give the seconds (stickiness_seconds)"),
    "targets sticky by the application": (
        lambda site: sticky(site, "app_cookie"),
        "change its stickiness to lb_cookie",
    ),
    "no target group": (
        lambda _: {"target_groups": {"blue": "nowhere", "green": "neither"}},
        "neither a target group nowhere nor neither",
    ),
    "a name that AWS refuses": (
        lambda site: {"target_groups": {"blue": site.live, "green": "web_green"}},
        "'web_green' is no name",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_stands_in_the_way_is_told(ask: Ask, site: Site, case: str) -> None:
    change, said = CASES[case]
    result = ask("adoption_info", **site.options | change(site))
    assert result["failed"]
    assert f"{site.options['service']} cannot be adopted" in result["msg"]
    assert said in result["msg"]


def test_findings_come_together(ask: Ask, site: Site) -> None:
    sticky(site)
    result = ask("adoption_info", **site.options, group="nowhere", test_route={"port": 8080})
    assert len(result["findings"]) == 3
    assert "3. " in result["msg"]


def test_what_is_sticky_already_or_is_to_become_so_is_fine(ask: Ask, site: Site) -> None:
    sticky(site)
    adoption = ask("adoption_info", **site.options, stickiness_seconds=60)["adoption"]
    assert f"Keep the clients of {site.listener} on their target group for 60 s." in adoption["todo"]
    action = forward({site.live: 1})
    action["ForwardConfig"]["TargetGroupStickinessConfig"] = {"Enabled": True, "DurationSeconds": 60}
    site.scene.elbv2.modify_listener(ListenerArn=site.listener, DefaultActions=[action])
    assert "failed" not in ask("adoption_info", **site.options)
