# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.registration import (
    Look,
    Progress,
    Registration,
    Target,
    TargetGroup,
    complete_registrations,
    drain_of,
    health_of,
    missing,
    present,
    strangers,
)
from hypothesis import given
from hypothesis import strategies as st

from .targets import target

INSTANCES = TargetGroup("arn:blue", "web-blue", "instance", 8080, ("arn:lb",))
FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:web"

registrations = st.builds(
    Registration,
    id=st.sampled_from(["i-1", "i-2", "i-3"]),
    port=st.sampled_from([8080, 8081]),
)
states = st.sampled_from(["initial", "healthy", "unhealthy", "draining", "unused"])
# A target group never has the same id and port twice.
held = st.dictionaries(registrations, states).map(
    lambda found: [target(each.id, state, port=each.port) for each, state in found.items()]
)


def group(target_type: str) -> TargetGroup:
    return TargetGroup("arn:blue", "web-blue", target_type, None if target_type == "lambda" else 8080, ("arn:lb",))


def described(state: str, reason: str | None = None, **of: Any) -> dict[str, Any]:
    health = {"State": state} | ({"Reason": reason, "Description": "why"} if reason else {})
    return {"Target": {"Id": "i-1", "Port": 8080} | of, "HealthCheckPort": "8080", "TargetHealth": health}


def test_a_target_without_a_port_has_the_target_groups() -> None:
    assert complete_registrations([Registration("i-1"), Registration("i-1", 8081)], INSTANCES) == [
        Registration("i-1", 8080),
        Registration("i-1", 8081),
    ]


def test_a_target_that_is_named_twice_is_one() -> None:
    assert complete_registrations([Registration("i-1"), Registration("i-1", 8080)], INSTANCES) == [
        Registration("i-1", 8080)
    ]


@pytest.mark.parametrize(
    ("target_type", "named"),
    [
        ("instance", "i-0123456789abcdef0"),
        ("ip", "10.0.1.7"),
        ("ip", "2001:db8::7"),
        ("lambda", FUNCTION),
        ("alb", "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/0123456789abcdef"),
    ],
)
def test_each_type_of_target_group_takes_its_own_ids_only(target_type: str, named: str) -> None:
    assert complete_registrations([Registration(named)], group(target_type))[0].id == named
    for other in {"instance", "ip", "lambda", "alb"} - {target_type}:
        with pytest.raises(BluegreenError, match=f"web-blue \\({other}\\) takes"):
            complete_registrations([Registration(named)], group(other))


@pytest.mark.parametrize(
    ("target_type", "named", "said"),
    [
        pytest.param("instance", [], "name at least one", id="none"),
        pytest.param("lambda", [Registration(FUNCTION, 80)], "has no port", id="function with port"),
        pytest.param(
            "lambda", [Registration(FUNCTION), Registration(FUNCTION + "2")], "takes one function", id="two functions"
        ),
        pytest.param("instance", [Registration("i-1", None, "all")], "no availability zone", id="zone"),
    ],
)
def test_what_aws_would_refuse_is_refused_before(target_type: str, named: list[Registration], said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        complete_registrations(named, group(target_type))


def test_what_aws_tells_of_a_target() -> None:
    assert Target.read(described("unhealthy", "Target.Timeout", AvailabilityZone="eu-west-1a")) == Target(
        "i-1", 8080, "eu-west-1a", "unhealthy", "Target.Timeout", "why"
    )


@pytest.mark.parametrize(
    ("state", "reason", "healthy"),
    [
        ("healthy", None, True),
        ("unavailable", "Target.HealthCheckDisabled", True),
        ("unavailable", "Elb.InternalError", False),
        ("initial", "Elb.RegistrationInProgress", False),
        ("unhealthy", "Target.ResponseCodeMismatch", False),
        ("unhealthy.draining", None, False),
        ("unused", "Target.NotInUse", False),
        ("draining", "Target.DeregistrationInProgress", False),
    ],
)
def test_which_targets_are_healthy(state: str, reason: str | None, healthy: bool) -> None:
    assert Target.read(described(state, reason)).healthy is healthy


def test_the_same_instance_on_another_port_is_another_target() -> None:
    assert missing([Registration("i-1", 8081)], [target("i-1", port=8080)]) == [Registration("i-1", 8081)]


def test_a_draining_target_is_to_be_registered_again() -> None:
    assert missing([Registration("i-1", 8080)], [target("i-1", "draining")]) == [Registration("i-1", 8080)]


@pytest.mark.parametrize(
    ("named", "reported", "is_missing"),
    [
        (None, "eu-west-1a", False),
        ("eu-west-1a", "eu-west-1a", False),
        ("eu-west-1a", None, False),
        ("all", "eu-west-1a", True),
    ],
)
def test_a_zone_counts_when_it_is_named_and_told(named: str | None, reported: str | None, is_missing: bool) -> None:
    registration = Registration("10.0.1.7", 8080, named)
    assert missing([registration], [target("10.0.1.7", zone=reported)]) == ([registration] if is_missing else [])


@given(st.sets(registrations), held)
def test_named_and_registered_come_apart_without_a_rest(named: set[Registration], targets: list[Target]) -> None:
    staying, leaving = present(named, targets), strangers(named, targets)
    assert {each.registration for each in staying} | set(missing(named, targets)) == named
    assert sorted([*staying, *leaving], key=str) == sorted((t for t in targets if not t.draining), key=str)
    assert not {each.registration for each in leaving} & named


@given(st.sets(registrations), held)
def test_all_are_healthy_only_if_each_is(named: set[Registration], targets: list[Target]) -> None:
    healthy = {each.registration for each in targets if each.state == "healthy"}
    assert health_of(named, targets, "web-blue").reached == (named <= healthy)


def test_one_target_of_three_that_is_not_healthy_is_named_with_its_reason() -> None:
    failing = target("i-2", "unhealthy", reason="Target.ResponseCodeMismatch")
    standing = health_of([Registration(f"i-{n}", 8080) for n in (1, 2, 3)], [target("i-1"), failing], "web-blue")
    assert standing.message() == (
        "web-blue: 1 of 3 healthy, i-2:8080 unhealthy (Target.ResponseCodeMismatch), "
        "i-3:8080 unused (Target.NotRegistered)"
    )


def test_targets_of_others_do_not_count() -> None:
    assert not health_of([Registration("i-1", 8080)], [target("i-7"), target("i-8")], "web-blue").reached


def test_whoever_drains_is_still_there() -> None:
    leaving = [Registration("i-1", 8080), Registration("i-2", 8080)]
    assert drain_of(leaving, [target("i-1", "draining"), target("i-3")], "web-blue").message() == (
        "web-blue: 1 of 2 drained, i-1:8080 draining"
    )
    assert drain_of(leaving, [target("i-3")], "web-blue").reached


def test_a_sentence_names_a_few_of_many_and_an_error_all() -> None:
    standing = Progress("web-blue", "healthy", 0, 5, ["i-1", "i-2", "i-3", "i-4", "i-5"])
    assert standing.message(2) == "web-blue: 0 of 5 healthy, i-1, i-2, 3 more"
    assert standing.message() == "web-blue: 0 of 5 healthy, i-1, i-2, i-3, i-4, i-5"


def test_a_look_tells_what_is_lacking_and_all_of_it_once_nothing_is() -> None:
    reached, lacking = Progress("web-blue", "healthy", 2, 2, []), Progress("web", "in service", 1, 2, ["i-2 Pending"])
    assert Look([lacking, reached], []).message() == "web: 1 of 2 in service, i-2 Pending"
    assert Look([reached], []).message() == "web-blue: 2 of 2 healthy"
