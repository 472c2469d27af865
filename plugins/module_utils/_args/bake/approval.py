# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What approval takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

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
