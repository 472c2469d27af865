# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.weights import (
    Change,
    Route,
    check_expected,
    check_whole,
    describe,
    parse_percents,
    plan,
    plan_return,
)
from hypothesis import given
from hypothesis import strategies as st

LISTENER = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:listener/app/web/0/1"
OFF = {"Enabled": False}
MINUTE, HOUR = ({"Enabled": True, "DurationSeconds": seconds} for seconds in (60, 3600))


def arn(name: str) -> str:
    return f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/{name}/0"


BLUE, GREEN, OLD = map(arn, ("web-blue", "web-green", "web-old"))


def route(weights: Mapping[str, int], stickiness: Mapping[str, Any] | None = None) -> Route:
    groups = [{"TargetGroupArn": group, "Weight": weight} for group, weight in weights.items()]
    config = {"TargetGroups": groups} | ({} if stickiness is None else {"TargetGroupStickinessConfig": stickiness})
    return Route.read(LISTENER, [{"Type": "forward", "Order": 1, "ForwardConfig": config}])


def change(present: Mapping[str, int], wanted: Mapping[str, int]) -> Change:
    return plan(route(present), wanted, None)


splits = st.integers(0, 100).map(lambda percent: {BLUE: 100 - percent, GREEN: percent})
raw_weights = st.fixed_dictionaries({}, optional={group: st.integers(0, 999) for group in (BLUE, GREEN)}).filter(bool)


def test_a_survey_answers_in_strings() -> None:
    assert parse_percents({"web-blue": "90", "web-green": 10}) == {"web-blue": 90, "web-green": 10}


@pytest.mark.parametrize("percent", ["a tenth", "9.5", 9.5, None, ""])
def test_what_is_no_whole_percent_is_refused(percent: Any) -> None:
    with pytest.raises(BluegreenError, match="whole percents from 0 to 100; given: web-blue"):
        parse_percents({"web-blue": percent})


@pytest.mark.parametrize(
    "percents",
    [{}, {"web-blue": 99}, {"web-blue": 100, "web-green": 1}, {"web-blue": 0, "web-green": 0}, {"a": 110, "b": -10}],
)
def test_what_is_not_the_whole_traffic_is_refused(percents: dict[str, int]) -> None:
    with pytest.raises(BluegreenError, match="sum to 100"):
        check_whole(percents)


@given(splits)
def test_every_split_of_the_whole_is_accepted(percents: dict[str, int]) -> None:
    check_whole(percents)


@pytest.mark.parametrize(
    ("present", "wanted"),
    [
        pytest.param({BLUE: 1}, {BLUE: 100}, id="one group of weight 1"),
        pytest.param({BLUE: 1, GREEN: 0}, {BLUE: 100, GREEN: 0}, id="1 and 0 are 100 and 0"),
        pytest.param({BLUE: 9, GREEN: 1}, {BLUE: 90, GREEN: 10}, id="9 and 1 are 90 and 10"),
        pytest.param({BLUE: 90, GREEN: 10}, {GREEN: 10, BLUE: 90}, id="other order"),
        pytest.param({BLUE: 90, GREEN: 10, OLD: 0}, {BLUE: 90, GREEN: 10}, id="a stranger without traffic"),
    ],
)
def test_the_same_split_needs_no_change(present: dict[str, int], wanted: dict[str, int]) -> None:
    assert not change(present, wanted).needed


def test_a_group_at_0_that_is_not_in_the_route_yet_is_a_change() -> None:
    made = change({BLUE: 100}, {BLUE: 100, GREEN: 0})
    assert made.needed
    assert made.forward.weights == {BLUE: 100, GREEN: 0}


def test_a_stranger_without_traffic_stays_where_it_is() -> None:
    made = change({OLD: 0, BLUE: 100, GREEN: 0}, {GREEN: 30, BLUE: 70})
    assert list(made.forward.weights.items()) == [(OLD, 0), (BLUE, 70), (GREEN, 30)]


def test_a_stranger_with_traffic_is_refused_and_named() -> None:
    with pytest.raises(BluegreenError, match=r"also forwards 25 % to target group web-old.*among web-blue, web-green"):
        change({BLUE: 3, OLD: 1}, {BLUE: 50, GREEN: 50})


