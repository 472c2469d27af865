# SPDX-License-Identifier: GPL-3.0-or-later
"""What a metric alarm makes of its data points, and the sentence in which it says so; no clock, no store.

Follows the CloudWatch user guide, "How alarm state is evaluated when data is missing" and "Avoiding premature
transitions to alarm state"; the unit tests hold the guide's two tables. Texts are those that CloudWatch writes.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from .metrics import Series

State = Literal["OK", "ALARM", "INSUFFICIENT_DATA"]
STATES: tuple[State, ...] = ("OK", "ALARM", "INSUFFICIENT_DATA")
TREATMENTS = ("breaching", "notBreaching", "ignore", "missing")

COMPARISONS: dict[str, tuple[Callable[[float, float], bool], str]] = {
    "GreaterThanThreshold": (operator.gt, "greater than"),
    "GreaterThanOrEqualToThreshold": (operator.ge, "greater than or equal to"),
    "LessThanThreshold": (operator.lt, "less than"),
    "LessThanOrEqualToThreshold": (operator.le, "less than or equal to"),
}

# CloudWatch reads more periods than it evaluates, so that old data can stand in for missing data. How many more it does
# not say; the guide's examples have two.
EXTRA_PERIODS = 2


@dataclass(frozen=True)
class Condition:
    """M (`datapoints_to_alarm`, if given) of N (`evaluation_periods`) data points must breach the threshold."""

    comparison: str
    threshold: float
    evaluation_periods: int
    datapoints_to_alarm: int | None = None
    treat_missing_data: str = "missing"

    @property
    def needed(self) -> int:
        return self.datapoints_to_alarm or self.evaluation_periods

    @property
    def evaluation_range(self) -> int:
        return self.evaluation_periods + EXTRA_PERIODS

    def breached_by(self, value: float) -> bool:
        return COMPARISONS[self.comparison][0](value, self.threshold)


@dataclass(frozen=True)
class Datapoint:
    timestamp: float
    value: float


@dataclass(frozen=True)
class Verdict:
    """The state, the data points that it rests on (oldest first), and how many missing ones had to be filled in."""

    state: State
    datapoints: tuple[Datapoint, ...] = ()
    filled: int = 0


def assess(condition: Condition, starts: tuple[float, ...], values: Series) -> Verdict | None:
    """The state that the periods of the evaluation range (oldest first) give; None keeps the state as it is."""
    real = tuple(Datapoint(start, v) for start, v in zip(starts, values, strict=True) if v is not None)
    evaluated = real[-condition.evaluation_periods :]
    filled = condition.evaluation_periods - len(evaluated)
    breaching = sum(condition.breached_by(point.value) for point in evaluated)
    if filled and condition.treat_missing_data == "breaching":
        breaching += filled
    elif filled and condition.treat_missing_data != "notBreaching" and breaching < condition.needed:
        return _assess_sparse(condition, values, evaluated, filled)
    return Verdict("ALARM" if breaching >= condition.needed else "OK", evaluated, filled)


def _assess_sparse(
    condition: Condition, values: Series, evaluated: tuple[Datapoint, ...], filled: int
) -> Verdict | None:
    """Too few data points, too few of them breaching, and missing ones stand for nothing ("missing", "ignore")."""
    if any(not condition.breached_by(point.value) for point in evaluated):
        return Verdict("OK", evaluated, filled)
    if condition.treat_missing_data == "ignore":
        return None
    # All data points breach. Once the oldest is as old as the number needed, the alarm does not wait for more.
    age_of_oldest = next((len(values) - i for i, value in enumerate(values) if value is not None), 0)
    return Verdict("ALARM" if age_of_oldest >= condition.needed else "INSUFFICIENT_DATA", evaluated, filled)


def reason(condition: Condition, verdict: Verdict) -> str:
    """StateReason."""
    if verdict.state == "INSUFFICIENT_DATA":
        return f"Insufficient Data: {_count(verdict.filled, 'datapoint')} {_was(verdict.filled)} unknown."
    alarm = verdict.state == "ALARM"
    filled = _filled_text(condition, verdict)
    decisive = [point for point in verdict.datapoints if condition.breached_by(point.value) == alarm]
    if not decisive:
        received = len(verdict.datapoints)
        text = f"{_count(received, 'datapoint') if received else 'no datapoints'} {_was(received)} received"
        return f"Threshold Crossed: {text} for {_count(condition.evaluation_periods, 'period')}{filled}."
    shown = ", ".join(f"{point.value} ({utc(point.timestamp):%d/%m/%y %H:%M:%S})" for point in reversed(decisive))
    relation = f"{'' if alarm else 'not '}{COMPARISONS[condition.comparison][1]} the threshold ({condition.threshold})"
    text = f"{_decisive_count(condition, len(decisive))} [{shown}] {_was(len(decisive))} {relation}"
    return f"Threshold Crossed: {text}{filled}{_minimum_text(condition, alarm)}."


def reason_data(verdict: Verdict, condition: Condition, period: int, statistic: str | None, now: float) -> str:
    """StateReasonData."""
    data: dict[str, Any] = {"version": "1.0", "queryDate": timestamp(now)}
    if verdict.datapoints:
        data["startDate"] = timestamp(verdict.datapoints[0].timestamp)
    if statistic:
        data["statistic"] = statistic
    data |= {
        "period": period,
        "recentDatapoints": [point.value for point in verdict.datapoints],
        "threshold": condition.threshold,
        "evaluatedDatapoints": [
            {"timestamp": timestamp(point.timestamp), "value": point.value} for point in reversed(verdict.datapoints)
        ],
    }
    return json.dumps(data, separators=(",", ":"))


def timestamp(seconds: float) -> str:
    """As in StateReasonData: 2026-11-23T06:40:00.000+0000."""
    return utc(seconds).strftime("%Y-%m-%dT%H:%M:%S.") + f"{int(seconds * 1000) % 1000:03}+0000"


def utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _decisive_count(condition: Condition, count: int) -> str:
    # CloudWatch says "out of the last" of alarms that set DatapointsToAlarm, even to the number of periods.
    if condition.datapoints_to_alarm:
        return f"{count} out of the last {condition.evaluation_periods} datapoints"
    return _count(count, "datapoint")


def _filled_text(condition: Condition, verdict: Verdict) -> str:
    treated = {"breaching": "Breaching", "notBreaching": "NonBreaching"}.get(condition.treat_missing_data)
    if not verdict.filled or not treated:
        return ""
    return f" and {_count(verdict.filled, 'missing datapoint')} {_was(verdict.filled)} treated as [{treated}]"


def _minimum_text(condition: Condition, alarm: bool) -> str:
    if not condition.datapoints_to_alarm:
        return ""
    if alarm:
        number, transition = condition.needed, "OK -> ALARM"
    else:
        number, transition = condition.evaluation_periods - condition.needed + 1, "ALARM -> OK"
    return f" (minimum {_count(number, 'datapoint')} for {transition} transition)"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
