# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.repointing import (
    Repointing,
    Twin,
    find_twin,
    mentions,
)

BLUE, GREEN, BALANCER = "targetgroup/web-blue/b1", "targetgroup/web-green/91", "app/web/ab"
TWIN = Twin(GREEN, BALANCER)
REPOINTING = Repointing("web-blue-v001", "web-green-v002", {BLUE: TWIN})
ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012"


def target_group(name: str, port: int = 80, balancers: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "TargetGroupArn": f"{ARN}:targetgroup/{name}/91",
        "TargetGroupName": name,
        "Protocol": "HTTP",
        "Port": port,
        "LoadBalancerArns": [f"{ARN}:loadbalancer/{each}" for each in balancers],
    }


def dimensions(**values: str) -> list[dict[str, str]]:
    return [{"Name": name, "Value": value} for name, value in values.items()]


@pytest.mark.parametrize(
    ("source", "clone"),
    [
        (
            {"ResourceLabel": f"app/old/0/{BLUE}"},
            {"ResourceLabel": f"{BALANCER}/{GREEN}"},
        ),
        (
            {"ResourceLabel": "app/web/ab/targetgroup/other/77"},
            {"ResourceLabel": "app/web/ab/targetgroup/other/77"},
        ),
        (
            {"Dimensions": dimensions(LoadBalancer="app/old/0", TargetGroup=BLUE, AvailabilityZone="eu-west-1a")},
            {"Dimensions": dimensions(LoadBalancer=BALANCER, TargetGroup=GREEN, AvailabilityZone="eu-west-1a")},
        ),
        (
            {"Dimensions": dimensions(LoadBalancer="app/old/0")},
            {"Dimensions": dimensions(LoadBalancer="app/old/0")},
        ),
        (
            {"Dimensions": dimensions(AutoScalingGroupName="web-blue-v001")},
            {"Dimensions": dimensions(AutoScalingGroupName="web-green-v002")},
        ),
        (
            {"Dimensions": dimensions(Fleet="web-blue-v001", Queue="jobs")},
            {"Dimensions": dimensions(Fleet="web-green-v002", Queue="jobs")},
        ),
        (
            {"Metrics": [{"Id": "m1", "MetricStat": {"Metric": {"Dimensions": dimensions(TargetGroup=BLUE)}}}]},
            {"Metrics": [{"Id": "m1", "MetricStat": {"Metric": {"Dimensions": dimensions(TargetGroup=GREEN)}}}]},
        ),
    ],
    ids=["label", "another's label", "target group", "whole load balancer", "group", "own metric", "metric math"],
)
def test_metrics_that_are_bound_to_the_source_are_bound_to_the_clone(source: Any, clone: Any) -> None:
    assert REPOINTING.apply(source) == clone
    assert REPOINTING.apply({"deep": [{"er": source}], "Value": 1}) == {"deep": [{"er": clone}], "Value": 1}


@pytest.mark.parametrize(
    ("source", "clone"),
    [
        (
            """SUM(SEARCH('{AWS/EC2,X} X="web-blue-v001"', 'Sum'))""",
            """SUM(SEARCH('{AWS/EC2,X} X="web-green-v002"', 'Sum'))""",
        ),
        ("SELECT AVG(x) WHERE X = 'web-blue-v001'", "SELECT AVG(x) WHERE X = 'web-green-v002'"),
        ("SEARCH('{A,X} X=web-blue-v001 ', 'Sum')", "SEARCH('{A,X} X=web-green-v002 ', 'Sum')"),
        (f"SEARCH('T=\"{BLUE}\"', 'Sum')", f"SEARCH('T=\"{GREEN}\"', 'Sum')"),
        ("""SEARCH('X="web-blue-v0011"', 'Sum')""", """SEARCH('X="web-blue-v0011"', 'Sum')"""),
        ("m1 / m2", "m1 / m2"),
    ],
)
def test_names_in_queries_are_re_pointed_whole(source: str, clone: str) -> None:
    assert REPOINTING.apply({"Expression": source}) == {"Expression": clone}


def test_a_metrics_id_is_no_name() -> None:
    assert Repointing("m1", "m2", {}).apply({"Expression": "m1*100/e1"}) == {"Expression": "m1*100/e1"}


def test_what_no_load_balancer_forwards_to_is_told_when_a_metric_needs_it() -> None:
    idle = Repointing("web-blue-v001", "web-green-v002", {BLUE: Twin(GREEN, None)})
    policy = {"ResourceLabel": f"{BALANCER}/{BLUE}"}
    assert idle.unreached([policy]) == [GREEN]
    assert idle.unreached([{"ResourceLabel": "app/web/ab/targetgroup/other/77"}]) == []
    assert REPOINTING.unreached([policy]) == []
    assert idle.apply(policy) == {"ResourceLabel": f"{BALANCER}/{GREEN}"}


def test_a_twin_has_the_names_that_metrics_have() -> None:
    assert Twin.read(target_group("web-green", balancers=(BALANCER,))) == TWIN
    assert Twin.read(target_group("web-green")) == Twin(GREEN, None)


def test_only_what_is_mentioned_counts() -> None:
    assert mentions([{"a": {"b": ["x", f"app/web/ab/{BLUE}"]}}], BLUE)
    assert not mentions([{"a": {"b": ["x"]}}], BLUE)


def test_of_several_target_groups_the_twin_has_the_same_protocol_and_port() -> None:
    http, admin = target_group("green-http", 80), target_group("green-admin", 81)
    assert find_twin(target_group("blue-admin", 81), [http, admin]) == admin
    assert find_twin(http, [admin, target_group("green-other", 80), http]) == http


@pytest.mark.parametrize("ports", [(80, 80), (81, 82), ()], ids=["ambiguous", "none alike", "none"])
def test_a_twin_that_is_not_to_be_found_is_an_error(ports: tuple[int, ...]) -> None:
    others = [target_group(f"green-{index}", port) for index, port in enumerate(ports)]
    with pytest.raises(BluegreenError, match=r"follows target group blue .HTTP, port 80.*it must be one"):
        find_twin(target_group("blue", 80), others)