def test_more_target_groups_than_aws_allows_are_refused() -> None:
    four = {arn(f"idle-{n}"): 0 for n in range(4)}
    assert len(change({BLUE: 100, **four}, {BLUE: 100}).forward.weights) == 5
    with pytest.raises(BluegreenError, match=r"6 target groups .*web-green.* AWS allows 5"):
        change({BLUE: 100, **four}, {BLUE: 50, GREEN: 50})


@pytest.mark.parametrize(
    ("present", "seconds", "written"),
    [
        pytest.param(OFF, None, OFF, id="off and not named"),
        pytest.param(None, None, None, id="not told and not named"),
        pytest.param(MINUTE, None, MINUTE, id="kept"),
        pytest.param(MINUTE, 60, MINUTE, id="same"),
        pytest.param(OFF, 60, MINUTE, id="set"),
        pytest.param(MINUTE, 3600, HOUR, id="longer"),
        pytest.param(MINUTE, 0, OFF, id="removed"),
        pytest.param(None, 0, None, id="removed where there was none"),
    ],
)
def test_stickiness_is_changed_only_when_asked(
    present: dict[str, Any] | None, seconds: int | None, written: dict[str, Any] | None
) -> None:
    made = plan(route({BLUE: 100}, present), {BLUE: 100}, seconds)
    assert made.forward.stickiness == written
    assert made.needed == (present != written)


def test_the_expected_weights_are_compared_by_their_effect() -> None:
    check_expected([route({BLUE: 9, GREEN: 1, OLD: 0})], {BLUE: 90, GREEN: 10})
    check_expected([route({BLUE: 1})], {BLUE: 100, GREEN: 0})


def test_weights_that_somebody_moved_are_told() -> None:
    with pytest.raises(BluegreenError, match="splits web-blue 50 %, web-green 50 %, expected web-blue 100 %") as caught:
        check_expected([route({BLUE: 100}), route({BLUE: 1, GREEN: 1})], {BLUE: 100})
    assert caught.value.facts == {"found": {BLUE: 50, GREEN: 50}}


def test_fractions_are_told_as_people_write_them() -> None:
    assert describe({BLUE: Fraction(125, 2), GREEN: Fraction(75, 2)}) == "web-blue 62.5 %, web-green 37.5 %"
    assert describe({}) == "nothing"


@given(raw_weights, splits)
def test_a_change_brings_about_the_split_and_is_needed_once(present: dict[str, int], wanted: dict[str, int]) -> None:
    made = change(present, wanted)
    after = Route.read(LISTENER, made.actions())
    assert after.carries(wanted)
    assert not plan(after, wanted, None).needed


@given(raw_weights, splits)
def test_undoing_a_change_restores_the_split(present: dict[str, int], wanted: dict[str, int]) -> None:
    made = change(present, wanted)
    assert Route.read(LISTENER, made.undone()).forward == made.route.forward


@pytest.mark.parametrize(
    ("present", "stickiness", "weight", "after"),
    [
        ({BLUE: 90, GREEN: 10}, OFF, 100, {BLUE: 100, GREEN: 0}),
        ({BLUE: 90, GREEN: 10}, MINUTE, 100, {BLUE: 100}),
        ({BLUE: 0, GREEN: 100, OLD: 0}, MINUTE, 100, {BLUE: 100, OLD: 0}),
        ({BLUE: 0, GREEN: 100}, MINUTE, 30, {BLUE: 30, GREEN: 70}),  # stable can't carry everything yet
        ({BLUE: 100, GREEN: 0}, MINUTE, 100, {BLUE: 100, GREEN: 0}),  # settled: green may be what a person returns to
        ({BLUE: 100}, MINUTE, 100, {BLUE: 100}),  # it has returned already
        ({BLUE: 90, GREEN: 10}, {"Enabled": True}, 100, {BLUE: 100}),  # of a Network Load Balancer
    ],
)
def test_clients_of_a_sticky_candidate_return_with_the_rest(
    present: Mapping[str, int], stickiness: Mapping[str, Any], weight: int, after: Mapping[str, int]
) -> None:
    returned = plan_return(route(present, stickiness), BLUE, GREEN, weight)
    assert returned.forward.weights == after
    assert returned.forward.stickiness == stickiness


def test_stickiness_without_a_duration_can_be_turned_off() -> None:
    sticky = route({BLUE: 100, GREEN: 0}, {"Enabled": True})
    assert plan(sticky, {BLUE: 100, GREEN: 0}, None).forward.stickiness == {"Enabled": True}
    assert plan(sticky, {BLUE: 100, GREEN: 0}, 0).forward.stickiness == OFF
