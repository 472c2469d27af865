# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.analysis import judge_metric
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metric_data import Seen
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metrics import Metric, parse_metrics

LEVEL = 0.009
CPU = {"id": "cpu", "namespace": "AWS/EC2", "metric_name": "CPUUtilization", "statistic": "Average"}
LOAD = {"name": "load", "compare": "points", "queries": [CPU], "value": "cpu"}


def metric(name: str = "errors", **changes: Any) -> Metric:
    return parse_metrics([{"name": name, **changes}])[0]


def shares(name: str, *periods: tuple[int, int]) -> Seen:
    """(errors, requests) of each period."""
    counts = [{1.0: bad, 0.0: total - bad} for bad, total in periods]
    return Seen(name, counts, [bad / total for bad, total in periods])


def points(name: str, *values: float) -> Seen:
    return Seen(name, [{value: 1.0} for value in values], list(values))


BLUE = shares("blue", *[(16, 3240)] * 5)


@pytest.mark.parametrize(
    ("green", "verdict", "said"),
    [
        pytest.param([(2, 360)] * 5, "pass", "green has 0.56% (10 of 1800), blue has 0.49% (80 of 16200)", id="alike"),
        pytest.param([(11, 360)] * 5, "fail", "6.19 times as bad, p = ", id="worse"),
        pytest.param([(0, 360)] * 5, "pass", "green has 0.00%", id="better"),
        pytest.param([(2, 9)] * 5, "inconclusive", "It takes 50 of each to compare.", id="too few requests"),
        pytest.param([], "inconclusive", "there is no data of green", id="no requests"),
    ],
)
def test_rates(green: list[tuple[int, int]], verdict: str, said: str) -> None:
    found = judge_metric(metric(), shares("green", *green), BLUE, LEVEL)
    assert found.verdict == verdict
    assert said in found.reason


def test_much_traffic_makes_the_least_difference_significant_but_not_important() -> None:
    green, blue = shares("green", *[(11_000, 2_000_000)] * 5), shares("blue", *[(10_000, 2_000_000)] * 5)
    found = judge_metric(metric(), green, blue, LEVEL)
    assert (found.verdict, found.as_data()["ratio"]) == ("pass", pytest.approx(1.1))
    assert found.as_data()["p_value"] < 1e-9
    assert "less than what matters (1.5 times)" in found.reason
    assert judge_metric(metric(effect={"ratio": 1.05}), green, blue, LEVEL).verdict == "fail"
    assert judge_metric(metric(effect={"ratio": 1.05, "difference": 0.01}), green, blue, LEVEL).verdict == "pass"


def test_errors_where_stable_has_none_are_infinitely_more() -> None:
    found = judge_metric(metric(), shares("green", (20, 2000)), shares("blue", (0, 2000)), LEVEL)
    assert (found.verdict, found.as_data()["ratio"]) == ("fail", None)


def test_bursts_that_stable_has_too_are_no_evidence() -> None:
    green = shares("green", (0, 400), (20, 400), (0, 400), (0, 400))
    assert judge_metric(metric(), green, shares("blue", *[(20, 3600)] * 4), LEVEL).verdict == "fail"
    restless = shares("blue", (0, 3600), (0, 3600), (80, 3600), (0, 3600))
    assert judge_metric(metric(), green, restless, LEVEL).verdict == "pass"


def test_what_stable_did_before_tells_how_restless_it_is() -> None:
    green, blue = shares("green", (20, 400)), shares("blue", (20, 3600))
    assert judge_metric(metric(), green, blue, LEVEL).verdict == "fail"
    restless = shares("blue", (0, 3600), (0, 3600), (80, 3600), (0, 3600)).periods
    assert judge_metric(metric(), green, replace(blue, history=restless), LEVEL).verdict == "pass"


@pytest.mark.parametrize("bad", [0.1, 0.2, 0.5, 1.0])
@pytest.mark.parametrize("minutes", [1, 3, 7])
@pytest.mark.parametrize(("rate", "verdict"), [(0.005, "pass"), (0.03, "fail"), (0.3, "fail"), (0.6, "fail")])
def test_an_outage_of_stable_before_the_bake_hides_no_bad_release(
    bad: float, minutes: int, rate: float, verdict: str
) -> None:
    """300 requests a second, of which stable fails one in 200 but for these minutes of its last quarter of an hour."""
    blue = shares("blue", *[(81, 16200)] * 5)
    before = shares("blue", *[(90, 18_000)] * (15 - minutes), *[(int(18_000 * bad), 18_000)] * minutes)
    stable = replace(blue, history=[*before.periods, *blue.periods])
    found = judge_metric(metric(), shares("green", *[(int(1800 * rate), 1800)] * 5), stable, LEVEL)
    assert found.verdict == verdict, found.reason


