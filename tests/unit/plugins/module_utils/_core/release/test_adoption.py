# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.adoption import (
    Adoption,
    Pair,
    check_stickiness,
    check_vacant,
    choose_group,
    group_warnings,
    todo,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.target_group_copy import Traits

from ..targets.targets import target
from ..traffic.routes import forward_route

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/{}/0123456789abcdef"
LIVE, IDLE, OTHER = map(ARN.format, ("web", "web-green", "other"))
OURS = {"bluegreen:service": "web"}
CLAIM = {**OURS, "bluegreen:color": "blue", "bluegreen:stable": "blue"}


LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/{}/web/50dc6c495c0c9188/f2f7"


def adoption(*groups: str, tags: dict[str, str] | None = None, kind: str = "app", sticky: bool = False) -> Adoption:
    """Blue is live; ``groups`` are the target groups that the route forwards to."""
    names = {LIVE: ("blue", "web"), IDLE: ("green", "web-green")}
    pair = {names[arn][0]: [arn] for arn in groups}
    described = {names[arn][0]: {"TargetGroupArn": arn, "TargetGroupName": names[arn][1]} for arn in groups}
    weights = {arn: 100 if arn == LIVE else 0 for arn in groups}
    route = forward_route(weights, {"Enabled": sticky}, LISTENER.format(kind))
    both = Pair({"blue": "web", "green": "web-green"}, described)
    return Adoption("web", "blue", [both], {arn: tags or {} for arn in groups}, [route.leading(pair)])


def group(name: str, *target_groups: str, tags: dict[str, str] | None = None, instances: str = "") -> dict[str, Any]:
    return {
        "AutoScalingGroupName": name,
        "TargetGroupARNs": list(target_groups),
        "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        "Instances": [{"InstanceId": instance} for instance in instances.split()],
    }


@pytest.mark.parametrize(
    ("groups", "wanted", "found"),
    [
        ([group("a", LIVE), group("b", OTHER)], None, "a"),
        ([group("a", LIVE), group("b", LIVE)], "b", "b"),
        ([group("a", LIVE), group("b", LIVE, tags=OURS)], None, "b"),
        ([group("a", LIVE, tags=OURS)], "removed-since", "a"),
    ],
)
def test_the_group_that_runs_the_service(groups: list[dict[str, Any]], wanted: str | None, found: str) -> None:
    assert choose_group(adoption(LIVE), groups, wanted)["AutoScalingGroupName"] == found


def test_a_group_that_a_traffic_source_attaches_is_attached() -> None:
    sourced = group("a") | {"TrafficSources": [{"Identifier": LIVE, "Type": "elbv2"}]}
    assert choose_group(adoption(LIVE), [sourced], None) == sourced


@pytest.mark.parametrize(
    ("groups", "wanted", "said"),
    [
        ([group("a", LIVE), group("b", LIVE)], None, r"\(attached to web: a, b\)\? Name the one that does"),
        ([group("a", OTHER)], None, r"\(attached to web: none\)\? An environment is an Auto Scaling group"),
        ([group("a", LIVE)], "b", r"b does not run web \(attached to web: a\)"),
        ([group("a", LIVE, OTHER)], None, r"a serves 2 target groups: web, other\. .* would serve only web"),
    ],
)
def test_a_group_that_cannot_be_told_is_an_error(groups: list[dict[str, Any]], wanted: str | None, said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        choose_group(adoption(LIVE), groups, wanted)


def test_the_idle_target_group_may_hold_a_release_of_this_service() -> None:
    retained = group("web-green-v001", IDLE, tags=OURS, instances="i-1")
    check_vacant(adoption(LIVE, IDLE), [retained], [target("i-1"), target("i-2", "draining")])
    check_vacant(adoption(LIVE), [group("a", LIVE)], [])


def test_and_nothing_else() -> None:
    with pytest.raises(BluegreenError, match="a is attached to it; detach it"):
        check_vacant(adoption(LIVE, IDLE), [group("a", IDLE)], [])
    with pytest.raises(BluegreenError, match="i-9 is in it; deregister it"):
        check_vacant(adoption(LIVE, IDLE), [], [target("i-9")])


def test_what_no_later_release_takes_over_is_named() -> None:
    (reported,) = group_warnings(adoption(LIVE), group("a", LIVE, instances="i-1"), [target("i-1"), target("i-9")])
    assert reported.startswith("i-9")


def test_nothing_is_left_to_do_when_all_is_there() -> None:
    assert list(todo(adoption(LIVE, IDLE, tags=CLAIM), [Traits({}, {}, {})], [], None)) == []


def test_a_twin_that_differs_is_to_be_brought_into_line() -> None:
    lacking = Traits({"HealthCheckPath": "/up"}, {}, {"team": "web"})
    assert list(todo(adoption(LIVE, IDLE, tags=CLAIM), [lacking], [], None)) == [
        "Update target group web-green to match web: HealthCheckPath, team."
    ]


@pytest.mark.parametrize("sticky", [False, True])
def test_sticky_targets_behind_a_network_load_balancer_are_refused(sticky: bool) -> None:
    there = adoption(LIVE, kind="net", sticky=sticky)
    check_stickiness(there, there.pairs[0], {"stickiness.enabled": "false"}, None)
    with pytest.raises(BluegreenError, match="Turn the stickiness of the target group off"):
        check_stickiness(there, there.pairs[0], {"stickiness.enabled": "true", "stickiness.type": "source_ip"}, None)
