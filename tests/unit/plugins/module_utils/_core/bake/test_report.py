# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.alarms import Alarm
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.observation import (
    GroupHealth,
    Observation,
    Verdict,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.propagation import Split
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.report import (
    message,
    requests_message,
    standing,
)

from ..targets.targets import target

BLUE, GREEN = (
    f"arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-{color}/0123456789abcdef"
    for color in ("blue", "green")
)
OK, NO_DATA = Alarm("web-5xx", "OK", "", None), Alarm("web-slow", "INSUFFICIENT_DATA", "Unchecked", None)


def group(arn: str, minimum: int, *states: str) -> GroupHealth:
    targets = [target(f"i-{number}", state) for number, state in enumerate(states)]
    return GroupHealth(arn, minimum, targets)


WELL = Observation([OK], [group(GREEN, 3, *["healthy"] * 3), group(BLUE, 2, *["healthy"] * 3)])


@pytest.mark.parametrize(
    ("seen", "candidate", "said"),
    [
        (WELL, ["web-green"], "alarms ok, 3/3 healthy"),
        (WELL, [GREEN], "alarms ok, 3/3 healthy"),
        (WELL, [], "alarms ok, web-green 3/3 healthy, web-blue 3/3 healthy"),
        (Observation([OK, NO_DATA]), [], "web-slow in INSUFFICIENT_DATA"),
        (Observation(groups=[group(GREEN, 1, "healthy", "unhealthy", "draining")]), [GREEN], "no alarms, 1/2 healthy"),
        (Observation([OK], unread=["AWS refused."]), [], "alarms ok, AWS refused."),
    ],
)
def test_how_a_bake_stands(seen: Observation, candidate: list[str], said: str) -> None:
    assert standing(seen, candidate) == said


def split(**points: list[float]) -> Split:
    """The requests of each minute since the weights were written."""
    since = datetime(2026, 11, 28, 14, tzinfo=UTC)
    results: list[dict[str, Any]] = [
        {
            "Id": f"requests0_{place}",
            "Timestamps": [since + timedelta(minutes=minute) for minute in range(len(values))],
            "Values": values,
        }
        for place, values in enumerate(points.values())
    ]
    return Split.read(results, [BLUE, GREEN], since)


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (split(blue=[245, 90], green=[27, 11]), "27 of 272 requests/min"),
        (split(blue=[245], green=[27]), "requests not yet counted"),  # CloudWatch still adds to this minute
        (split(blue=[], green=[]), "requests not yet counted"),
        (None, "requests could not be read"),
    ],
)
def test_only_whole_minutes_are_counted(counted: Split | None, said: str) -> None:
    assert requests_message(counted, [GREEN]) == said


def test_the_last_words_of_a_bake() -> None:
    requests = "27 of 272 requests/min"
    assert message(Verdict("pass"), WELL, 30, [GREEN], requests) == f"{requests}, alarms ok, 3/3 healthy"
    approved = message(Verdict("pass"), WELL, 30, [GREEN], "approved by anna", requests)
    assert approved == f"approved by anna, {requests}, alarms ok, 3/3 healthy"
    doubt = message(Verdict("inconclusive", ["No data."]), Observation([NO_DATA]), 30, GREEN)
    assert doubt == "web-slow in INSUFFICIENT_DATA. No data."
    assert (
        message(Verdict("fail", ["It rings.", "It is slow."]), WELL, 30, [GREEN], requests) == "It rings. It is slow."
    )
    assert message(Verdict("pass"), Observation(), 30).startswith("nothing was watched for 30 s")
