# SPDX-License-Identifier: GPL-3.0-or-later
"""Metrics of stable at other times: where the candidate has all traffic, and where the load is another."""

from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.histogram import BOUNDS

from .measured import ERRORS, Aws

FULL, WEEKEND = " at full traffic", 3 * 24 * 60


@pytest.mark.parametrize(("minutes_later", "named"), [(0, ""), (15, FULL), (90, FULL), (WEEKEND, FULL)])
@pytest.mark.parametrize(("minute", "verdict"), [((16, 3240), "pass"), ((100, 3240), "fail")])
def test_what_has_all_traffic_is_compared_with_the_last_minutes_in_which_stable_had_it(
    minute: tuple[int, int], verdict: str, minutes_later: int, named: str
) -> None:
    """Blue had all of the traffic for five minutes, and green has it since then. Who takes such a release up later
    compares with the same five minutes."""
    later = minutes_later * 60
    world = Aws([(0, 0)] * 5 + [minute] * (minutes_later + 5), [(16, 3240)] * 5)
    world.clock.time = 300.0 + later
    result = world.bake(baseline="before")
    assert result["verdict"] == verdict
    assert f"web-blue{named} has 0.49% (80 of 16200)" in result["msg"]


@pytest.mark.parametrize(("minute", "verdict"), [((48, 3240), "pass"), ((160, 3240), "fail")])
def test_errors_that_began_during_the_release_are_compared_with_those_of_stable_since_then(
    minute: tuple[int, int], verdict: str
) -> None:
    """Before the last step of a linear release, blue had a tenth of the traffic, of which three times as much fails
    as an hour ago."""
    world = Aws([(0, 0)] * 5 + [(48, 2916)] * 5 + [minute] * 5, [(16, 3240)] * 5 + [(5, 324)] * 5)
    world.clock.time = 600.0
    result = world.bake(baseline="before")
    assert result["verdict"] == verdict, result["msg"]
    assert "web-blue has 1.54% (25 of 1620)" in result["msg"]


def test_further_back_is_looked_once() -> None:
    """Three days of errors, and of latency, which takes a second call for the ranges in which requests are."""
    world = Aws([(0, 0)] * 5 + [(16, 3240)] * (WEEKEND + 5), [(16, 3240)] * 5)
    world.times = lambda requests: taking(0.05, requests)
    world.clock.time = 300.0 + WEEKEND * 60
    assert world.bake(baseline="before", metrics=[ERRORS, {"name": "latency"}])["verdict"] == "pass"
    old = [end for start, end in world.calls if end < world.clock.time - 6 * 3600]
    assert len(old) == 3 + 3 * 2


def test_without_another_color_in_the_same_minutes_there_is_nothing_to_compare_with() -> None:
    world = Aws([(0, 0)] * 5 + [(16, 3240)] * 5, [(16, 3240)] * 5)
    world.clock.time = 300.0
    assert world.bake()["verdict"] == "inconclusive"
    assert Aws([(16, 3240)] * 5, []).bake(baseline="before")["verdict"] == "inconclusive"


def taking(time: float, requests: int) -> dict[str, float]:
    """Of latency, a minute in which all requests took this long."""
    rung = next(place for place, bound in enumerate(BOUNDS) if time <= bound)
    values = dict.fromkeys(("times_p50", "times_p90", "times_Minimum", "times_Maximum"), time)
    return values | {f"times_{rung}": requests}


def busier_is_slower(requests: int) -> dict[str, float]:
    return taking(0.05 if requests > 1800 else 0.04, requests)


@pytest.mark.parametrize(
    ("baseline", "weight", "verdict"),
    [
        pytest.param("before", 100, "pass", id="stable had a tenth in the minutes before"),
        pytest.param("before_for_latency", 90, "pass", id="stable has a tenth"),
        pytest.param("same_minutes", 90, "fail", id="what would be compared without"),
    ],
)
def test_response_times_are_compared_at_the_same_load(baseline: str, weight: int, verdict: str) -> None:
    """The last steps of a linear release: blue had 3,600 requests a minute, then a tenth of these."""
    now = 36 * weight
    world = Aws(
        [(0, 0)] * 5 + [(0, 3240)] * 5 + [(0, now)] * 5, [(0, 3600)] * 5 + [(0, 360)] * 5 + [(0, 3600 - now)] * 5
    )
    world.times = busier_is_slower
    world.clock.time = 600.0
    result = world.bake(baseline=baseline, metrics=[ERRORS, {"name": "latency"}])
    assert result["verdict"] == verdict, result["msg"]


def test_a_release_that_is_slower_at_the_same_load_fails() -> None:
    world = Aws([(0, 0)] * 5 + [(0, 3240)] * 5, [(0, 3600)] * 5 + [(0, 360)] * 5)
    world.times = lambda requests: taking(0.075, requests) if requests == 3240 else busier_is_slower(requests)
    world.clock.time = 300.0
    result = world.bake(baseline="before_for_latency", metrics=[{"name": "latency"}])
    assert (result["verdict"], "web-blue at full traffic has p50 0.05" in result["msg"]) == ("fail", True)


@pytest.mark.parametrize(("green", "verdict"), [(0.0655, "pass"), (0.1, "fail")])
@pytest.mark.parametrize(("baseline", "minute"), [("before_for_latency", 5), ("before", 10)])
def test_what_became_slower_for_both_colors_is_no_fault_of_the_release(
    baseline: str, minute: int, green: float, verdict: str
) -> None:
    """A database that takes longer since a few minutes ago also shows in the tenth that blue had from then on."""
    world = Aws([(0, 0)] * 5 + [(0, 3239)] * minute, [(0, 3600)] * 5 + [(0, 361)] * 5)
    world.times = lambda requests: taking({3600: 0.05, 361: 0.065}.get(requests, green), requests)
    world.clock.time = 60.0 * minute
    result = world.bake(baseline=baseline, metrics=[{"name": "latency"}])
    assert result["verdict"] == verdict, result["msg"]