QUIET, BURST = (6, 3000), (240, 3000)


@pytest.mark.parametrize("looked", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    ("green", "verdict"),
    [
        pytest.param([BURST, QUIET, QUIET, QUIET, BURST], "inconclusive", id="twice in these minutes"),
        pytest.param([(90, 3000)] * 5, "fail", id="a worse release"),
    ],
)
def test_a_burst_that_stable_has_every_fourth_minute_fails_no_release(
    green: list[tuple[int, int]], verdict: str, looked: int
) -> None:
    """With all of the traffic, green is compared with stable's minutes before, in which it had one. No look fails it,
    the first, which sees the burst alone, as little as the last."""
    before = shares("blue", *[QUIET, QUIET, QUIET, BURST, QUIET] * 3).periods
    stable = replace(shares("blue", QUIET, QUIET, BURST, QUIET, QUIET), history=before)
    found = judge_metric(metric(), shares("green", *green[:looked]), stable, LEVEL)
    assert (found.verdict == "fail") is (verdict == "fail" and looked > 2), found.reason
    if looked == len(green):
        assert found.verdict == verdict, found.reason
    if found.verdict == "inconclusive":
        assert found.reason.endswith(
            "blue had such periods too, so green fails only if most of its periods are worse, of at least 3."
        )


@pytest.mark.parametrize(
    ("bad", "verdict"),
    [
        pytest.param(0, "pass", id="a fix for what stable suffers from"),
        pytest.param(900, "pass", id="no worse than stable"),
        pytest.param(1400, "inconclusive", id="worse"),
        pytest.param(1800, "inconclusive", id="nothing works"),
    ],
)
def test_a_stable_that_is_up_and_down_makes_no_bad_release_a_good_one(bad: int, verdict: str) -> None:
    blue = shares("blue", *[(0, 16200), (16200, 16200)] * 2)
    found = judge_metric(metric(), shares("green", *[(bad, 1800)] * 4), blue, LEVEL)
    assert found.verdict == verdict, found.reason
    if verdict == "inconclusive":
        assert found.reason.endswith(
            "blue varied so much from one period to the next that this is worth 4 independent requests; it takes 20 to "
            "compare."
        )


def test_a_stable_without_traffic_is_nothing_to_compare_with() -> None:
    found = judge_metric(metric(), shares("green", (3, 1000)), shares("blue"), LEVEL)
    assert (found.verdict, found.as_data()["p_value"]) == ("inconclusive", 1)
    assert "blue has 0.00% (0 of 0)" in found.reason


@pytest.mark.parametrize(
    ("green", "blue", "verdict"),
    [
        pytest.param([(3, 1000)], [], "pass", id="nothing to compare with"),
        pytest.param([(3, 1000)], [(9, 9)], "pass", id="too little to compare with"),
        pytest.param([(200, 1000)], [(3, 1000)], "fail", id="some of stable still answers"),
        pytest.param([(0, 9)], [], "inconclusive", id="too little of the candidate"),
        pytest.param([], [], "inconclusive", id="nothing of the candidate"),
    ],
)
def test_a_stable_that_was_down_is_no_doubt(
    green: list[tuple[int, int]], blue: list[tuple[int, int]], verdict: str
) -> None:
    found = judge_metric(metric(), shares("green", *green), shares("blue", *blue), LEVEL, stable_down=True)
    assert found.verdict == verdict, found.reason


def test_a_threshold_holds_also_over_a_stable_that_was_down() -> None:
    watched = metric(threshold={"above": 0.05})
    found = judge_metric(watched, shares("green", (100, 1000)), shares("blue"), LEVEL, stable_down=True)
    assert found.verdict == "fail"


@pytest.mark.parametrize(("allowed", "verdict"), [(0, "fail"), (1, "fail"), (2, "pass")])
def test_the_failure_budget_is_of_periods_beyond_the_threshold(allowed: int, verdict: str) -> None:
    watched = metric(threshold={"above": 0.05, "allowed": allowed})
    found = judge_metric(watched, shares("green", (1, 100), (6, 100), (7, 100)), BLUE, 0.0)
    assert (found.verdict, found.breaches) == (verdict, 2)
    if verdict == "fail":
        assert found.reason == f"green was above 0.05 in 2 of 3 periods (0.06, 0.07); allowed are {allowed}."


