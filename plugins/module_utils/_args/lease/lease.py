# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What lease takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from ..._core.lease.claim import SECONDS
from ..._core.notify import notices
from ..._core.notify.notice import Notice
from ..._core.release.bring_up import ROLL
from ..._core.safety.schedules import RETURN_AFTER
from ..base.leased import Claimant
from ..base.notifying import Notifying
from ..base.options import OfService


@dataclass(frozen=True, kw_only=True)
class TakeOptions(OfService, Claimant, Notifying, required_if=[("state", "held", ["doing"])]):
    routes: Sequence[Any] = ()
    run: str
    state: Literal["held", "released"] = "held"
    seconds: int = SECONDS
    expected: Mapping[str, Any] | None = None
    plan: Mapping[str, Any] | None = None
    return_role: str | None = None
    return_after: int = RETURN_AFTER
    override: Any = None

    def notice(self, result: Mapping[str, Any]) -> Notice | None:
        if self.state == "released" or not result["changed"] or self._ends_a_lease_only:
            return None
        return notices.started(self.service, result["lease"]["claim"], self.plan)

    @property
    def _ends_a_lease_only(self) -> bool:
        """Whether the run has nothing to do, and takes the lease to end that of a run that died."""
        return self.plan is not None and not self.plan["stages"] and self.plan["brings_up"] != ROLL
