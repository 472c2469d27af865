# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.steps import Step
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.strategies import (
    parse_strategy,
)
from hypothesis import given
from hypothesis import strategies as st

THIRDS = [Step(33, 60), Step(66, 60), Step(99, 60), Step(100, 0)]


@pytest.mark.parametrize(
    ("strategy", "steps"),
    [
        ("all_at_once", [Step(100, 0)]),
        ("AllAtOnce", [Step(100, 0)]),
        ("CodeDeployDefault.AllAtOnce", [Step(100, 0)]),
        ("canary", [Step(5, 600), Step(100, 0)]),
        ("Canary10Percent5Minutes", [Step(10, 300), Step(100, 0)]),
        ("CodeDeployDefault.LambdaCanary10Percent30Minutes", [Step(10, 1800), Step(100, 0)]),
        ("Linear33PercentEvery1Minute", THIRDS),
        ("CodeDeployDefault.ECSLinear33PercentEvery1Minutes", THIRDS),
        ({"type": "linear", "percent": "33", "interval_seconds": 60}, THIRDS),
        ({"type": "linear", "percent": 50, "final_bake_seconds": 900}, [Step(50, 360), Step(100, 900)]),
        ({"type": "canary", "percent": 1, "bake_seconds": 0}, [Step(1, 0), Step(100, 0)]),
        ({"type": "all_at_once", "final_bake_seconds": 900}, [Step(100, 900)]),
        ([{"weight": 20, "bake_seconds": 60}, {"weight": 100}], [Step(20, 60), Step(100, 0)]),
    ],
)
def test_every_strategy_becomes_steps(strategy: Any, steps: list[Step]) -> None:
    assert parse_strategy(strategy) == steps


@pytest.mark.parametrize(
    ("strategy", "said"),
    [
        ("blue_green", "no strategy blue_green. Known are all_at_once, canary, linear, and names like"),
        ("Canary10Percent", "no strategy Canary10Percent"),
        ("Canary0Percent5Minutes", "percent is a whole number from 1 to 99; given: 0"),
        ({"percent": 10}, "type is one of all_at_once, canary, linear; given: None"),
        ({"type": "canary", "interval_seconds": 5}, "canary has no interval_seconds; it has percent, bake_seconds"),
        ({"type": "linear", "percent": 100, "interval_seconds": -1}, "given: 100. interval_seconds .* given: -1"),
        ([{"weight": 50}], "last step must have weight 100"),
        (None, "Steps are a list"),
    ],
)
def test_what_is_wrong_with_a_strategy_is_said(strategy: Any, said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        parse_strategy(strategy)


@given(st.integers(1, 99))
def test_a_linear_shift_rises_by_its_percent_and_arrives(percent: int) -> None:
    weights = [step.weight for step in parse_strategy({"type": "linear", "percent": percent})]
    assert weights[-1] == 100
    assert weights[:-1] == list(range(percent, 100, percent))


@pytest.mark.parametrize(
    "strategy",
    [
        "all_at_once",
        "AllAtOnce",
        "canary",
        "Linear10PercentEvery1Minute",
        {"type": "canary", "percent": 10},
        [{"weight": 10, "bake_seconds": 60}, {"weight": 100}],
        [{"weight": 100, "pause": {"seconds": 60}}],
    ],
)
def test_every_strategy_ends_with_a_bake_where_it_does_not_say_otherwise(strategy: Any) -> None:
    last = parse_strategy(strategy, 300)[-1]
    assert (last.weight, last.bake_seconds) == (100, 300)


@pytest.mark.parametrize(
    "strategy",
    [{"type": "all_at_once", "final_bake_seconds": "0"}, [{"weight": 10}, {"weight": 100, "bake_seconds": 0}]],
)
def test_a_strategy_may_say_that_it_does_not_bake(strategy: Any) -> None:
    assert [step.bake_seconds for step in parse_strategy(strategy, 300)][-1] == 0
