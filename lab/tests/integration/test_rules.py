# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS returns of a rule is not all what it takes back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, forward, refusal

HOSTS = ["www.example.com"]
PATH = {"Field": "path-pattern", "Values": ["/a"]}


@pytest.mark.parametrize("spelled", [{"Values": HOSTS}, {"HostHeaderConfig": {"Values": HOSTS}}])
def test_hosts_are_told_in_two_places_and_taken_in_one(scene: Scene, spelled: dict[str, object]) -> None:
    blue = scene.target_group()
    listener = scene.listener({blue: 100})
    asked = {"ListenerArn": listener, "Actions": [forward({blue: 100})]}
    condition = {"Field": "host-header", **spelled}
    (rule,) = scene.elbv2.create_rule(Priority=1, Conditions=[condition], **asked)["Rules"]
    (reported,) = rule["Conditions"]
    assert reported == {"Field": "host-header", "Values": HOSTS, "HostHeaderConfig": {"Values": HOSTS}}
    assert refusal(scene.elbv2.create_rule, Priority=2, Conditions=[reported], **asked) == "ValidationError"


def test_sticky_targets_among_several_groups_need_a_sticky_group(scene: Scene) -> None:
    blue, green = scene.target_group(), scene.target_group()
    sticky = [{"Key": "stickiness.enabled", "Value": "true"}]
    scene.elbv2.modify_target_group_attributes(TargetGroupArn=blue, Attributes=sticky)
    listener = scene.listener({blue: 100})
    both = forward({blue: 100, green: 0})
    change = scene.elbv2.modify_listener
    assert refusal(change, ListenerArn=listener, DefaultActions=[both]) == "InvalidLoadBalancerAction"
    both["ForwardConfig"]["TargetGroupStickinessConfig"] = {"Enabled": True, "DurationSeconds": 60}
    change(ListenerArn=listener, DefaultActions=[both])


def header(name: str) -> dict[str, Any]:
    return {"Field": "http-header", "HttpHeaderConfig": {"HttpHeaderName": name, "Values": ["a"]}}


def method(*names: str) -> dict[str, Any]:
    return {"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": list(names)}}


def source(*blocks: str) -> dict[str, Any]:
    return {"Field": "source-ip", "SourceIpConfig": {"Values": list(blocks)}}


REFUSED: list[list[dict[str, Any]]] = [
    [PATH, PATH],
    [method("GET"), method("PUT")],
    [method("get")],
    [header("Host")],
    [source("10.0.0.1")],
    [source("10.0.0.0/33")],
    [source()],
    [{"Field": "host-header", "Values": ["localhost"]}],
    [{"Field": "path-pattern", "PathPatternConfig": {"RegexValues": ["("]}}],
    [{"Field": "http-request-method", "HttpRequestMethodConfig": {"Values": ["GET"]}, "RegexValues": ["G.*"]}],
    [{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{number}" for number in range(6)]}}],
    [PATH, header("a"), header("b"), header("c"), header("d"), header("e")],
]


@pytest.fixture(scope="module")
def nothing(lab: LabProcess) -> Iterator[dict[str, Any]]:
    """A listener of no use, and what a rule of it does."""
    scene = Scene(lab)
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "404"}}
    yield {"ListenerArn": scene.listener({}, DefaultActions=[fixed]), "Actions": [fixed]}
    scene.clear()


@pytest.mark.parametrize("conditions", REFUSED)
def test_what_no_rule_can_ask(lab: LabProcess, nothing: dict[str, Any], conditions: list[dict[str, Any]]) -> None:
    create = lab.client("elbv2").create_rule
    asked = {"Priority": 1, "Conditions": conditions}
    assert refusal(create, **nothing, **asked) == "ValidationError"


@pytest.mark.parametrize("priority", [50_001, 1_000_000])
def test_priorities_end_at_fifty_thousand(lab: LabProcess, nothing: dict[str, Any], priority: int) -> None:
    create = lab.client("elbv2").create_rule
    assert refusal(create, **nothing, Priority=priority, Conditions=[PATH]) == "ValidationError"


def test_headers_and_queries_may_be_asked_for_several_times(lab: LabProcess, nothing: dict[str, Any]) -> None:
    query = {"Field": "query-string", "QueryStringConfig": {"Values": [{"Value": "a"}]}}
    conditions = [header("a"), header("b"), query, query, source("10.0.0.0/8")]
    assert lab.client("elbv2").create_rule(**nothing, Priority=7, Conditions=conditions)["Rules"]