def test_a_threshold_needs_no_other_color() -> None:
    watched = metric(**LOAD | {"compare": "none", "threshold": {"above": 80.0}})
    assert judge_metric(watched, points("green", 50, 60), None, LEVEL).verdict == "pass"
    assert judge_metric(watched, points("green", 50, 90), None, LEVEL).verdict == "fail"
    assert judge_metric(watched, points("green"), None, LEVEL).verdict == "inconclusive"


def test_points_are_ranked() -> None:
    blue = points("blue", 40, 41, 42, 43, 44)
    assert judge_metric(metric(**LOAD), points("green", 60, 61, 62, 63, 64), blue, LEVEL).verdict == "fail"
    assert judge_metric(metric(**LOAD), points("green", 60, 61, 62, 63, 40), blue, LEVEL).verdict == "pass"
    assert judge_metric(metric(**LOAD), points("green", 45, 46, 47, 48, 49), blue, LEVEL).verdict == "pass"
    assert judge_metric(metric(**LOAD), points("green", 90, 91), blue, LEVEL).verdict == "inconclusive"


@pytest.mark.parametrize(
    ("green", "verdict"),
    [
        pytest.param([1000, 1001, 1002, 1003, 1004], "inconclusive", id="every one is worse"),
        pytest.param([60, 61, 62, 63, 40], "pass", id="most are worse"),
        pytest.param([45, 46, 47, 48, 49], "pass", id="worse by less than what matters"),
        pytest.param([20, 21, 22, 23, 24], "pass", id="better"),
        pytest.param([1000 + each for each in range(9)], "fail", id="enough points"),
    ],
)
def test_points_that_are_all_worse_are_in_doubt_where_they_are_too_few_to_be_significant(
    green: list[float], verdict: str
) -> None:
    judged = judge_metric(metric(**LOAD), points("green", *green), points("blue", 40, 41, 42, 43, 44, 45), 0.0009)
    assert judged.verdict == verdict
    said = "Every point is worse, but so few show nothing: it takes p = 0.0009. Use fewer bakes"
    assert (said in judged.reason) == (verdict == "inconclusive")


def test_lower_can_be_worse() -> None:
    watched = metric(**LOAD | {"worse": "lower"})
    busy, idle = points("busy", 60, 61, 62, 63, 64), points("idle", 40, 41, 42, 43, 44)
    assert judge_metric(watched, idle, busy, LEVEL).verdict == "fail"
    assert judge_metric(watched, busy, idle, LEVEL).verdict == "pass"


def times(name: str, p50: float, p90: float, **counts: float) -> Seen:
    """Five equal periods; ``ms108`` are the requests of the range up to 0.108 s."""
    period = {int(bound.removeprefix("ms")) / 1000: count for bound, count in counts.items()}
    return Seen(name, [period] * 5, [], {"p50": p50, "p90": p90})


def test_response_times_are_ranked_by_the_request() -> None:
    blue = times("blue", 0.12, 0.15, ms108=200, ms136=500, ms169=200)
    slower = times("green", 0.15, 0.19, ms136=25, ms169=50, ms212=25)
    found = judge_metric(metric("latency"), slower, blue, LEVEL)
    assert found.verdict == "fail"
    assert "green has p50 0.15 and p90 0.19 (500 requests)" in found.reason
    assert found.as_data()["difference"] == pytest.approx(0.04)
    assert judge_metric(metric("latency"), blue, blue, LEVEL).verdict == "pass"


def test_a_small_step_over_the_border_of_two_ranges_is_a_small_step() -> None:
    blue, green = times("blue", 0.1079, 0.108, ms108=500), times("green", 0.1081, 0.109, ms136=100)
    found = judge_metric(metric("latency"), green, blue, LEVEL)
    assert (found.verdict, found.as_data()["ratio"]) == ("pass", pytest.approx(1.009, abs=0.001))
    assert found.as_data()["p_value"] < 1e-9


def test_one_slow_path_in_five_is_seen_though_the_median_stays() -> None:
    blue = times("blue", 0.11, 0.13, ms108=500, ms136=500)
    green = times("green", 0.115, 0.5, ms108=40, ms136=40, ms521=20)
    found = judge_metric(metric("latency"), green, blue, LEVEL)
    assert (found.verdict, found.as_data()["ratio"]) == ("fail", pytest.approx(0.5 / 0.13))


def test_a_dry_run_says_so() -> None:
    found = judge_metric(metric(dry_run=True), shares("green", (300, 1000)), BLUE, LEVEL)
    assert (found.verdict, found.as_data()["dry_run"]) == ("fail", True)
    assert str(found).startswith("Metric errors (dry run): green has 30.00% (300 of 1000)")
