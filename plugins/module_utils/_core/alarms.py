# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""CloudWatch alarms, metric and composite, as they stand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

QUIET = "OK"
RINGING = "ALARM"
NO_DATA = "INSUFFICIENT_DATA"
MISSING = "MISSING"  # ours, for an alarm that AWS does not tell of


@dataclass(frozen=True)
class Alarm:
    """``updated`` is when the state was last set, as ISO 8601."""

    name: str
    state: str
    reason: str
    updated: str | None

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Alarm:
        updated = item.get("StateUpdatedTimestamp")
        return cls(
            name=item["AlarmName"],
            state=item["StateValue"],
            reason=item.get("StateReason", ""),
            updated=updated.isoformat() if updated else None,
        )

    def __str__(self) -> str:
        standing = "cannot be watched" if self.state == MISSING else f"is in {self.state}"
        return f"Alarm {self.name} {standing}: {self.reason.rstrip('.') or 'no reason given'}."


def in_order(names: Sequence[str], found: Iterable[Alarm]) -> list[Alarm]:
    """The named alarms, each once, also those that AWS does not tell of.

    It tells of composite alarms only to those who may describe every alarm (DescribeAlarms in the API reference).
    """
    known = {alarm.name: alarm for alarm in found}
    reason = "there is no such alarm in this account and region, or these credentials may not read it"
    return [known.get(name) or Alarm(name, MISSING, reason, None) for name in dict.fromkeys(names)]
