# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What traffic_check takes."""

from __future__ import annotations

from dataclasses import dataclass

from ..base.leased import Leased
from ..base.options import Color, OfService, Routed


@dataclass(frozen=True, kw_only=True)
class IdleOptions(OfService, Routed, Leased, checks_lease="later"):
    color: Color
    test_route: str | None = None
    quiet_seconds: int = 180
    ttl_margin_seconds: int = 60
    wait_timeout: int = 900
