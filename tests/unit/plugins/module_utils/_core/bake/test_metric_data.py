# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metric_data import (
    Side,
    all_queries,
    closed,
    of_metric,
    period_of,
    read,
    seen,
    within,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metrics import parse_metrics
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError

from .compared import BLUE, ERRORS, GREEN, LATENCY, ORDERS, START


def result(key: str, *values: float | None) -> dict[str, Any]:
    """A point a minute; None where CloudWatch reports none."""
    points = [(START + timedelta(minutes=minute), value) for minute, value in enumerate(values) if value is not None]
    return {"Id": key, "Timestamps": [time for time, _value in points], "Values": [value for _time, value in points]}


def test_each_color_is_asked_for_by_its_own_dimensions() -> None:
    queries = {query["Id"]: query for query in all_queries([ERRORS], [GREEN, BLUE])}
    names = ("failed", "answered_2xx", "answered_3xx", "answered_4xx", "unreached", "requests")
    assert list(queries) == [f"{color}0_{name}" for color in "cs" for name in names]
    assert queries["s0_failed"]["MetricStat"] == {
        "Metric": {
            "Namespace": "AWS/ApplicationELB",
            "MetricName": "HTTPCode_Target_5XX_Count",
            "Dimensions": [
                {"Name": "TargetGroup", "Value": "targetgroup/web-blue/1"},
                {"Name": "LoadBalancer", "Value": "app/web/1"},
            ],
        },
        "Period": 60,
        "Stat": "Sum",
    }


def test_expressions_refer_to_the_queries_of_their_own_metric_and_color() -> None:
    orders = parse_metrics([ORDERS])[0]
    side = Side("c", "web-green", {**GREEN.placeholders, "group": "web-green-v001"})
    expression, lost = all_queries([ERRORS, orders], [side])[-2:]
    assert expression["Expression"] == ("FILL(c1_lost, 0) + SUM(SEARCH('{Shop,Group} lost web-green-v001', 'Sum'))")
    assert (expression["ReturnData"], lost["ReturnData"]) == (True, False)
    assert lost["MetricStat"]["Metric"]["Dimensions"] == [{"Name": "Group", "Value": "web-green-v001"}]


def test_a_placeholder_that_nobody_fills_is_refused() -> None:
    with pytest.raises(BluegreenError, match=r"nothing is known for \{group\} of web-green, only \{target_group\}"):
        all_queries(parse_metrics([ORDERS]), [GREEN])


def test_more_queries_than_a_call_takes_are_refused() -> None:
    many = parse_metrics([{"name": "latency"}])[0]
    with pytest.raises(BluegreenError, match="make 560 queries; GetMetricData takes 500"):
        all_queries([many] * 5, [GREEN, BLUE])


def test_no_count_of_errors_beside_requests_is_none_and_no_requests_are_no_period() -> None:
    counts = [result("c0_failed", None, 3, None, 2), result("c0_requests", 10, 20, None, 1)]
    results = read([*counts, result("c0_answered_2xx", 10, 17)])
    found = seen(ERRORS, 0, GREEN, results)
    assert found.periods == [{1.0: 0, 0.0: 10}, {1.0: 3, 0.0: 17}, {1.0: 1, 0.0: 0}]
    assert found.values == [0, 0.15, 1]
    assert seen(ERRORS, 0, BLUE, results).periods == []


def test_failed_answers_and_connections_that_failed_are_both_errors() -> None:
    results = read([result("c0_failed", 3), result("c0_unreached", 4), result("c0_requests", 10)])
    assert seen(ERRORS, 0, GREEN, results).values == [0.7]


def test_ranges_of_response_times_make_a_histogram_a_minute() -> None:
    stats = [query["MetricStat"]["Stat"] for query in all_queries([LATENCY], [GREEN])]
    first, second = stats.index("TC(0.0867:0.108)"), stats.index("TC(0.108:0.136)")
    results = read(
        [
            result(f"c0_times_{first}", 5, 6),
            result(f"c0_times_{second}", 0, 9),
            result("c0_times_p50", 0.1, 0.12),
            result("c0_times_p90", 0.107, 0.131),
        ]
    )
    found = seen(LATENCY, 0, GREEN, results)
    assert found.periods == [{0.108: 5}, {0.108: 6, 0.136: 9}]
    assert found.percentiles == {"p50": pytest.approx(0.115), "p90": pytest.approx(0.125)}  # by requests: 1 to 3


def test_points_that_span_pages_are_one_series() -> None:
    results = read([result("c0_requests", 1), result("c0_requests", None, 2)])
    assert list(results["c0_requests"].values()) == [1, 2]


def test_points_of_a_time() -> None:
    results = read([result("x", 1, 2, 3)])
    minute = timedelta(minutes=1)
    assert list(within(results, START + minute, START + 2 * minute)["x"].values()) == [2]


def test_results_of_one_metric() -> None:
    results = read([result("c1_x", 1), result("s1_x", 1), result("c10_x", 1), result("c0_x", 1)])
    assert list(of_metric(results, 1)) == ["c1_x", "s1_x"]


@pytest.mark.parametrize(
    ("seconds", "begun"), [(0, 0), (59, 0), (60, 60), (119, 60), (150, 120), (180, 180), (500, 500), (-1, -1)]
)
def test_a_time_lies_in_the_period_that_began_last_or_in_none(seconds: int, begun: int) -> None:
    results = read([result("x", 1, 2), result("y", None, None, 3)])
    assert period_of(results, START + timedelta(seconds=seconds), 60) == START + timedelta(seconds=begun)


def test_a_period_is_closed_when_it_has_been_over_for_the_lag() -> None:
    results = read([result("c0_requests", 100, 100, 100), result("c0_failed", None, 3)])

    def minutes(seconds: float) -> list[int]:
        found = closed(results, 60, 90, START + timedelta(seconds=seconds))
        return [sum(START + timedelta(minutes=minute) in points for points in found.values()) for minute in range(3)]

    assert minutes(149) == [0, 0, 0]
    assert minutes(150) == [1, 0, 0]
    assert minutes(210) == [1, 2, 0]
    assert minutes(270) == [1, 2, 1]


def test_a_period_ends_when_the_next_one_with_data_begins() -> None:
    """Otherwise a fast lab's periods, of a few seconds, would be open for a minute."""
    fast = {"c0_requests": {START + timedelta(seconds=seconds): 1.0 for seconds in (0, 3, 6)}}
    found = closed(fast, 60, 5, START + timedelta(seconds=11))
    assert sorted(found["c0_requests"]) == [START, START + timedelta(seconds=3)]
