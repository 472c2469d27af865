# SPDX-License-Identifier: GPL-3.0-or-later
"""A canary under load, judged by what the lab's CloudWatch tells of it.

Blue and its equal fail 0.5 % of the requests, green 3 %, and it takes 400 ms longer. Silent answers 70 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load.background import BackgroundLoad
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made

REQUESTS_PER_SECOND = 100  # few enough for a machine that is busy with other tests
TIMES = [("slow", "TC(0.3:)"), ("answers", "SampleCount")]


@dataclass(frozen=True)
class Colors:
    """Target groups by ARN; ``idle`` has weight 0."""

    blue: str
    equal: str
    green: str
    silent: str
    idle: str

    def bake(self, candidate: str, *metrics: dict[str, Any], seconds: int = 16, **options: Any) -> dict[str, Any]:
        colors = {"candidate": {"target_group": candidate}, "stable": {"target_group": self.blue}}
        return (
            {"seconds": seconds, "interval": 0.5, "metrics_interval": 1, "metrics_lag": 0, "metrics": list(metrics)}
            | colors
            | options
        )


@pytest.fixture(scope="module")
def colors(lab: LabProcess) -> Iterator[Colors]:
    scene = Scene(lab)
    weights = {scene.target_group(): weight for weight in (45, 10, 45, 10, 0)}
    behaviors = [{"error_percent": "0.5"}] * 2 + [{"error_percent": "3", "latency_ms": "400"}]
    behaviors += [{"hang_percent": "15", "reset_percent": "15"}, {}]
    listener = scene.listener(weights)
    for arn, behavior in zip(weights, behaviors, strict=True):
        template = {"LaunchTemplateId": scene.template(scene.image(release="1", **behavior)), "Version": "1"}
        scene.group(1, (arn,), LaunchTemplate=template)
    for arn in weights:
        scene.healthy(arn, 1)
    with BackgroundLoad(scene.url(listener), REQUESTS_PER_SECOND):
        yield Colors(*weights)
    scene.clear()


def dimensions() -> dict[str, str]:
    return {"TargetGroup": "{target_group}", "LoadBalancer": "{load_balancer}"}


def query(key: str, metric: str, statistic: str) -> dict[str, Any]:
    named = {"namespace": "AWS/ApplicationELB", "metric_name": metric, "statistic": statistic}
    return {"id": key, "dimensions": dimensions(), **named}


@pytest.mark.thorough
def test_without_traffic_nothing_can_be_said(ask: Ask, colors: Colors) -> None:
    result = ask("bake", **colors.bake(colors.idle, {"name": "errors"}, {"name": "latency"}, seconds=4))
    name = colors.idle.split("/")[1]
    assert result["verdict"] == "inconclusive"
    assert result["reasons"] == [f"Metric {each}: there is no data of {name}." for each in ("errors", "latency")]


def test_requests_that_a_candidate_leaves_unanswered_are_errors(ask: Ask, colors: Colors) -> None:
    """The load balancer answers them itself, with 504 or 502, and counts that for no target group."""
    result = ask("bake", **colors.bake(colors.silent, {"name": "errors"}))
    assert result["verdict"] == "fail", result["msg"]
    assert result["msg"].startswith("Metric errors: ")


@pytest.mark.thorough
def test_a_stable_environment_that_was_down_has_nothing_to_compare_with(ask: Ask, colors: Colors) -> None:
    over_idle = colors.bake(colors.equal, {"name": "errors"}, {"name": "latency"}, seconds=12) | {
        "stable": {"target_group": colors.idle}
    }
    assert ask("bake", **over_idle)["verdict"] == "inconclusive"
    released = ask("bake", **over_idle, judge_stable="once_up")
    assert released["verdict"] == "pass", released["msg"]
    assert "was down before the release" in released["msg"]


def test_three_percent_of_errors_against_half_a_percent_fail_with_the_numbers(
    ask: Ask, colors: Colors, made: Made
) -> None:
    """Of answers alone: in the lab's minutes of 3 s, those on their way at the edges of a period are too many."""
    made()
    result = ask("bake", **colors.bake(colors.green, {"name": "errors", "answered": []}))
    assert result["verdict"] == "fail"
    assert result["reasons"] == [f"Metric errors: {result['metrics'][0]['reason']}"]
    (errors,) = result["metrics"]
    assert 0.02 < errors["candidate"]["rate"] < 0.04
    assert errors["stable"]["rate"] < 0.01
    assert errors["p_value"] < errors["level"]
    for name, share in zip((colors.green, colors.blue), (errors["candidate"], errors["stable"]), strict=True):
        assert f"{name.split('/')[1]} has {share['rate']:.2%} (" in errors["reason"]
    assert made("write") == []


