# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.metrics import Threshold, parse_metrics
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError

CPU = {"id": "cpu", "namespace": "AWS/EC2", "metric_name": "CPUUtilization", "statistic": "Average"}
LOAD: dict[str, Any] = {"name": "load", "compare": "points", "queries": [CPU], "value": "cpu"}


def test_ready_made_metrics_need_a_name_only() -> None:
    errors, latency = parse_metrics([{"name": "errors"}, {"name": "latency"}])
    answered = ["answered_2xx", "answered_3xx", "answered_4xx"]
    assert (errors.compare, errors.used) == ("rate", ["failed", "unreached", *answered, "requests"])
    assert {query.metric_name for query in errors.queries} == {
        *[f"HTTPCode_Target_{first}XX_Count" for first in (2, 3, 4, 5)],
        "TargetConnectionErrorCount",
        "RequestCount",
    }
    assert (latency.compare, latency.used) == ("latency", ["times"])
    assert errors.decides
    assert latency.minimum_samples == 50


@pytest.mark.parametrize(
    ("options", "difference"),
    [
        ({}, 0.005),
        ({"effect": {"ratio": 1.5}}, 0.005),
        ({"unit": "milliseconds"}, 5),
        ({"effect": {"difference": 0.0}}, 0),
    ],
)
def test_less_than_five_milliseconds_do_not_matter_unless_said(options: dict[str, Any], difference: float) -> None:
    """A service that answers within a millisecond takes half as long again as soon as it gets more of the traffic."""
    (latency,) = parse_metrics([{"name": "latency", **options}])
    assert latency.effect.difference == pytest.approx(difference)


def test_what_is_ready_made_can_be_changed() -> None:
    given = {"name": "errors", "effect": {"ratio": None, "difference": 0.01}, "dry_run": True, "compare": None}
    (errors,) = parse_metrics([given])
    assert (errors.effect.ratio, errors.effect.difference, errors.decides) == (1.5, 0.01, False)


def test_a_name_of_the_ready_made_with_queries_is_the_users() -> None:
    (own,) = parse_metrics([LOAD | {"name": "latency"}])
    assert (own.compare, own.used) == ("points", ["cpu"])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"queries": None}, "needs compare and queries; only errors and latency are known without"),
        ({"compare": None}, "needs compare and queries"),
        ({"compare": "rate"}, "compare rate needs numerator. Metric load: compare rate needs denominator"),
        ({"value": "gpu"}, "there is no query gpu"),
        ({"queries": [{"id": "cpu"}]}, "query cpu needs either a metric_name or an expression"),
        ({"queries": [CPU | {"expression": "1"}]}, "query cpu needs either"),
        ({"queries": [CPU, CPU]}, "ids of its queries must differ"),
        (
            {"queries": [CPU | {"statistic": "average"}]},
            "query cpu has the statistic average, which CloudWatch does not",
        ),
        ({"queries": [CPU | {"statistic": "p"}]}, "query cpu has the statistic p,"),
        ({"queries": [CPU | {"id": "the-cpu"}]}, "the id of query the-cpu must consist of letters"),
        ({"period": 90}, "its period must be 1, 5, 10, 20, 30 s or a multiple of 60 s; given: 90."),
        ({"period": 0}, "given: 0."),
        ({"compare": "none"}, "needs a threshold"),
        ({"compare": "latency", "threshold": {"above": 1.0}}, "latency is compared only"),
        ({"compare": "latency", "queries": [{"id": "cpu", "expression": "1"}]}, "which an expression has not"),
        ({"queries": [{"id": "cpu", "expression": "SUM(METRICS())"}]}, "METRICS() would stand for"),
    ],
)
def test_what_makes_no_sense_is_refused(changes: dict[str, Any], problem: str) -> None:
    with pytest.raises(BluegreenError, match="Metric load") as refused:
        parse_metrics([LOAD | changes])
    assert problem in str(refused.value)


@pytest.mark.parametrize("statistic", ["Maximum", "p99.9", "tm90", "IQM", "TM(2%:98%)", "TC(0.5:)", "PR(:300)", "ts80"])
@pytest.mark.parametrize("period", [1, 30, 60, 3600])
def test_what_cloudwatch_knows_is_taken(statistic: str, period: int) -> None:
    (load,) = parse_metrics([LOAD | {"queries": [CPU | {"statistic": statistic}], "period": period}])
    assert (load.queries[0].statistic, load.period) == (statistic, period)


def test_all_problems_are_told_at_once() -> None:
    with pytest.raises(BluegreenError) as refused:
        parse_metrics([{"name": "a"}, {"name": "b"}, LOAD, LOAD])
    assert [word in str(refused.value) for word in ("Metric a:", "Metric b:", "load is listed twice")] == [True] * 3


@pytest.mark.parametrize(
    ("threshold", "breached", "reported"),
    [
        (Threshold(5.0, None, 0), [6.0], "above 5"),
        (Threshold(None, 2.0, 0), [1.0], "below 2"),
        (Threshold(5.0, 2.0, 0), [1.0, 6.0], "above 5 or below 2"),
    ],
)
def test_thresholds(threshold: Threshold, breached: list[float], reported: str) -> None:
    assert [value for value in (1.0, 2.0, 5.0, 6.0) if threshold.breached(value)] == breached
    assert str(threshold) == reported
