# SPDX-License-Identifier: GPL-3.0-or-later
"""Listeners, rules and their actions: accepted, refused and returned as AWS does."""

from __future__ import annotations

import ssl
from typing import Any
from urllib.request import Request, urlopen

import pytest

from lab.tests.sign_in import sign_in
from switchyard_lab.scene import Scene, forward, refusal, status

UNKNOWN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/none/0123456789abcdef"


@pytest.fixture
def blue(scene: Scene) -> str:
    return scene.target_group()


@pytest.fixture
def green(scene: Scene) -> str:
    return scene.target_group()


@pytest.fixture
def listener(scene: Scene, blue: str, green: str) -> str:
    return scene.listener({blue: 100, green: 0})


def modify(scene: Scene, listener: str, *actions: dict[str, Any]) -> str:
    return refusal(scene.elbv2.modify_listener, ListenerArn=listener, DefaultActions=list(actions))


def default_actions(scene: Scene, listener: str) -> list[dict[str, Any]]:
    return list(scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["DefaultActions"])


def test_weights_are_whole_numbers_from_0_to_999(scene: Scene, listener: str, blue: str, green: str) -> None:
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({blue: 999, green: 0})])
    assert modify(scene, listener, forward({blue: 1000, green: 0})) == "ValidationError"
    assert modify(scene, listener, forward({blue: -1, green: 1})) == "ValidationError"
    unweighted = {"TargetGroups": [{"TargetGroupArn": blue}, {"TargetGroupArn": green}]}
    assert modify(scene, listener, {"Type": "forward", "ForwardConfig": unweighted}) == "ValidationError"


def test_a_forward_has_five_different_known_target_groups_at_most(scene: Scene, listener: str, blue: str) -> None:
    before = default_actions(scene, listener)
    six = {blue: 1} | {scene.target_group(): 1 for _other in range(5)}
    assert modify(scene, listener, forward(six)) == "ValidationError"
    twice = {"TargetGroups": [{"TargetGroupArn": blue, "Weight": 1}] * 2}
    assert modify(scene, listener, {"Type": "forward", "ForwardConfig": twice}) == "ValidationError"
    assert modify(scene, listener, forward({blue: 1, UNKNOWN: 1})) == "TargetGroupNotFound"
    assert modify(scene, listener, forward({blue: 1}) | {"TargetGroupArn": six.popitem()[0]}) == "ValidationError"
    assert default_actions(scene, listener) == before


def test_a_target_group_belongs_to_one_load_balancer(scene: Scene, listener: str, blue: str) -> None:
    other = scene.load_balancer()
    request = {"LoadBalancerArn": other, "Protocol": "HTTP", "Port": 80, "DefaultActions": [forward({blue: 1})]}
    assert refusal(scene.elbv2.create_listener, **request) == "TargetGroupAssociationLimit"
    scene.elbv2.delete_listener(ListenerArn=listener)
    scene.elbv2.create_listener(**request)


@pytest.mark.parametrize(
    ("stickiness", "accepted"),
    [
        ({"Enabled": True, "DurationSeconds": 1}, True),
        ({"Enabled": True, "DurationSeconds": 604800}, True),
        ({"Enabled": True, "DurationSeconds": 604801}, False),
        ({"Enabled": True, "DurationSeconds": 0}, False),
        ({"Enabled": True}, False),
        ({"Enabled": False}, True),
    ],
)
def test_stickiness_of_target_groups_lasts_a_second_to_a_week(
    scene: Scene, listener: str, blue: str, stickiness: dict[str, Any], accepted: bool
) -> None:
    action = forward({blue: 1})
    action["ForwardConfig"]["TargetGroupStickinessConfig"] = stickiness
    if accepted:
        scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[action])
        (stored,) = default_actions(scene, listener)
        assert stored["ForwardConfig"]["TargetGroupStickinessConfig"] == stickiness
    else:
        assert modify(scene, listener, action) == "ValidationError"


