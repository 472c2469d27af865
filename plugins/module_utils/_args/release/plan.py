# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What plan and outcome take: how a run begins and how it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..._core.notify import notices
from ..._core.notify.notice import Notice
from ..._core.release.parts import WHOLE, Part
from ..base.leased import LeaseOptions
from ..base.notifying import Notifying
from ..base.options import option
from ..definition.service import Said

Failing = Literal["refused", "rolled_back", "halted"]


@dataclass(frozen=True, kw_only=True)
class PlanOptions(Said):
    """``doubts``: findings that prevent a release and no return of the traffic."""

    stages: Sequence[Part] = WHOLE
    doubts: Sequence[str] = ()
    user_data: str = option("", no_log=True)
    services: int = 1
    forks: int | None = None
    begins_after: float = 0.0
    strategy: str | None = None
    others: Sequence[str] = ()
    failed: Sequence[str] = ()
    max_failed: int | None = None
    run: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutcomeOptions(
    Notifying,
    required_one_of=[("plan", "refused", "ended")],
    required_by={"refused": ["service"], "ended": ["service"]},
):
    service: str | None = None
    plan: Mapping[str, Any] | None = None
    failure: Mapping[str, Any] | None = None
    returned: bool = False
    returned_at: float | None = None
    paused: str | None = None
    refused: str | None = None
    begun: bool = False
    overtaken: bool = False
    asked: Mapping[str, Any] | None = None
    fail_on: Sequence[Failing] = ("refused", "rolled_back", "halted")
    by: str = ""
    ended: Mapping[str, Any] | None = None
    data: Mapping[str, Any] | None = None
    later: Sequence[str] = ()
    lease: LeaseOptions | None = None
    poll_seconds: float = 0.0  # is handed to all modules of the group leased; this one does not wait

    def notice(self, result: Mapping[str, Any]) -> Notice | None:
        """A run without a lease is described by its plan, or by what was asked for."""
        asked = self.plan or self.asked or {}
        return notices.ended(result, self.lease.claim if self.lease else {"by": self.by, **asked})
