# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What freeze takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..._core.notify import notices
from ..._core.notify.notice import Notice
from ..base.notifying import Notifying
from ..base.options import OfService


@dataclass(frozen=True, kw_only=True)
class FreezeOptions(OfService, Notifying, required_if=[("state", "present", ["reason"])]):
    state: Literal["present", "absent"] = "present"
    reason: str | None = None
    by: str | None = None
    until: str | None = None

    def notice(self, result: Mapping[str, Any]) -> Notice | None:
        return notices.frozen(self.service, result["frozen"]) if result["changed"] else None
