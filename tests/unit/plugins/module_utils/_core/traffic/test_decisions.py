# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.decisions import (
    check_expected,
    plan_join,
    plan_return,
    plan_split,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import ForwardRoute
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.weights import (
    check_whole,
    describe,
    parse_percents,
)
from hypothesis import given
from hypothesis import strategies as st

from .routes import LISTENER, forward_route

OFF = {"Enabled": False}
MINUTE, HOUR = ({"Enabled": True, "DurationSeconds": seconds} for seconds in (60, 3600))


def arn(name: str) -> str:
    return f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/{name}/0"


BLUE, GREEN, OLD = map(arn, ("web-blue", "web-green", "web-old"))


def change(present: Mapping[str, int], wanted: Mapping[str, int], seconds: int | None = None) -> Any:
    return plan_split(forward_route(present), wanted, seconds)


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
    assert made.after.forward.weights == {BLUE: 100, GREEN: 0}


def test_a_stranger_without_traffic_stays_where_it_is() -> None:
    made = change({OLD: 0, BLUE: 100, GREEN: 0}, {GREEN: 30, BLUE: 70})
    assert list(made.after.forward.weights.items()) == [(OLD, 0), (BLUE, 70), (GREEN, 30)]


def test_a_stranger_with_traffic_is_refused_and_named() -> None:
    with pytest.raises(BluegreenError, match=r"also gives web-old 25 %, which is not among web-blue, web-green"):
        change({BLUE: 3, OLD: 1}, {BLUE: 50, GREEN: 50})


def test_more_target_groups_than_aws_allows_are_refused() -> None:
    four = {arn(f"idle-{n}"): 0 for n in range(4)}
    assert len(change({BLUE: 100, **four}, {BLUE: 100}).after.forward.weights) == 5
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
    made: Any = plan_split(forward_route({BLUE: 100}, present), {BLUE: 100}, seconds)
    assert made.after.forward.stickiness == written
    assert made.needed == (present != written)


def test_the_expected_weights_are_compared_by_their_effect() -> None:
    check_expected([forward_route({BLUE: 9, GREEN: 1, OLD: 0})], {BLUE: 90, GREEN: 10})
    check_expected([forward_route({BLUE: 1})], {BLUE: 100, GREEN: 0})


def test_weights_that_somebody_moved_are_told() -> None:
    with pytest.raises(BluegreenError, match="splits web-blue 50 %, web-green 50 %, expected web-blue 100 %") as caught:
        check_expected([forward_route({BLUE: 100}), forward_route({BLUE: 1, GREEN: 1})], {BLUE: 100})
    assert caught.value.facts == {"found": {BLUE: 50, GREEN: 50}}


def test_fractions_are_told_as_people_write_them() -> None:
    assert describe({BLUE: Fraction(125, 2), GREEN: Fraction(75, 2)}) == "web-blue 62.5 %, web-green 37.5 %"
    assert describe({}) == "nothing"


@given(raw_weights, splits)
def test_a_change_brings_about_the_split_and_is_needed_once(present: dict[str, int], wanted: dict[str, int]) -> None:
    made = change(present, wanted)
    after = ForwardRoute.read(LISTENER, made.after.sent_back())
    assert after.carries(wanted)
    assert not plan_split(after, wanted).needed


@given(raw_weights, splits)
def test_undoing_a_change_restores_the_split(present: dict[str, int], wanted: dict[str, int]) -> None:
    made = change(present, wanted)
    assert ForwardRoute.read(LISTENER, made.undone().after.sent_back()).forward == made.before.forward


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
        ({BLUE: 50, GREEN: 25, OLD: 25}, MINUTE, 100, {BLUE: 75, OLD: 25}),  # OLD is somebody else's
        ({BLUE: 75, GREEN: 0, OLD: 25}, MINUTE, 100, {BLUE: 75, GREEN: 0, OLD: 25}),
    ],
)
def test_clients_of_a_sticky_candidate_return_with_the_rest(
    present: Mapping[str, int], stickiness: Mapping[str, Any], weight: int, after: Mapping[str, int]
) -> None:
    returned: Any = plan_return(forward_route(present, stickiness), BLUE, GREEN, weight)
    assert returned.after.forward.weights == after
    assert returned.after.forward.stickiness == stickiness


def test_stickiness_without_a_duration_can_be_turned_off() -> None:
    sticky = forward_route({BLUE: 100, GREEN: 0}, {"Enabled": True})
    kept: Any = plan_split(sticky, {BLUE: 100, GREEN: 0})
    turned_off: Any = plan_split(sticky, {BLUE: 100, GREEN: 0}, 0)
    assert (kept.after.forward.stickiness, turned_off.after.forward.stickiness) == ({"Enabled": True}, OFF)


def test_an_environment_joins_and_the_weights_of_the_others_stay() -> None:
    joined: Any = plan_join(forward_route({BLUE: 2, OLD: 1}), [GREEN])
    assert joined.after.forward.weights == {BLUE: 2, OLD: 1, GREEN: 0}
    with pytest.raises(BluegreenError, match="gives web-green 50 % of the traffic, so it cannot join at weight 0"):
        plan_join(forward_route({BLUE: 1, GREEN: 1}), [GREEN])


def test_a_return_leaves_to_a_stranger_what_it_has() -> None:
    returned: Any = plan_return(forward_route({BLUE: 50, GREEN: 25, OLD: 25}), BLUE, GREEN, 100)
    assert returned.after.forward.weights == {BLUE: 75, GREEN: 0, OLD: 25}
    assert not plan_return(forward_route({BLUE: 50, GREEN: 25, OLD: 25}), BLUE, GREEN, 60).needed


def test_a_route_without_weights_returns_to_stable_at_once() -> None:
    """However little stable can carry: the candidate may have nobody."""
    returned: Any = plan_return(forward_route({BLUE: 0, GREEN: 0}), BLUE, GREEN, 30)
    assert returned.after.forward.weights == {BLUE: 100, GREEN: 0}


@given(raw_weights, st.sampled_from([OFF, MINUTE]), st.integers(1, 100))
def test_a_return_takes_nothing_from_stable(present: dict[str, int], stickiness: dict[str, Any], weight: int) -> None:
    before = forward_route(present, stickiness)
    after = plan_return(before, BLUE, GREEN, weight).after
    assert after.shares().get(BLUE, 0) >= max(before.shares().get(BLUE, 0), weight)


def test_a_route_says_colors_of_the_pair_that_it_names() -> None:
    admin = [arn(f"admin-{color}") for color in ("blue", "green")]
    environments = {"blue": [BLUE, admin[0]], "green": [GREEN, admin[1]]}
    own = forward_route({admin[0]: 3, admin[1]: 1}).leading(environments)
    assert (own.shares(), own.describe()) == ({"blue": 75, "green": 25}, "admin-blue 75 %, admin-green 25 %")
    shifted: Any = plan_split(own, {"blue": 0, "green": 100})
    assert shifted.after.forward.weights == {admin[0]: 0, admin[1]: 100}


@pytest.mark.parametrize(
    ("named", "said"), [([OLD], "none of these pairs"), ([BLUE, arn("admin-green")], "several of these pairs")]
)
def test_a_route_that_names_no_pair_or_several_is_refused(named: list[str], said: str) -> None:
    environments = {"blue": [BLUE, arn("admin-blue")], "green": [GREEN, arn("admin-green")]}
    with pytest.raises(BluegreenError, match=f"{said} of target groups: web-blue and web-green, admin-blue and admin"):
        forward_route(dict.fromkeys(named, 1)).leading(environments)