def test_exactly_one_terminal_action_and_it_is_the_last(scene: Scene, listener: str, blue: str, green: str) -> None:
    fixed = {"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "503"}}
    assert modify(scene, listener, forward({blue: 1}), forward({green: 1})) == "InvalidLoadBalancerAction"
    assert modify(scene, listener, fixed, forward({blue: 1})) == "InvalidLoadBalancerAction"
    assert modify(scene, listener, fixed | {"Order": 1}, forward({blue: 1}) | {"Order": 1}) == "ValidationError"


def test_both_spellings_of_a_forward_come_back(scene: Scene, blue: str, green: str) -> None:
    listener = scene.listener({}, DefaultActions=[{"Type": "forward", "TargetGroupArn": blue}])
    config = forward({blue: 1})["ForwardConfig"] | {"TargetGroupStickinessConfig": {"Enabled": False}}
    spelled = {"Type": "forward", "Order": 1, "TargetGroupArn": blue, "ForwardConfig": config}
    assert default_actions(scene, listener) == [spelled]
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[forward({blue: 1, green: 2})])
    (several,) = default_actions(scene, listener)
    assert "TargetGroupArn" not in several
    assert [group["Weight"] for group in several["ForwardConfig"]["TargetGroups"]] == [1, 2]


def test_an_oidc_secret_is_never_returned_and_can_be_kept(scene: Scene, blue: str) -> None:
    balancer, actions = scene.load_balancer(), [sign_in(ClientSecret="hidden"), forward({blue: 1})]
    listener = scene.listener({}, balancer, DefaultActions=actions, **scene.secure(balancer))
    authenticate, terminal = default_actions(scene, listener)
    config = authenticate["AuthenticateOidcConfig"]
    assert (config["Scope"], config["SessionTimeout"]) == ("openid", 604800)
    assert not config.keys() & {"ClientSecret", "UseExistingClientSecret"}
    assert modify(scene, listener, authenticate, terminal) == "InvalidLoadBalancerAction"
    config["UseExistingClientSecret"] = True
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[authenticate, terminal])
    config["ClientSecret"] = "both"
    assert modify(scene, listener, authenticate, terminal) == "InvalidLoadBalancerAction"


def test_secrets_cannot_be_kept_where_none_is(scene: Scene, listener: str, blue: str) -> None:
    kept, balancer = sign_in(UseExistingClientSecret=True), scene.load_balancer()
    request = {
        **scene.secure(balancer),
        "LoadBalancerArn": balancer,
        "Port": 443,
        "DefaultActions": [kept, forward({scene.target_group(): 1})],
    }
    assert refusal(scene.elbv2.create_listener, **request) == "InvalidLoadBalancerAction"
    assert modify(scene, listener, kept, forward({blue: 1})) == "InvalidLoadBalancerAction"  # on HTTP


def test_who_has_no_session_is_refused(scene: Scene) -> None:
    """Every session cookie counts."""
    targets, balancer = scene.target_group(), scene.load_balancer()
    first = sign_in(ClientSecret="hidden", OnUnauthenticatedRequest="deny")
    listener = scene.listener({}, balancer, DefaultActions=[first, forward({targets: 1})], **scene.secure(balancer))
    scene.group(1, (targets,))
    scene.healthy(targets, 1)
    assert status(scene.url(listener), scene.lab.ca_path) == 401
    signed_in = Request(scene.url(listener), headers={"Cookie": "AWSELBAuthSessionCookie-0=x"})
    with urlopen(signed_in, context=ssl.create_default_context(cafile=scene.lab.ca_path)) as answer:
        assert answer.status == 200


def test_a_port_has_one_listener(scene: Scene, blue: str, green: str) -> None:
    balancer = scene.load_balancer()
    first = scene.listener({blue: 1}, balancer, port=1)
    second = scene.listener({green: 1}, balancer, port=2)
    assert scene.listener({blue: 1}, balancer, port=1) == first  # the same settings: the same listener
    request = {"LoadBalancerArn": balancer, "Protocol": "HTTP", "Port": 8001, "DefaultActions": [forward({green: 1})]}
    assert refusal(scene.elbv2.create_listener, **request) == "DuplicateListener"
    assert refusal(scene.elbv2.modify_listener, ListenerArn=second, Port=8001) == "DuplicateListener"


def test_an_unknown_listener_among_known_ones_is_an_error(scene: Scene, listener: str) -> None:
    unknown = listener[:-4] + "0000"
    assert refusal(scene.elbv2.describe_listeners, ListenerArns=[listener, unknown]) == "ListenerNotFound"
    assert refusal(scene.elbv2.describe_listeners, ListenerArns=[unknown]) == "ListenerNotFound"


