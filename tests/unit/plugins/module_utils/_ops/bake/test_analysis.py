# SPDX-License-Identifier: GPL-3.0-or-later
"""Which minutes are read and judged, and when that ends a bake."""

from __future__ import annotations

from typing import Any

import pytest

from .measured import BLUE, ERRORS, GOOD, Aws


def test_a_good_release_passes_with_its_numbers() -> None:
    world = Aws(GOOD, BLUE)
    result = world.bake()
    assert (result["verdict"], result["reasons"], result["seconds"]) == ("pass", [], 420), (
        "it waits for its last minutes"
    )
    assert "web-green has 0.56% (10 of 1800), web-blue has 0.49% (80 of 16200)" in result["msg"]
    (errors,) = result["metrics"]
    assert (errors["name"], errors["verdict"], errors["candidate"]["samples"]) == ("errors", "pass", 1800)
    assert errors["level"] == pytest.approx(0.009)


def test_each_closed_minute_is_read_once() -> None:
    """Errors and latency make 124 queries. If each look, every 15 seconds, asked all: 2,604."""
    world = Aws(GOOD, BLUE)
    assert world.bake(metrics=[ERRORS, {"name": "latency"}])["seconds"] == 420
    reads = [call for call, asked in zip(world.calls, world.asked, strict=True) if asked == 20]
    begun = [start for start, _end in reads if start != 180]  # chance decides whether the last look is in time for it
    assert begun == [-900, 0, 60, 120, -900], "first and last also what stable did before"
    assert set(world.asked) == {2, 20, 22}, (
        "what shows news, all but the histograms, and what they have of 50 to 500 ms"
    )
    assert sum(world.asked) < 330


def test_errors_that_are_counted_late_are_judged_at_the_end() -> None:
    assert Aws([(100, 360)] * 10, BLUE, late=410).bake()["verdict"] == "fail"


def test_periods_begin_where_they_began_before() -> None:
    """A look at 00:07 asks from 00:05 on for periods of 5 minutes, or each look would get other periods."""
    world = Aws(GOOD * 2, BLUE * 2)
    world.clock.time = 430.0
    world.bake(seconds=600, metrics=[ERRORS, {**orders(below=1), "period": 300}])
    assert {start % 300 for start, _end in world.calls} == {0}


def test_overwhelming_evidence_ends_the_bake_as_soon_as_the_minute_is_complete() -> None:
    world = Aws([(100, 360)] * 10, BLUE)
    result = world.bake()
    assert (result["verdict"], 180 <= result["seconds"] <= 200) == ("fail", True)
    assert result["msg"].startswith("Metric errors: web-green has 27.78% (100 of 360)")
    assert result["msg"] in world.reported
    assert result["metrics"][0]["level"] == pytest.approx(0.001 / 28), "a look every 15 of 420 seconds"


def test_what_could_be_chance_at_one_of_many_looks_waits_for_the_end() -> None:
    result = Aws([(6, 360)] + [(2, 360)] * 9, BLUE).bake()
    assert result["verdict"] == "pass"
    late = Aws([(4, 360)] * 5, BLUE).bake()
    assert (late["verdict"], late["seconds"]) == ("fail", 420)


def orders(**threshold: float) -> dict[str, Any]:
    names = {"namespace": "AWS/ApplicationELB", "metric_name": "RequestCount"}
    query = {"id": "requests", "dimensions": {"TargetGroup": "{target_group}"}, **names}
    return {
        "name": "orders",
        "compare": "none",
        "queries": [query],
        "value": "requests",
        "threshold": {"allowed": 0, **threshold},
    }


def test_a_minute_that_has_half_arrived_breaches_no_threshold() -> None:
    assert Aws(GOOD, BLUE).bake(metrics=[orders(below=300)])["verdict"] == "pass"
    result = Aws([(0, 360), (0, 360), (0, 200), (0, 360), (0, 360)], BLUE).bake(metrics=[orders(below=300)])
    assert (result["verdict"], "was below 300 in 1 of 3 periods (200)" in result["msg"]) == ("fail", True)


