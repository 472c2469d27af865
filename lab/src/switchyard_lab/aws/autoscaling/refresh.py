# SPDX-License-Identifier: GPL-3.0-or-later
"""One instance refresh: what it was asked to do, and how far it has got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from .launch_source import Configuration
from .refresh_preferences import Preferences

ACTIVE = ("Pending", "InProgress", "Baking", "Cancelling", "RollbackInProgress")
FORWARD = ("Pending", "InProgress", "Baking")
ROLLING_BACK = "RollbackInProgress"


@dataclass
class Refresh:
    """``before`` are the members that it found; ``outdated`` those that it is to replace.

    ``held_until`` is when a checkpoint or the bake is over, and ``moved`` when something was replaced last.
    """

    group_name: str
    preferences: Preferences
    configuration: Configuration | None
    strategy: str
    before: frozenset[str]
    outdated: set[str]
    checkpoints: list[int]
    status: str = "Pending"
    reason: str | None = None
    percentage: int = 0
    to_update: int = 0
    held_until: float = 0.0
    moved: float = 0.0
    progress: tuple[int, ...] = ()
    blind: bool = False  # while an alarm has no data
    waits: bool = True  # when it is canceled, for what is being launched and terminated
    rollback: Mapping[str, Any] | None = None
    warm: Mapping[str, Any] | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    ended: datetime | None = None
    id: str = field(default_factory=lambda: str(uuid4()))

    @property
    def active(self) -> bool:
        return self.status in ACTIVE

    @property
    def forward(self) -> bool:
        """Whether what is launched now is what is desired."""
        return self.status in FORWARD

    def replaces(self, now: float) -> bool:
        """Whether it is active, and no checkpoint holds it."""
        return self.status in ("InProgress", ROLLING_BACK) and now >= self.held_until

    def end(self, status: str, reason: str | None = None) -> None:
        self.status, self.reason, self.ended = status, reason, datetime.now(UTC)

    def roll_back(self, reason: str, now: float) -> None:
        self.rollback = {
            "RollbackReason": reason,
            "RollbackStartTime": datetime.now(UTC),
            "PercentageCompleteOnRollback": self.percentage,
            "InstancesToUpdateOnRollback": self.to_update,
        }
        self.status, self.reason, self.blind = ROLLING_BACK, reason, False
        self.held_until, self.moved = 0.0, now

    def described(self) -> dict[str, Any]:
        desired = {} if self.configuration is None else {"DesiredConfiguration": self.configuration}
        rollback = {} if self.rollback is None else {"RollbackDetails": self.rollback}
        live = {"PercentageComplete": self.percentage, "InstancesToUpdate": self.to_update}
        pools = (
            {} if self.warm is None else {"ProgressDetails": {"LivePoolProgress": live, "WarmPoolProgress": self.warm}}
        )
        return {
            "InstanceRefreshId": self.id,
            "AutoScalingGroupName": self.group_name,
            "Strategy": self.strategy,
            "Status": self.status,
            "StatusReason": self.reason,
            "StartTime": self.started,
            "EndTime": self.ended,
            **live,
            **pools,
            "Preferences": self.preferences.described(),
            **desired,
            **rollback,
        }
