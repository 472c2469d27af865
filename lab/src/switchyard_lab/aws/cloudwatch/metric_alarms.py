# SPDX-License-Identifier: GPL-3.0-or-later
"""Metric alarms: when their periods are evaluated, and over which data."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .alarm_book import Evidence, Judgement
from .alarms import COMPARISONS, TREATMENTS, Condition, assess, reason, reason_data
from .metric_queries import Query, QuerySet
from .metrics import MetricStore, Periods

# "For any period of one minute or longer, an alarm is evaluated every minute", and every 10 seconds below that.
MINUTE = 60
HIGH_RESOLUTION = (10, 20, 30)

# CloudWatch looks at a period some time after its end, when the metrics have arrived (queryDate in real StateReasonData
# lies 30 to 55 s behind it). Of this, the data plane's reports take up to a second that LAB_SPEED cannot shorten.
SETTLING_SECONDS = 30.0
SHORTEST_SETTLING_SECONDS = 1.5


class MetricAlarmJudge:
    """Judges each period once, when it is closed and its data has arrived."""

    children: tuple[str, ...] = ()

    def __init__(self, definition: Mapping[str, Any]) -> None:
        """ValueError where PutMetricAlarm would refuse the definition."""
        self._condition = _condition(definition)
        self._statistic = definition.get("Statistic") or definition.get("ExtendedStatistic")
        self._queries = QuerySet(_queries(definition))
        try:
            (watched,) = self._queries.returned
        except ValueError:
            raise ValueError("Exactly one element of the metrics list should return data.") from None
        self._watched: str = watched["Id"]
        self._period = self._queries.period(self._watched)
        if self._period % MINUTE and self._period not in HIGH_RESOLUTION:
            raise ValueError("Period must be 10, 20, 30 or a multiple of 60.")
        # Computed once over no data, for what is wrong with an expression or a statistic.
        self._queries.series(self._watched, MetricStore(), Periods(0, 1, 1))
        self._judged_until = -math.inf
        self.latest: float | None = None  # the newest value that was judged; scaling policies act on it

    def judge(self, evidence: Evidence) -> Judgement | None:
        periods = self._closed_periods(evidence)
        if periods.end <= self._judged_until:
            return None
        self._judged_until = periods.end
        values = self._queries.series(self._watched, evidence.store, periods)
        self.latest = next((value for value in reversed(values) if value is not None), None)
        verdict = assess(self._condition, periods.starts, values)
        if verdict is None:
            return None
        data = reason_data(verdict, self._condition, self._period, self._statistic, evidence.now)
        return Judgement(verdict.state, reason(self._condition, verdict), data)

    def _closed_periods(self, evidence: Evidence) -> Periods:
        """The evaluation range: as on AWS, a window of long periods moves on every minute."""
        settling = max(SETTLING_SECONDS, evidence.store.lag)
        settled = evidence.now - max(evidence.clock.real(settling), SHORTEST_SETTLING_SECONDS)
        step = evidence.clock.real(MINUTE if self._period >= MINUTE else min(HIGH_RESOLUTION))
        length = evidence.clock.real(self._period)
        return Periods.before(math.floor(settled / step) * step, length, self._condition.evaluation_range)


def _condition(definition: Mapping[str, Any]) -> Condition:
    for parameter in ("ComparisonOperator", "EvaluationPeriods", "Threshold"):
        if definition.get(parameter) is None:
            raise ValueError(f"The parameter {parameter} is required; the lab has no anomaly detection.")
    condition = Condition(
        definition["ComparisonOperator"],
        float(definition["Threshold"]),
        definition["EvaluationPeriods"],
        definition.get("DatapointsToAlarm"),
        definition.get("TreatMissingData", "missing"),
    )
    if condition.comparison not in COMPARISONS:
        raise ValueError(f"The lab does not know the comparison {condition.comparison}.")
    if condition.treat_missing_data not in TREATMENTS:
        raise ValueError(f"Option {condition.treat_missing_data} for parameter TreatMissingData is not supported.")
    if not 1 <= condition.needed <= condition.evaluation_periods:
        raise ValueError("DatapointsToAlarm must be between 1 and EvaluationPeriods.")
    return condition


def _queries(definition: Mapping[str, Any]) -> list[Query]:
    """The alarm's Metrics; of an alarm on a single metric, the one query that says the same."""
    if "Metrics" in definition:
        return list(definition["Metrics"])
    statistic = definition.get("Statistic") or definition.get("ExtendedStatistic")
    if not (statistic and definition.get("MetricName") and definition.get("Namespace") and definition.get("Period")):
        raise ValueError("An alarm needs Metrics, or a MetricName with Namespace, Period and a statistic.")
    metric = {key: definition[key] for key in ("Namespace", "MetricName", "Dimensions") if key in definition}
    stat = {"Metric": metric, "Period": definition["Period"], "Stat": statistic, "Unit": definition.get("Unit")}
    return [{"Id": "metric", "MetricStat": stat}]
