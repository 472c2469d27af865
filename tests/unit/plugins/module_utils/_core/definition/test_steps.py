# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.steps import (
    Pause,
    Step,
    find_lack_of_time,
    parse_steps,
    remaining,
)
from hypothesis import given
from hypothesis import strategies as st

CANARY = [Step(10, 300), Step(50, 300), Step(100, 600)]

rising = st.sets(st.integers(0, 99), max_size=8).map(lambda weights: [*map(Step, sorted(weights)), Step(100)])


def test_numbers_may_be_strings_as_surveys_answer_them() -> None:
    assert parse_steps([{"weight": "10", "bake_seconds": "300"}, {"weight": 100}]) == [Step(10, 300), Step(100)]


def test_a_pause_returns_the_traffic_unless_told_otherwise() -> None:
    steps = [{"weight": 10, "pause": {"seconds": "60"}}, {"weight": 100, "pause": {"seconds": 5, "then": "continue"}}]
    assert parse_steps(steps) == [Step(10, pause=Pause(60, "rollback")), Step(100, pause=Pause(5, "continue"))]
    assert Step(10, 0, Pause(60)).as_data()["pause"] == {"seconds": 60, "then": "rollback"}


def test_steps_bake_for_less_than_the_whole_shift_may_take() -> None:
    assert find_lack_of_time(CANARY, 0, 0) is None
    assert find_lack_of_time([*CANARY, Step(100, 0, Pause(7200))], 0, 1201) is None
    assert "bake for 1200 s together" in str(find_lack_of_time(CANARY, 0, 1200))
    assert "bake for 1560 s together, 120 s of each for metrics" in str(find_lack_of_time(CANARY, 120, 1560))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        pytest.param([], "at least one", id="none"),
        pytest.param("10,100", "Steps are a list", id="a string"),
        pytest.param([10, 100], "Step 1 is not of the form", id="numbers"),
        pytest.param([{"bake_seconds": 5}], "Step 1 needs a weight", id="no weight"),
        pytest.param([{"weight": 12.5}, {"weight": 100}], "0 to 100; given: 12.5", id="half a percent"),
        pytest.param([{"weight": -1}, {"weight": 100}], "given: -1", id="below 0"),
        pytest.param([{"weight": 101}], "given: 101", id="above 100"),
        pytest.param([{"weight": True}], "given: True", id="a truth value"),
        pytest.param([{"weight": "²"}], "given: ²", id="a digit that is no number"),
        pytest.param([{"weight": 100, "bake_seconds": -5}], "0 or more; given: -5", id="negative bake"),
        pytest.param([{"weight": 100, "bake_second": 5}], "unknown key bake_second", id="a misspelt key"),
        pytest.param([{"weight": 100, "pause": 60}], "pause of step 1 has whole seconds", id="a pause of a number"),
        pytest.param([{"weight": 100, "pause": {}}], "pause of step 1", id="a pause without an end"),
        pytest.param([{"weight": 100, "pause": {"seconds": 0}}], "1 or more", id="a pause of no time"),
        pytest.param([{"weight": 100, "pause": {"seconds": 5, "else": 1}}], "pause of step 1", id="a misspelt pause"),
        pytest.param([{"weight": 100, "pause": {"seconds": 5, "then": "stop"}}], "rollback or continue", id="what"),
        pytest.param([{"weight": 50}, {"weight": 50}, {"weight": 100}], "must rise.*50, 50, 100", id="no rise"),
        pytest.param([{"weight": 10}, {"weight": 50}], "last step must have weight 100", id="never finished"),
    ],
)
def test_what_is_wrong_with_the_steps_is_said(steps: object, said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        parse_steps(steps)


def test_all_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BluegreenError, match=r"Step 1 .*Step 2 .*Step 3 "):
        parse_steps([{"weight": "x"}, {"weight": 10, "bake_seconds": "long"}, {"wait": 5, "weight": 100}])


@pytest.mark.parametrize(
    ("weight", "left"), [(0, CANARY), (10, CANARY), (11, CANARY[1:]), (50, CANARY[1:]), (100, CANARY[2:])]
)
def test_a_run_resumes_at_the_step_it_stands_on(weight: int, left: list[Step]) -> None:
    assert remaining(CANARY, weight) == left


@given(rising, st.integers(0, 100))
def test_traffic_never_goes_back_and_always_arrives(steps: list[Step], weight: int) -> None:
    left = remaining(steps, weight)
    assert all(step.weight >= weight for step in left)
    assert left[-1].weight == 100
