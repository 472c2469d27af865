# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What autoscaling_capacity takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..base.leased import Leased


@dataclass(frozen=True, kw_only=True)
class CapacityOptions(Leased):
    group: str
    state: Literal["pinned", "released"] = "pinned"
    match: str | None = None
    match_pinned: bool = False
    run: str | None = None
    health_timeout: int | None = None
    wait_timeout: int = 300
