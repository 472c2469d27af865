# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch alarms, metric and composite, as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

QUIET = "OK"
RINGING = "ALARM"
NO_DATA = "INSUFFICIENT_DATA"
MISSING = "MISSING"  # ours, for an alarm that AWS does not return
OF_A_COLOR = ("TargetGroup", "AutoScalingGroupName")  # dimensions that name a resource of one environment


@dataclass(frozen=True)
class Alarm:
    """``updated`` is when the state was last set, as ISO 8601. ``about``: the target groups (the last part of their
    ARNs) and the Auto Scaling groups that its metrics are of."""

    name: str
    state: str
    reason: str
    updated: str | None
    about: frozenset[str] = field(default=frozenset(), repr=False)

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Alarm:
        updated = item.get("StateUpdatedTimestamp")
        return cls(
            name=item["AlarmName"],
            state=item["StateValue"],
            reason=item.get("StateReason", ""),
            updated=updated.isoformat() if updated else None,
            about=frozenset(_resources(item)),
        )

    def as_data(self) -> dict[str, str | None]:
        return {"name": self.name, "state": self.state, "reason": self.reason, "updated": self.updated}

    @property
    def rings(self) -> bool:
        """Also when it cannot be watched."""
        return self.state not in (QUIET, NO_DATA)

    def only_about(self, resources: Iterable[str]) -> bool:
        """Whether it is about only these. What a composite alarm is about is not known."""
        return bool(self.about) and self.about <= set(resources)

    def __str__(self) -> str:
        standing = "cannot be watched" if self.state == MISSING else f"is in {self.state}"
        return f"Alarm {self.name} {standing}: {self.reason.rstrip('.') or 'no reason given'}."


def _resources(item: Mapping[str, Any]) -> list[str]:
    """A metric alarm has dimensions of its own, or queries that have them."""
    queries = [each.get("MetricStat", {}).get("Metric", {}) for each in item.get("Metrics", [])]
    dimensions = [dimension for metric in [item, *queries] for dimension in metric.get("Dimensions", [])]
    return [dimension["Value"] for dimension in dimensions if dimension["Name"] in OF_A_COLOR]


def in_order(names: Sequence[str], found: Iterable[Alarm]) -> list[Alarm]:
    """The named alarms, each once, including those that AWS does not return: composite alarms it hides from those who
    may not describe everything (DescribeAlarms in the API reference)."""
    known = {alarm.name: alarm for alarm in found}
    reason = (
        "there is no such alarm in this account and region, or it is a composite alarm and these credentials may not "
        "do cloudwatch:DescribeAlarms on every resource (*)"
    )
    return [known.get(name) or Alarm(name, MISSING, reason, None) for name in dict.fromkeys(names)]
