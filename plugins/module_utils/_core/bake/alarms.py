# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch alarms, metric and composite, as they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

QUIET = "OK"
IN_ALARM = "ALARM"
NO_DATA = "INSUFFICIENT_DATA"
MISSING = "MISSING"  # ours, for an alarm that AWS does not return
# CloudWatch reads more periods than it evaluates, so that old data counts for longer: two more in the examples of "How
# alarm state is evaluated when data is missing" (user guide). Metrics of load balancers come a minute or two late.
EXTRA_PERIODS, LATE = 2, 120
KEEPING = ("ignore", "breaching")  # how to treat missing data, where that does not end an alarm
OF_A_COLOR = ("TargetGroup", "AutoScalingGroupName")  # dimensions that name a resource of one environment
# How an expression reads metrics that are not among the alarm's queries.
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
READS = re.compile(r"\b(?:SELECT\s|(?:SEARCH|INSIGHT_RULE_METRIC|DB_PERF_INSIGHTS|LAMBDA)\s*\()", re.IGNORECASE)


@dataclass(frozen=True)
class Alarm:
    """``updated`` is when the state was last set, as ISO 8601. ``about``: the target groups (the last part of their
    ARNs) and the Auto Scaling groups that its metrics are of. ``forgets_after``: seconds after which data does not
    matter to it any more; ``missing_data``: how it treats data that is missing."""

    name: str
    state: str
    reason: str
    updated: str | None
    about: frozenset[str] = field(default=frozenset(), repr=False)
    forgets_after: int = 0
    missing_data: str = "missing"

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Alarm:
        updated = item.get("StateUpdatedTimestamp")
        return cls(
            name=item["AlarmName"],
            state=item["StateValue"],
            reason=item.get("StateReason", ""),
            updated=updated.isoformat() if updated else None,
            about=frozenset(_resources(item)),
            forgets_after=_forgets_after(item),
            missing_data=item.get("TreatMissingData", "missing"),
        )

    def as_data(self) -> dict[str, str | None]:
        return {"name": self.name, "state": self.state, "reason": self.reason, "updated": self.updated}

    @property
    def in_alarm(self) -> bool:
        """Whether the alarm speaks against the release: it is in ALARM, or it cannot be watched."""
        return self.state not in (QUIET, NO_DATA)

    def only_about(self, resources: Iterable[str]) -> bool:
        """Whether it is about only these. What a composite alarm is about is not known."""
        return bool(self.about) and self.about <= set(resources)

    @property
    def needs_data(self) -> bool:
        """Whether it stays in ALARM until there is data that says otherwise."""
        return self.in_alarm and self.missing_data in KEEPING

    def __str__(self) -> str:
        standing = "cannot be watched" if self.state == MISSING else f"is in {self.state}"
        return f"Alarm {self.name} {standing}: {self.reason.rstrip('.') or 'no reason given'}."


def _resources(item: Mapping[str, Any]) -> list[str]:
    """A metric alarm has dimensions of its own, or queries that have them. Empty if a part of it names no color, or may
    read anything: then it is about everybody."""
    queries = item.get("Metrics") or [{"MetricStat": {"Metric": item}}]
    metrics = [query["MetricStat"]["Metric"] for query in queries if "MetricStat" in query]
    named = [
        [dimension["Value"] for dimension in metric.get("Dimensions", []) if dimension["Name"] in OF_A_COLOR]
        for metric in metrics
    ]
    if not all(named) or any(READS.search(query.get("Expression", "")) for query in queries):
        return []
    return list(chain.from_iterable(named))


def _forgets_after(item: Mapping[str, Any]) -> int:
    """What a composite alarm rests on is not known."""
    periods = [each.get("Period") or each.get("MetricStat", {}).get("Period") or 0 for each in item.get("Metrics", [])]
    period = max(item.get("Period") or 0, *periods, 0)
    return int(period * (item.get("EvaluationPeriods", 0) + EXTRA_PERIODS) + LATE) if period else 0


def quiet_after(alarms: Iterable[Alarm], resources: Collection[str]) -> int:
    """For how many seconds alarms that are only about these resources may be in ALARM for what was there before."""
    return max((alarm.forgets_after for alarm in alarms if alarm.only_about(resources)), default=0)


def in_order(names: Sequence[str], found: Iterable[Alarm]) -> list[Alarm]:
    """The named alarms, each once, including those that AWS does not return: composite alarms it hides from those who
    may not describe everything (DescribeAlarms in the API reference)."""
    known = {alarm.name: alarm for alarm in found}
    reason = (
        "there is no such alarm in this account and region, or it is a composite alarm and these credentials may not "
        "do cloudwatch:DescribeAlarms on every resource (*)"
    )
    return [known.get(name) or Alarm(name, MISSING, reason, None) for name in dict.fromkeys(names)]