def test_the_minute_in_which_the_bake_begins_is_in_no_threshold() -> None:
    """It is about the time before the shift as well."""
    world = Aws([(0, 20)] + [(0, 360)] * 9, BLUE)
    world.clock.time = 30.0
    assert world.bake(metrics=[orders(below=300)])["verdict"] == "pass"
    world = Aws([(0, 20), (0, 20)], BLUE)
    world.clock.time = 30.0
    result = world.bake(seconds=60, metrics=[ERRORS | {"threshold": {"above": 0.5, "allowed": 0}}])
    assert (result["verdict"], "there is no whole period of web-green yet" in result["msg"]) == ("inconclusive", True)


def test_a_bake_that_is_over_at_once_reads_only_whether_it_may() -> None:
    world = Aws(GOOD, BLUE)
    assert world.bake(seconds=0, metrics=[ERRORS, {"name": "latency"}])["seconds"] == 0
    assert world.asked == [20], "all but the ranges of response times"
    assert Aws(GOOD, BLUE, status="Forbidden").bake(seconds=0)["reasons"]


def lost(**changes: Any) -> dict[str, Any]:
    """A metric that AWS refuses, of which only the requests show whether there is news."""
    names = {"namespace": "AWS/ApplicationELB", "metric_name": "RequestCount"}
    queries = [{"id": "lost", "namespace": ":Shop", "metric_name": "Lost"}, {"id": "requests", **names}]
    rate = {"compare": "rate", "numerator": ["lost"], "denominator": "requests"}
    return {"name": "lost", "queries": queries, **rate, **changes}


def test_what_aws_refuses_fails_the_look_before_the_first_shift() -> None:
    result = Aws(GOOD, BLUE).bake(seconds=0, metrics=[ERRORS, lost()])
    assert (result["verdict"], "ValidationError" in result["msg"]) == ("fail", True)


@pytest.mark.parametrize("seconds", [0, 300])
def test_a_dry_run_that_aws_refuses_says_so_and_fails_nothing(seconds: int) -> None:
    result = Aws(GOOD, BLUE).bake(seconds=seconds, metrics=[ERRORS, lost(dry_run=True)])
    assert result["verdict"] == ("pass" if seconds else "inconclusive"), "errors need a time to be judged"
    errors, refused = result["metrics"]
    assert (refused["verdict"], "ValidationError" in refused["reason"]) == ("inconclusive", True)
    assert (errors["verdict"] == "pass") is bool(seconds)


def test_metrics_that_decide_nothing_are_not_waited_for() -> None:
    assert Aws(GOOD, BLUE).bake(metrics=[{"name": "errors", "dry_run": True}])["seconds"] == 300


def test_no_traffic_is_inconclusive() -> None:
    result = Aws([], BLUE).bake()
    assert (result["verdict"], result["reasons"]) == ("inconclusive", ["Metric errors: there is no data of web-green."])


def test_a_dry_run_is_told_and_never_decides() -> None:
    result = Aws([(100, 360)] * 10, BLUE).bake(metrics=[{"name": "errors", "dry_run": True}])
    assert (result["verdict"], result["reasons"], result["seconds"]) == ("pass", [], 300)
    assert (result["metrics"][0]["verdict"], "(dry run)" in result["msg"]) == ("fail", True)


def test_points_of_less_than_a_minute_are_asked_for_no_longer_than_cloudwatch_keeps_them() -> None:
    """Those are three hours. From an older StartTime on, AWS returns nothing."""
    for period, least in ((60, 5 * 3600), (10, 0)):
        world = Aws(GOOD, BLUE)
        world.clock.time = 6 * 3600.0
        world.bake(baseline="before", metrics=[ERRORS | {"period": period}])
        assert least <= max(end - start for start, end in world.calls) <= max(2 * least, 3 * 3600)


def test_metrics_that_may_not_be_read_fail_closed() -> None:
    result = Aws(GOOD, BLUE, status="Forbidden").bake()
    assert (result["verdict"], result["seconds"] < 30) == ("fail", True)
    assert "AWS did not show metric 5XX" in result["msg"]


def test_one_look_reads_once() -> None:
    world = Aws(GOOD, BLUE)
    assert world.bake(check_mode=True)["verdict"] == "inconclusive"
    assert len(world.calls) == 1


def test_nothing_is_read_without_metrics() -> None:
    world = Aws(GOOD, BLUE)
    assert world.bake(metrics=[])["verdict"] == "pass"
    assert world.calls == []
