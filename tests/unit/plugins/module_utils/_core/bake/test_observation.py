# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime
from itertools import product

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.alarms import Alarm, in_order
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.observation import (
    GroupHealth,
    Observation,
    Verdict,
    judge,
    merge,
    news,
)

from ..targets.targets import target

ARN = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/web-green/0123456789abcdef"
CROSSED = "Threshold Crossed: 1 datapoint [31.2] was greater than the threshold (5.0)."


def alarm(state: str = "OK", name: str = "web-5xx", reason: str = CROSSED) -> Alarm:
    return Alarm(name, state, reason, None)


def group(healthy: int, minimum: int = 2, unhealthy: int = 0) -> GroupHealth:
    good = [target(f"i-{number}") for number in range(healthy)]
    bad = [target(f"i-bad{number}", "unhealthy", port=80, reason="Target.Timeout") for number in range(unhealthy)]
    return GroupHealth(ARN, minimum, [*good, *bad])


WELL = Observation([alarm()], [group(2)])
SHORT = Observation([alarm()], [group(1, unhealthy=1)])
RINGS = Observation([alarm("ALARM"), alarm(name="other")], [group(2)])
NO_DATA = Observation([alarm("INSUFFICIENT_DATA", reason="Unchecked: Initial alarm creation")], [group(2)])
MISSING = Observation(in_order(["gone"], []))
UNREAD = Observation(unread=["AWS refused reading alarms web-5xx: denied (DescribeAlarms: AccessDenied)."])


@pytest.mark.parametrize(
    ("before", "latest", "verdict", "said"),
    [
        pytest.param(None, Observation(), "pass", "", id="nothing is watched"),
        pytest.param(WELL, WELL, "pass", "", id="well"),
        pytest.param(SHORT, WELL, "pass", "", id="recovered"),
        pytest.param(WELL, RINGS, "fail", f"Alarm web-5xx is in ALARM: {CROSSED}", id="alarm"),
        pytest.param(None, RINGS, "fail", "web-5xx", id="alarm in the first look"),
        pytest.param(None, MISSING, "fail", "Alarm gone cannot be watched: there is no such alarm", id="no alarm"),
        pytest.param(UNREAD, UNREAD, "fail", "AccessDenied", id="unreadable twice"),
        pytest.param(WELL, UNREAD, "inconclusive", "AccessDenied", id="unreadable once"),
        pytest.param(None, UNREAD, "inconclusive", "AccessDenied", id="the only look is unreadable"),
        pytest.param(UNREAD, WELL, "pass", "", id="readable again"),
        pytest.param(
            WELL, Observation(withdrawn=["Its release was taken back."]), "fail", "taken back", id="withdrawn"
        ),
        pytest.param(
            None, Observation([alarm("NEW_STATE")]), "fail", "in NEW_STATE", id="a state that nobody knows fails closed"
        ),
        pytest.param(WELL, NO_DATA, "inconclusive", "in INSUFFICIENT_DATA: Unchecked", id="no data"),
        pytest.param(
            SHORT,
            SHORT,
            "fail",
            "Target group web-green has 1 healthy targets of at least 2: i-bad0:80 unhealthy (Target.Timeout).",
            id="short twice",
        ),
        pytest.param(WELL, SHORT, "inconclusive", "In the last look: Target group web-green", id="short once"),
        pytest.param(None, SHORT, "inconclusive", "In the last look: Target group web-green", id="the only look"),
        pytest.param(
            Observation(groups=[group(0)]), Observation(groups=[group(0)]), "fail", "no other target", id="empty group"
        ),
    ],
)
def test_verdicts(before: Observation | None, latest: Observation, verdict: str, said: str) -> None:
    found = judge(latest, before)
    assert found.verdict == verdict
    assert said in " ".join(found.reasons)
    assert bool(found.reasons) is (verdict != "pass")


@pytest.mark.parametrize(("worst", "other"), list(product([RINGS, MISSING], [WELL, SHORT, NO_DATA])))
def test_what_fails_outweighs_doubt(worst: Observation, other: Observation) -> None:
    assert judge(merge([other, worst]), None).verdict == "fail"


def test_a_failure_tells_only_what_failed() -> None:
    assert judge(merge([RINGS, NO_DATA]), None).reasons == [f"Alarm web-5xx is in ALARM: {CROSSED}"]


@pytest.mark.parametrize(
    ("before", "latest", "reported"),
    [
        (None, RINGS, []),
        (WELL, WELL, []),
        (WELL, Observation([alarm(reason="another")], [group(2)]), []),
        (RINGS, Observation([alarm(), alarm(name="other")], [group(2)]), [f"Alarm web-5xx is in OK: {CROSSED}"]),
        (WELL, SHORT, [str(SHORT.groups[0])]),
    ],
)
def test_news_are_changes_of_state(before: Observation | None, latest: Observation, reported: list[str]) -> None:
    assert news(latest, before) == reported


def test_alarms_are_in_the_order_asked_and_each_once() -> None:
    found = [alarm(name="b"), alarm(name="a")]
    assert [(each.name, each.state) for each in in_order(["a", "gone", "b", "a"], found)] == [
        ("a", "OK"),
        ("gone", "MISSING"),
        ("b", "OK"),
    ]


def test_an_alarm_is_read_as_aws_returns_it() -> None:
    item = {
        "AlarmName": "web-5xx",
        "StateValue": "ALARM",
        "StateReason": CROSSED,
        "StateUpdatedTimestamp": datetime(2026, 1, 6, 12, tzinfo=UTC),
    }
    assert Alarm.read(item) == Alarm("web-5xx", "ALARM", CROSSED, "2026-01-06T12:00:00+00:00")


def test_a_throttle_is_a_doubt_however_often_it_comes() -> None:
    throttled = Observation(throttled=["Rate exceeded."])
    assert judge(throttled, throttled) == Verdict("inconclusive", ["Rate exceeded."])
    assert news(throttled, WELL) == ["Rate exceeded."]
    assert news(throttled, throttled) == []
