# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.propagation import Split, countable
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward import Forward
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.traffic.forward_route import (
    ForwardRoute,
    Listener,
)

START = datetime(2026, 1, 1, 12, 0, 30, tzinfo=UTC)
BLUE, GREEN = (
    f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/{name}/1" for name in ("blue", "green")
)


def result(key: str, **counts: float) -> dict[str, Any]:
    """Counts by the minute, as ``m1=5``."""
    times = [START.replace(second=0) + timedelta(minutes=int(minute[1:])) for minute in counts]
    return {"Id": key, "Timestamps": times, "Values": list(counts.values())}


def route(blue: int, green: int, **stickiness: Any) -> ForwardRoute:
    return ForwardRoute(Listener("listener"), [], Forward({BLUE: blue, GREEN: green}, stickiness))


@pytest.mark.parametrize(
    ("blue", "green", "expected"),
    [
        ({"m0": 100}, {}, {}),
        ({"m0": 100, "m1": 90}, {"m1": 10}, {}),
        ({"m0": 100, "m1": 90, "m2": 7}, {"m1": 10}, {BLUE: 90, GREEN: 10}),
        ({"m1": 100, "m2": 90}, {"m2": 10, "m3": 1}, {BLUE: 90, GREEN: 10}),
    ],
    ids=["before only", "not over yet", "one", "the latest"],
)
def test_the_latest_whole_minute_counts(
    blue: dict[str, float], green: dict[str, float], expected: dict[str, int]
) -> None:
    split = Split.read([result("requests0_0", **blue), result("requests0_1", **green)], [BLUE, GREEN], START)
    assert split.requests == expected


def test_there_was_traffic_where_stable_has_answered_requests() -> None:
    split = Split.read([result("requests0_0", m0=0, m1=5), result("requests0_1", m0=3)], [BLUE, GREEN], START)
    assert [split.traffic(stable) for stable in ([], ["green"], [GREEN], ["blue"])] == [True, True, True, False]


@pytest.mark.parametrize(
    ("counts", "weights", "reported"),
    [
        ((900, 100), (90, 10), []),
        ((940, 60), (90, 10), []),
        ((960, 40), (90, 10), ["blue has answered 960 of 1000 requests, not 90%", "green has answered 40 of 1000"]),
        ((3, 0), (50, 50), []),
        ((40, 0), (50, 50), ["blue has answered 40 of 40 requests, not 50%", "green has answered 0 of 40"]),
        ((10, 990), (0, 100), []),
        ((1000, 0), (0, 100), ["blue has answered 1000 of 1000 requests, not 0%", "green has answered 0 of 1000"]),
    ],
)
def test_what_chance_does_not_explain_is_astray(
    counts: tuple[int, int], weights: tuple[int, int], reported: list[str]
) -> None:
    found = Split(dict(zip((BLUE, GREEN), counts, strict=True)), {}).astray(route(*weights))
    assert len(found) == len(reported)
    assert all(each.startswith(sentence) for each, sentence in zip(found, reported, strict=True))


def test_requests_of_a_sticky_route_tell_nothing() -> None:
    assert countable([route(50, 50)])
    assert not countable([route(50, 50), route(50, 50, Enabled=True, DurationSeconds=60)])
