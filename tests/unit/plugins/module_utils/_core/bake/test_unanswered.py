# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that were not answered: what an Application Load Balancer counts for no target group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.analysis import judge_metric
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metric_data import Seen, Side, read, seen
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metrics import parse_metrics

START = datetime(2026, 1, 6, 12, tzinfo=UTC)
GREEN, BLUE = Side("c", "green", {}), Side("s", "blue", {})


def minutes(side: Side, counts: Mapping[str, Sequence[float]], **changes: Any) -> Seen:
    times = [START + timedelta(minutes=minute) for minute in range(9)]
    results = [
        {"Id": f"{side.key}0_{name}", "Timestamps": times[: len(values)], "Values": list(values)}
        for name, values in counts.items()
    ]
    return seen(parse_metrics([{"name": "errors", **changes}])[0], 0, side, read(results))


@pytest.mark.parametrize(
    ("counts", "shares"),
    [
        # Each minute a few are on their way at its end, and are answered in the next one.
        ({"requests": [100, 100, 100], "answered_2xx": [90, 100, 100]}, [0, 0, 0]),
        ({"requests": [100, 500, 500], "answered_2xx": [100, 460, 500]}, [0, 0, 0]),
        ({"requests": [100, 100, 20], "answered_2xx": [100, 105, 25]}, [0, 0, 0]),
        ({"requests": [100, 100], "answered_2xx": [70, 90]}, [0.1, 0]),  # the first has the growth
        ({"requests": [100, 100, 80], "answered_2xx": [100, 100, 10]}, [0, 0, 0]),  # the newest one still grows
        ({"requests": [100] * 4, "answered_2xx": [95, 95, 110, 95]}, [0, 0, 0, 0]),
        # What lasts was not answered.
        ({"requests": [100, 100, 100], "answered_2xx": [60, 70, 70]}, [0.3, 0.3, 0.3]),
        ({"requests": [100, 100, 100]}, [1, 1, 1]),
        # Everything that was answered is an answer; 5XX are bad ones.
        (
            {"requests": [100, 100], "answered_2xx": [50, 50], "answered_3xx": [10, 10], "answered_4xx": [40, 40]},
            [0, 0],
        ),
        ({"requests": [100] * 3, "answered_2xx": [60] * 3, "failed": [10] * 3}, [0.4] * 3),
        # A target that is not reached has not answered: the same request is not counted twice.
        ({"requests": [100] * 3, "answered_2xx": [70] * 3, "unreached": [30] * 3}, [0.3] * 3),
        ({"requests": [100], "answered_2xx": [70], "unreached": [30]}, [0.3]),
    ],
)
def test_what_is_not_answered_is_an_error(counts: dict[str, list[float]], shares: list[float]) -> None:
    assert minutes(GREEN, counts).values == pytest.approx(shares)


def test_a_candidate_that_leaves_requests_unanswered_fails() -> None:
    candidate = minutes(GREEN, {"requests": [100] * 5, "answered_2xx": [70] * 5})
    stable = minutes(BLUE, {"requests": [900] * 5, "answered_2xx": [900] * 5})
    judged = judge_metric(parse_metrics([{"name": "errors"}])[0], candidate, stable, 0.01)
    assert judged.verdict == "fail"
    assert "30.00% (150 of 500)" in judged.reason


def test_upgrades_have_no_status_in_either_color_and_fail_nobody() -> None:
    """There is no HTTPCode_Target_1XX_Count."""
    candidate = minutes(GREEN, {"requests": [100] * 5, "answered_2xx": [80] * 5})
    stable = minutes(BLUE, {"requests": [900] * 5, "answered_2xx": [720] * 5})
    assert judge_metric(parse_metrics([{"name": "errors"}])[0], candidate, stable, 0.01).verdict == "pass"


def test_what_is_not_answered_can_be_left_out() -> None:
    counts = {"requests": [100, 100], "answered_2xx": [70, 70], "failed": [10, 10]}
    assert minutes(GREEN, counts, answered=[]).values == [0.1, 0.1]