@pytest.mark.thorough
def test_four_hundred_milliseconds_more_fail(ask: Ask, colors: Colors) -> None:
    result = ask("bake", **colors.bake(colors.green, {"name": "latency"}))
    assert result["verdict"] == "fail"
    (latency,) = result["metrics"]
    assert latency["candidate"]["p50"] > 0.35
    assert latency["difference"] > 0.3
    assert latency["ratio"] > 2
    assert "p90" in latency["reason"]


@pytest.mark.thorough
def test_an_equal_release_passes_both(ask: Ask, colors: Colors) -> None:
    metrics = {"name": "errors"}, {"name": "latency", "effect": {"ratio": 3}}
    result = ask("bake", **colors.bake(colors.equal, *metrics, seconds=14))
    assert (result["verdict"], result["seconds"] >= 14) == ("pass", True), result["msg"]
    assert [each["verdict"] for each in result["metrics"]] == ["pass", "pass"]
    assert all(each["candidate"]["samples"] >= 50 for each in result["metrics"])


@pytest.mark.thorough
def test_a_dry_run_is_told_and_decides_nothing(ask: Ask, colors: Colors) -> None:
    result = ask("bake", **colors.bake(colors.green, {"name": "latency", "dry_run": True}, seconds=8))
    assert (result["verdict"], result["reasons"]) == ("pass", [])
    assert (result["metrics"][0]["verdict"], result["metrics"][0]["dry_run"]) == ("fail", True)
    assert "Metric latency (dry run): " in result["msg"]


@pytest.mark.thorough
def test_metrics_of_ones_own(ask: Ask, colors: Colors) -> None:
    """Slow requests as a rate, a percentile and an expression against thresholds."""
    counts = [query("requests", "RequestCount", "Sum"), query("failed", "HTTPCode_Target_5XX_Count", "Sum")]
    percent = {"id": "percent", "expression": "100 * FILL(failed, 0) / requests"}
    result = ask(
        "bake",
        **colors.bake(
            colors.green,
            {
                "name": "slow",
                "compare": "rate",
                "queries": [query(key, "TargetResponseTime", statistic) for key, statistic in TIMES],
                "numerator": ["slow"],
                "denominator": "answers",
                "dry_run": True,
            },
            {
                "name": "p90",
                "compare": "none",
                "queries": [query("p90", "TargetResponseTime", "p90")],
                "value": "p90",
                "threshold": {"above": 0.3},
                "dry_run": True,
            },
            {
                "name": "percent",
                "compare": "none",
                "queries": [*counts, percent],
                "value": "percent",
                "threshold": {"above": 50, "allowed": 1},
            },
            seconds=12,
        ),
    )
    assert (result["verdict"], [each["verdict"] for each in result["metrics"]]) == ("pass", ["fail", "fail", "pass"])
    assert result["metrics"][0]["candidate"]["rate"] == 1
    assert result["metrics"][1]["breaches"] >= 1


def test_one_call_reads_metrics(ask: Ask, colors: Colors, made: Made) -> None:
    made()
    ask("bake", check=True, **colors.bake(colors.green, {"name": "errors"}, {"name": "latency"}))
    assert sorted(made()) == ["DescribeTargetGroups", "DescribeTargetGroups", "GetMetricData"]


def test_metrics_that_cannot_be_read_fail_closed(ask: Ask, colors: Colors, lab: LabProcess) -> None:
    lab.fault(operation="GetMetricData", times=2, error="AccessDenied")
    result = ask("bake", **colors.bake(colors.blue, {"name": "errors"}, seconds=60))
    assert (result["verdict"], result["seconds"] < 30) == ("fail", True)
    assert "AWS refused reading metrics" in result["msg"]


def test_what_is_misspelt_is_told_before_anything_is_watched(ask: Ask, colors: Colors) -> None:
    cpu = {"id": "cpu", "namespace": "AWS/EC2", "metric_name": "CPUUtilization", "dimensions": {"Group": "{gruop}"}}
    load = {"name": "load", "compare": "points", "queries": [cpu], "value": "cpu"}
    assert "nothing is known for {gruop}" in ask("bake", **colors.bake(colors.green, load))["msg"]
    assert "there is no query gpu" in ask("bake", **colors.bake(colors.green, load | {"value": "gpu"}))["msg"]
    missing = ask("bake", **colors.bake("nobody-made-it", {"name": "errors"}))
    assert "There is no target group nobody-made-it" in missing["msg"]
