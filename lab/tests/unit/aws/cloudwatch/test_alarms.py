# SPDX-License-Identifier: GPL-3.0-or-later
"""The evaluator of metric alarms against the tables of the CloudWatch user guide."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchyard_lab.aws.cloudwatch.alarms import TREATMENTS, Condition, Datapoint, Verdict, assess, reason, reason_data

BREACHING, GOOD = 9.0, 1.0
# Monday 23 November 2026, 06:40:00 UTC.
AT = 1795416000.0


def condition(needed: int | None = None, periods: int = 3, treat: str = "missing") -> Condition:
    return Condition("GreaterThanThreshold", 5.0, periods, needed, treat)


def state(drawing: str, of: Condition) -> str:
    """The state that a drawing of the guide gives: 0 is a good data point, X a breaching one, - a missing one."""
    values = tuple({"0": GOOD, "X": BREACHING, "-": None}[mark] for mark in drawing.split())
    verdict = assess(of, tuple(AT + 60 * i for i in range(len(values))), values)
    return verdict.state if verdict else "retained"


# "How alarm state is evaluated when data is missing": missing, ignore, breaching, notBreaching.
THREE_OF_THREE = {
    "0 - X - X": ("OK", "OK", "OK", "OK"),
    "0 - - - -": ("OK", "OK", "OK", "OK"),
    "- - - - -": ("INSUFFICIENT_DATA", "retained", "ALARM", "OK"),
    "0 X X - X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "- - X - -": ("ALARM", "retained", "ALARM", "OK"),
    # From an earlier edition of the guide, and from "Avoiding premature transitions to alarm state".
    "- - - - X": ("INSUFFICIENT_DATA", "retained", "ALARM", "OK"),
    "X - - - -": ("ALARM", "retained", "ALARM", "OK"),
    "- - - X 0": ("OK", "OK", "OK", "OK"),
}
TWO_OF_THREE = {
    "0 - X - X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "0 0 X 0 X": ("ALARM", "ALARM", "ALARM", "ALARM"),
    "0 - X - -": ("OK", "OK", "ALARM", "OK"),
    "- - - - 0": ("OK", "OK", "ALARM", "OK"),
    "- - - X -": ("ALARM", "retained", "ALARM", "OK"),
}
COLUMNS = ("missing", "ignore", "breaching", "notBreaching")


@pytest.mark.parametrize("drawing", THREE_OF_THREE)
def test_three_of_three(drawing: str) -> None:
    assert tuple(state(drawing, condition(3, treat=treat)) for treat in COLUMNS) == THREE_OF_THREE[drawing]


@pytest.mark.parametrize("drawing", TWO_OF_THREE)
def test_two_of_three(drawing: str) -> None:
    assert tuple(state(drawing, condition(2, treat=treat)) for treat in COLUMNS) == TWO_OF_THREE[drawing]


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("- - 0", "OK"),
        ("- - X", "ALARM"),
        # CloudWatch continues with the last data point for as long as the evaluation range holds it.
        ("- X -", "ALARM"),
        ("X - -", "ALARM"),
        ("X - 0", "OK"),
        ("- - -", "INSUFFICIENT_DATA"),
    ],
)
def test_one_of_one(drawing: str, expected: str) -> None:
    assert state(drawing, condition(1, periods=1)) == expected


@pytest.mark.parametrize(
    ("comparison", "states"),
    [
        ("GreaterThanThreshold", ("OK", "OK", "ALARM")),
        ("GreaterThanOrEqualToThreshold", ("OK", "ALARM", "ALARM")),
        ("LessThanThreshold", ("ALARM", "OK", "OK")),
        ("LessThanOrEqualToThreshold", ("ALARM", "ALARM", "OK")),
    ],
)
def test_comparisons(comparison: str, states: tuple[str, ...]) -> None:
    verdicts = [assess(Condition(comparison, 5.0, 1), (AT,), (value,)) for value in (4.0, 5.0, 6.0)]
    assert tuple(verdict.state for verdict in verdicts if verdict) == states


@given(
    periods=st.integers(1, 5),
    needed=st.integers(1, 5),
    marks=st.lists(st.sampled_from("0X"), min_size=7, max_size=7),
)
def test_with_all_data_the_treatment_of_missing_data_does_not_matter(
    periods: int, needed: int, marks: list[str]
) -> None:
    marks = marks[: periods + 2]
    needed = min(needed, periods)
    expected = "ALARM" if marks[-periods:].count("X") >= needed else "OK"
    assert {state(" ".join(marks), condition(needed, periods, treat)) for treat in TREATMENTS} == {expected}


@given(marks=st.lists(st.sampled_from("0X-"), min_size=5, max_size=5), needed=st.integers(1, 3))
def test_treating_missing_data_as_breaching_never_alarms_less(marks: list[str], needed: int) -> None:
    drawing = " ".join(marks)
    if state(drawing, condition(needed, treat="notBreaching")) == "ALARM":
        assert state(drawing, condition(needed, treat="missing")) == "ALARM"
    if state(drawing, condition(needed, treat="missing")) == "ALARM":
        assert state(drawing, condition(needed, treat="breaching")) == "ALARM"


def points(*values: float) -> tuple[Datapoint, ...]:
    return tuple(Datapoint(AT + 60 * i, value) for i, value in enumerate(values))


@pytest.mark.parametrize(
    ("of", "verdict", "text"),
    [
        (
            condition(1, 1),
            Verdict("ALARM", points(30.5)),
            "Threshold Crossed: 1 out of the last 1 datapoints [30.5 (23/11/26 06:40:00)] was greater than the"
            " threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).",
        ),
        (
            condition(2, 3),
            Verdict("ALARM", points(9.0, 1.0, 8.0)),
            "Threshold Crossed: 2 out of the last 3 datapoints [8.0 (23/11/26 06:42:00), 9.0 (23/11/26 06:40:00)] were"
            " greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).",
        ),
        (
            condition(2, 3),
            Verdict("OK", points(9.0, 1.0, 2.0)),
            "Threshold Crossed: 2 out of the last 3 datapoints [2.0 (23/11/26 06:42:00), 1.0 (23/11/26 06:41:00)] were"
            " not greater than the threshold (5.0) (minimum 2 datapoints for ALARM -> OK transition).",
        ),
        (
            condition(None, 1),
            Verdict("OK", points(1.0)),
            "Threshold Crossed: 1 datapoint [1.0 (23/11/26 06:40:00)] was not greater than the threshold (5.0).",
        ),
        (
            condition(1, 20, "notBreaching"),
            Verdict("ALARM", points(613.0), filled=19),
            "Threshold Crossed: 1 out of the last 20 datapoints [613.0 (23/11/26 06:40:00)] was greater than the"
            " threshold (5.0) and 19 missing datapoints were treated as [NonBreaching]"
            " (minimum 1 datapoint for OK -> ALARM transition).",
        ),
        (
            condition(None, 1, "breaching"),
            Verdict("ALARM", (), filled=1),
            "Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as"
            " [Breaching].",
        ),
        (
            condition(None, 2, "notBreaching"),
            Verdict("OK", (), filled=2),
            "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as"
            " [NonBreaching].",
        ),
        (
            condition(2, 3, "breaching"),
            Verdict("ALARM", points(1.0), filled=2),
            "Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as"
            " [Breaching].",
        ),
        (condition(), Verdict("INSUFFICIENT_DATA", (), filled=1), "Insufficient Data: 1 datapoint was unknown."),
        (condition(), Verdict("INSUFFICIENT_DATA", (), filled=3), "Insufficient Data: 3 datapoints were unknown."),
    ],
)
def test_reason_reads_as_cloudwatch_writes_it(of: Condition, verdict: Verdict, text: str) -> None:
    assert reason(of, verdict) == text


def test_reason_data() -> None:
    data = json.loads(reason_data(Verdict("ALARM", points(7.0, 8.5)), condition(2, 2), 60, "Sum", AT + 150.25))
    assert data == {
        "version": "1.0",
        "queryDate": "2026-11-23T06:42:30.250+0000",
        "startDate": "2026-11-23T06:40:00.000+0000",
        "statistic": "Sum",
        "period": 60,
        "recentDatapoints": [7.0, 8.5],
        "threshold": 5.0,
        "evaluatedDatapoints": [
            {"timestamp": "2026-11-23T06:41:00.000+0000", "value": 8.5},
            {"timestamp": "2026-11-23T06:40:00.000+0000", "value": 7.0},
        ],
    }


def test_reason_data_without_data() -> None:
    data = json.loads(reason_data(Verdict("ALARM", (), filled=1), condition(1, 1), 60, None, AT))
    assert "startDate" not in data
    assert "statistic" not in data
    assert data["recentDatapoints"] == []
