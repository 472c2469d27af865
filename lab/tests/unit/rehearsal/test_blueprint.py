# SPDX-License-Identifier: GPL-3.0-or-later
"""What is built for a definition."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.rehearsal.blueprint import Blueprint, draw
from switchyard_lab.rehearsal.described import Described
from switchyard_lab.rehearsal.inventory import NotReadyError

ELB = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"
LISTENER, RULE = f"{ELB}:listener/app/web/50dc/f2f7", f"{ELB}:listener-rule/app/web/50dc/f2f7/9683"
INTERNAL = f"{ELB}:listener/net/inside/60dc/a2f7"
NO_TEST_ROUTE: dict[str, Any] = {}


def drawn(*routes: Any, described: Described | None = None, **values: Any) -> Blueprint:
    said = {"service": "web", "target_groups": {"blue": ["web-blue"], "green": ["web-green"]}, "alarms": []}
    said |= {"routes": list(routes), "test_route": NO_TEST_ROUTE, **values}
    return draw(said, described or Described())


def test_a_listener_splits_what_no_rule_takes() -> None:
    (balancer,) = drawn(LISTENER).balancers
    assert (balancer.name, balancer.kind) == ("web", "application")
    (listener,) = balancer.listeners
    assert (listener.arn, listener.splits, listener.rules) == (LISTENER, True, [])


def test_the_listener_of_a_rule_belongs_to_somebody_else() -> None:
    (listener,) = drawn(RULE).balancers[0].listeners
    assert (listener.arn, listener.splits) == (LISTENER, False)
    assert [(rule.arn, rule.path) for rule in listener.rules] == [(RULE, "/rehearsal")]


def test_two_rules_of_a_listener_take_different_paths() -> None:
    (listener,) = drawn(RULE, RULE.replace("9683", "9684")).balancers[0].listeners
    assert [rule.path for rule in listener.rules] == ["/0/rehearsal", "/1/rehearsal"]


def test_a_rule_has_the_paths_that_aws_returned() -> None:
    conditions = [{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/shop/*"]}}]
    described = Described(rules=[{"RuleArn": RULE, "Conditions": conditions}])
    assert drawn(RULE, described=described).balancers[0].listeners[0].rules[0].path == "/shop/rehearsal"


def test_a_rule_without_paths_has_assumed_ones() -> None:
    conditions = [{"Field": "host-header", "HostHeaderConfig": {"Values": ["shop.example.com"]}}]
    blueprint = drawn(RULE, described=Described(rules=[{"RuleArn": RULE, "Conditions": conditions}]))
    assert blueprint.balancers[0].listeners[0].rules[0].path == "/rehearsal"
    assert blueprint.notes[:2] == [
        f"not rehearsed: host-header of {RULE}",
        f"assumed: the paths of {RULE}, for none is described",
    ]


def test_a_test_route_by_header_is_a_rule_of_the_same_listener() -> None:
    test_route = {"arn": RULE, "url": "https://web.example.com", "headers": {"X-Test": "1"}}
    other = RULE.replace("9683", "9684")
    (listener,) = drawn(LISTENER, other, test_route=test_route).balancers[0].listeners
    rule, _other = listener.rules
    assert rule.conditions == [
        {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": "X-Test", "Values": ["1"]}}
    ]


def test_each_load_balancer_has_its_pair_of_target_groups() -> None:
    pairs = {"blue": ["web", "inside"], "green": ["web-2", f"{ELB}:targetgroup/inside-2/6d0e"]}
    public, internal = drawn(LISTENER, INTERNAL, target_groups=pairs).balancers
    assert public.target_groups == {"blue": "web", "green": "web-2"}
    assert (internal.kind, internal.target_groups) == ("network", {"blue": "inside", "green": "inside-2"})


def test_its_size_and_its_health_checks_are_those_that_aws_returned() -> None:
    arn = f"{ELB}:targetgroup/web-blue/6d0e"
    described = Described(
        target_groups=[{"TargetGroupName": "web-blue", "TargetGroupArn": arn, "HealthCheckIntervalSeconds": 30}],
        groups=[{"TargetGroupARNs": [arn], "MinSize": 4, "DesiredCapacity": 5, "MaxSize": 9}],
    )
    blueprint = drawn(LISTENER, described=described)
    assert blueprint.size == {"MinSize": 4, "DesiredCapacity": 5, "MaxSize": 9}
    assert blueprint.health["HealthCheckIntervalSeconds"] == 30
    assert blueprint.notes == []


def test_what_aws_did_not_return_is_assumed_and_said() -> None:
    assert drawn(RULE).notes == []  # nobody asked AWS
    notes = drawn(RULE, described=Described(target_groups=[{"TargetGroupName": "other"}])).notes
    assert notes == [
        f"assumed: the paths of {RULE}, for none is described",
        "assumed: the health checks, for target group web-blue is not described",
        "assumed: 3 instances, for no group that is described has the service's target groups",
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"routes": [{"zone": "example.com", "name": "www.example.com", "type": "A"}]}, "DNS records"),
        ({"target_groups": {"blue": ["a", "b"], "green": ["c", "d"]}}, "2 pairs of target groups and 1 load balancers"),
    ],
)
def test_what_it_cannot_build_is_a_sentence(values: dict[str, Any], sentence: str) -> None:
    with pytest.raises(NotReadyError, match=sentence):
        drawn(LISTENER, **values)