def test_lists_are_paged_and_take_twenty_names(scene: Scene, blue: str) -> None:
    balancer = scene.load_balancer()
    made = {scene.listener({blue: 1}, balancer, port=port) for port in range(1, 6)}
    pages = [
        [listener["ListenerArn"] for listener in page["Listeners"]]
        for page in scene.elbv2.get_paginator("describe_listeners").paginate(
            LoadBalancerArn=balancer, PaginationConfig={"PageSize": 2}
        )
    ]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {arn for page in pages for arn in page} == made
    first = scene.elbv2.describe_target_groups(PageSize=1)
    assert (len(first["TargetGroups"]), "NextMarker" in first) == (1, True)
    assert refusal(scene.elbv2.describe_target_groups, TargetGroupArns=[blue] * 21) == "ValidationError"
    assert refusal(scene.elbv2.describe_target_groups, PageSize=401) == "ValidationError"


def path_rule(scene: Scene, listener: str, priority: int, action: dict[str, Any]) -> str:
    condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": [f"/{priority}"]}}
    created = scene.elbv2.create_rule(ListenerArn=listener, Priority=priority, Conditions=[condition], Actions=[action])
    return str(created["Rules"][0]["RuleArn"])


def test_rules_come_in_numeric_order_page_by_page(scene: Scene, listener: str, blue: str) -> None:
    for priority in (100, 10, 9, 101):
        path_rule(scene, listener, priority, forward({blue: 1}))
    pages = scene.elbv2.get_paginator("describe_rules").paginate(ListenerArn=listener, PaginationConfig={"PageSize": 2})
    assert [[rule["Priority"] for rule in page["Rules"]] for page in pages] == [
        ["9", "10"],
        ["100", "101"],
        ["default"],
    ]


def test_the_default_rule_is_changed_through_its_listener(scene: Scene, listener: str, blue: str) -> None:
    (default,) = scene.elbv2.describe_rules(ListenerArn=listener)["Rules"]
    request = {"RuleArn": default["RuleArn"], "Actions": [forward({blue: 1})]}
    assert refusal(scene.elbv2.modify_rule, **request) == "OperationNotPermitted"
    assert refusal(scene.elbv2.delete_rule, RuleArn=default["RuleArn"]) == "OperationNotPermitted"


def test_rules_are_as_strict_as_listeners(scene: Scene, listener: str, blue: str, green: str) -> None:
    rule = path_rule(scene, listener, 1, forward({blue: 1}))
    assert refusal(scene.elbv2.modify_rule, RuleArn=rule, Actions=[forward({UNKNOWN: 1})]) == "TargetGroupNotFound"
    too_heavy = [forward({blue: 1000, green: 1})]
    assert refusal(scene.elbv2.modify_rule, RuleArn=rule, Actions=too_heavy) == "ValidationError"
    (kept,) = scene.elbv2.describe_rules(RuleArns=[rule])["Rules"]
    assert kept["Actions"][0]["TargetGroupArn"] == blue
    assert refusal(scene.elbv2.delete_rule, RuleArn=rule[:-4] + "0000") == "RuleNotFound"


def test_a_target_group_names_its_load_balancer_once(scene: Scene, listener: str, blue: str) -> None:
    rules = [path_rule(scene, listener, priority, forward({blue: 1})) for priority in (1, 2, 3)]
    (balancer,) = scene.elbv2.describe_target_groups(TargetGroupArns=[blue])["TargetGroups"][0]["LoadBalancerArns"]
    for rule in rules:
        scene.elbv2.delete_rule(RuleArn=rule)
    scene.elbv2.delete_load_balancer(LoadBalancerArn=balancer)
    assert not scene.elbv2.describe_target_groups(TargetGroupArns=[blue])["TargetGroups"][0].get("LoadBalancerArns")


def test_a_load_balancer_has_every_attribute(scene: Scene) -> None:
    found = scene.elbv2.describe_load_balancer_attributes(LoadBalancerArn=scene.load_balancer())["Attributes"]
    assert {"Key": "idle_timeout.timeout_seconds", "Value": "60"} in found


def test_tags_of_an_unknown_resource_are_an_error(scene: Scene, blue: str) -> None:
    assert refusal(scene.elbv2.describe_tags, ResourceArns=[blue, UNKNOWN]) == "TargetGroupNotFound"
