# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.asking import occupied, pulse, ranges
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.histogram import BOUNDS
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metric_data import Side, all_queries
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metrics import parse_metrics

from .compared import BLUE, ERRORS, GREEN, LATENCY, ORDERS, START


def test_one_query_of_each_metric_that_decides_shows_whether_there_is_news() -> None:
    dry, orders = parse_metrics([{"name": "errors", "dry_run": True}, ORDERS])
    filled = Side("c", "web-green", {**GREEN.placeholders, "group": "web-green-v001"})
    metrics = [ERRORS, LATENCY, dry, orders]
    found = pulse(metrics, all_queries(metrics, [filled, filled]), filled)
    assert {query["Id"] for query in found} == {"c0_requests", "c1_times_p50", "c3_sum", "c3_lost"}


def test_only_ranges_between_the_shortest_and_the_longest_response_time_are_asked() -> None:
    results = {"c0_times_Minimum": {START: 0.0011}, "c0_times_Maximum": {START: 0.0015}}
    assert occupied([LATENCY], [GREEN, BLUE], results) == {"c0_times_1", "c0_times_2"}, "1 to 1.25 ms, and to 1.56 ms"
    assert len(ranges([LATENCY], [GREEN, BLUE])) == 2 * len(BOUNDS)


def test_a_time_on_a_bound_or_beyond_all_of_them_is_in_a_range() -> None:
    results = {"c0_times_Minimum": {START: BOUNDS[3]}, "c0_times_Maximum": {START: 900.0}}
    assert occupied([LATENCY], [GREEN], results) == {f"c0_times_{rung}" for rung in range(3, len(BOUNDS))}
