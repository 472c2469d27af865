# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What traffic_return takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from ..base.leased import BeforeHook, Claimant
from ..base.options import Color, OfService, Routed


@dataclass(frozen=True, kw_only=True)
class ReturnOptions(OfService, Routed, BeforeHook, Claimant, checks_lease="if_read"):
    title: ClassVar[str] = "return the traffic"
    headroom_percent: int = 0
    wait_timeout: int = 300
    stable: Color | None = None
    run: str | None = None
    previous: bool = False
    only_image: str | None = None
    spare_others: bool = False
    deploy_command: str = ""
    override: Any = None
    return_role: str | None = None
