# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What approval takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..._core.notify import notices
from ..._core.notify.notice import Notice
from ..base.leased import Leased
from ..base.notifying import Notifying


@dataclass(frozen=True, kw_only=True)
class ApprovalOptions(Leased, Notifying, required_if=[("state", "asked", ["weight", "seconds"])]):
    group: str
    state: Literal["asked", "given", "absent"] = "given"
    weight: int | None = None
    seconds: int | None = None
    by: str = "somebody"
    store: str | None = None

    def notice(self, result: Mapping[str, Any]) -> Notice | None:
        if result["approval"] is None or not result["changed"]:
            return None
        service, release = result["service"] or self.group, result["release"] or self.group
        notice = notices.approved if self.state == "given" else notices.waiting
        return notice(service, release, result["approval"], self.lease.claim if self.lease else {})
