# SPDX-License-Identifier: GPL-3.0-or-later
"""bake with metrics, on a clock of its own, with a CloudWatch whose minutes are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.bake.bake import BakeOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.histogram import BOUNDS
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.bake.bake import bake
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from botocore.exceptions import ClientError

from tests.unit.clock import FakeClock

PREFIX = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"
ERRORS: dict[str, Any] = {"name": "errors"}
RANGE = {"times_p50": 0.05, "times_Minimum": 0.05, "times_Maximum": 0.5}


@dataclass
class Aws:
    """Stands for the client of each service. ``minutes`` are (errors, requests) of each color, from time 0 on.

    A minute comes in two parts, one and two minutes after its end; ``late`` errors of green come at this time.
    """

    green: Sequence[tuple[int, int]]
    blue: Sequence[tuple[int, int]]
    times: Callable[[int], dict[str, float]] = lambda _requests: RANGE  # by the requests of a minute
    status: str = "Complete"
    late: float = 0
    clock: FakeClock = field(default_factory=FakeClock)
    calls: list[tuple[float, float]] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)  # metrics, by call
    reported: list[str] = field(default_factory=list)

    def describe_target_groups(self, Names: Sequence[str]) -> dict[str, Any]:  # noqa: N803
        group = {"TargetGroupName": Names[0], "TargetGroupArn": f"{PREFIX}targetgroup/{Names[0]}/1"}
        return {"TargetGroups": [group | {"LoadBalancerArns": [f"{PREFIX}loadbalancer/app/web/1"]}]}

    def get_paginator(self, _operation: str) -> Aws:
        return self

    def paginate(
        self,
        MetricDataQueries: Sequence[dict[str, Any]],  # noqa: N803
        StartTime: datetime,  # noqa: N803
        EndTime: datetime,  # noqa: N803
    ) -> Iterator[dict[str, Any]]:
        """StartTime is rounded down to the minute. One namespace that AWS does not take refuses the whole call."""
        self.calls.append((StartTime.timestamp(), EndTime.timestamp()))
        self.asked.append(len(MetricDataQueries))
        if any(query["MetricStat"]["Metric"]["Namespace"].startswith(":") for query in MetricDataQueries):
            raise ClientError({"Error": {"Code": "ValidationError", "Message": "no such thing"}}, "GetMetricData")
        asked = slice(max(0, int(StartTime.timestamp() // 60)), max(0, int(EndTime.timestamp() // 60)))
        yield {"MetricDataResults": [self._result(query, asked) for query in MetricDataQueries]}

    def _result(self, query: dict[str, Any], asked: slice) -> dict[str, Any]:
        key = query["Id"][3:]
        minutes = [
            {"failed": bad, "requests": total, "answered_2xx": total - bad, **self.times(total)}
            for bad, total in (self.green if query["Id"][0] == "c" else self.blue)[asked]
        ]
        points = [
            (datetime.fromtimestamp(minute * 60, UTC), value)
            for minute, shown in enumerate(minutes, asked.start)
            if (value := self._arrived(minute, shown.get(key, 0)))
            if key != "failed" or self.clock.time >= self.late
        ]
        times, values = [time for time, _value in points], [value for _time, value in points]
        return {"Id": query["Id"], "Label": "5XX", "StatusCode": self.status, "Timestamps": times, "Values": values}

    def _arrived(self, minute: int, value: float) -> float:
        late = self.clock.time - 60 * (minute + 1)
        return value if late >= 120 else value // 2 if late >= 60 else 0

    def bake(self, seconds: int = 300, check_mode: bool = False, **options: Any) -> dict[str, Any]:
        run = Run(client=lambda _service: self, check_mode=check_mode, clock=self.clock, report=self.reported.append)
        colors = {color: {"target_group": f"web-{name}", "placeholders": {}} for color, name in COLORS}
        return bake(BakeOptions.read({"seconds": seconds, "metrics": [ERRORS], **colors, **options}), run)


FULL, WEEKEND = " at full traffic", 3 * 24 * 60
COLORS = (("candidate", "green"), ("stable", "blue"))
GOOD, BLUE = [(2, 360)] * 10, [(16, 3240)] * 10


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
