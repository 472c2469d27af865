# SPDX-License-Identifier: GPL-3.0-or-later
"""The metric store, and what it gets from the data plane."""

from __future__ import annotations

import pytest

from switchyard_lab.aws.cloudwatch import elb_metrics
from switchyard_lab.aws.cloudwatch.metrics import Metric, MetricStore, Periods, Statistics

REQUESTS = Metric("Shop", "Requests")
LB = "app/demo/50dc6c495c0c9188"
TG_ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/demo-blue/73e2d6bc24d8a067"
TG = "targetgroup/demo-blue/73e2d6bc24d8a067"


def elb(name: str, *, group: bool) -> Metric:
    dimensions = {("LoadBalancer", LB)} | ({("TargetGroup", TG)} if group else set())
    return Metric("AWS/ApplicationELB", name, frozenset(dimensions))


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("SampleCount", 5),
        ("Sum", 25),
        ("Average", 5),
        ("Minimum", 1),
        ("Maximum", 11),
        ("p0", 1),
        ("p50", 4),
        ("p90", 11),
        ("p99.9", 11),
        ("p100", 11),
    ],
)
def test_statistics_of_a_period(statistic: str, expected: float) -> None:
    store = MetricStore()
    for at, values in ((60.0, (4.0, 7.0)), (119.9, (1.0, 2.0, 11.0))):
        store.record(REQUESTS, at, Statistics.of(*values))
    assert store.series(REQUESTS, statistic, Periods(60.0, 60.0, 1)) == (expected,)


@pytest.mark.parametrize(
    ("statistic", "expected"),
    [
        ("TC(:0.5)", 3),
        ("TC(0.5:)", 7),
        ("TC(0.2:0.5)", 2),
        ("TC(5:6)", 0),
        ("PR(:0.5)", 30),
        ("PR(0.2:1)", 90),
        ("TM(0.2:0.5)", 0.5),
        ("TM(5:6)", None),
        ("TS(:0.5)", pytest.approx(1.2)),
        ("tc90", 9),
        ("TC(20%:40%)", 2),
        ("TM(:10%)", 0.2),
        ("tm90", pytest.approx((0.2 + 2 * 0.5 + 6) / 9)),
        ("TS(90%:)", 1),
        ("IQM", pytest.approx((0.5 * 0.5 + 4.5) / 5)),
    ],
)
def test_statistics_of_single_values(statistic: str, expected: float | None) -> None:
    """Of ten values: 0.2 once, 0.5 twice, 1 seven times."""
    values = Statistics(10, 8.2, 0.2, 1.0, ((1.0, 7.0), (0.2, 1.0), (0.5, 2.0)))
    assert values.value(statistic) == expected


def test_a_period_holds_its_start_and_not_its_end() -> None:
    store = MetricStore()
    for at in (0.0, 59.9, 60.0, 180.0):
        store.record(REQUESTS, at, Statistics.of(1.0))
    assert store.series(REQUESTS, "Sum", Periods(0.0, 60.0, 3)) == (2.0, 1.0, None)


def test_records_may_come_late() -> None:
    store = MetricStore()
    for at in (61.0, 1.0, 62.0):
        store.record(REQUESTS, at, Statistics.of(at))
    assert store.series(REQUESTS, "Sum", Periods(0.0, 60.0, 2)) == (1.0, 123.0)


def test_a_statistic_set_has_no_percentiles_unless_all_its_values_are_the_same() -> None:
    assert Statistics(10, 50, 1, 9).value("p50") is None
    assert Statistics(10, 50, 5, 5).value("p50") == 5
    mixed = Statistics.merged([Statistics.of(1.0, 2.0), Statistics(2, 6, 1, 5)])
    assert mixed == Statistics(4, 9, 1, 5)


@pytest.mark.parametrize("name", ["p50", "tm90", "TC(:0.5)", "PR(:0.5)"])
def test_negative_values_have_only_plain_statistics(name: str) -> None:
    assert Statistics.of(-1.0, 2.0).value(name) is None


@pytest.mark.parametrize(
    "statistic", ["Median", "p", "p101", "pp5", "50", "tm", "tm101", "TM(:)", "TM(10)", "pr5", "PR(:50%)", "tc(1:2)"]
)
def test_unknown_statistics_are_refused(statistic: str) -> None:
    with pytest.raises(ValueError, match="not supported"):
        Statistics.of(1.0).value(statistic)


def test_units_select_records() -> None:
    store = MetricStore()
    store.record(REQUESTS, 1.0, Statistics.of(1.0), "Count")
    store.record(REQUESTS, 2.0, Statistics.of(5.0), "Seconds")
    period = Periods(0.0, 60.0, 1)
    assert store.series(REQUESTS, "Sum", period, "Seconds") == (5.0,)
    assert store.series(REQUESTS, "Sum", period) == (6.0,)


def test_a_row_of_the_data_plane_is_one_metric() -> None:
    store = MetricStore()
    elb_metrics.publish(
        store,
        {
            "at": 10.0,
            "counts": [[LB, TG_ARN, "RequestCount", 6], [LB, None, "RequestCount", 8]],
            "latency": [[LB, TG_ARN, 6, 0.6, 0.05, 0.2, [[0.05, 2], [0.1, 2], [0.15, 1], [0.2, 1]]]],
            "gauges": [[LB, TG_ARN, "HealthyHostCount", 0]],
        },
    )
    period = Periods(0.0, 60.0, 1)
    assert store.series(elb("RequestCount", group=True), "Sum", period) == (6.0,)
    assert store.series(elb("RequestCount", group=False), "Sum", period) == (8.0,)
    assert store.series(elb("TargetResponseTime", group=True), "Average", period) == (pytest.approx(0.1),)
    assert store.series(elb("TargetResponseTime", group=True), "TC(0.05:0.15)", period) == (3.0,)
    assert store.series(elb("TargetResponseTime", group=False), "Average", period) == (None,)
    assert store.series(elb("HealthyHostCount", group=True), "Minimum", period) == (0.0,)


def test_network_load_balancers_publish_under_their_own_namespace() -> None:
    store = MetricStore()
    elb_metrics.publish(
        store, {"at": 1.0, "counts": [["net/demo/1", None, "NewFlowCount", 1]], "latency": [], "gauges": []}
    )
    assert store.metrics() == (Metric("AWS/NetworkELB", "NewFlowCount", frozenset({("LoadBalancer", "net/demo/1")})),)
