# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What settle takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.leased import Leased
from ..base.options import Color, OfService


@dataclass(frozen=True, kw_only=True)
class SettleOptions(OfService, Leased):
    groups: Mapping[str, Any]
    stable: Color
    routes: Sequence[Any] = ()
    retain_seconds: int | None = None
    release_pin: bool = False
    run: str | None = None
    override: Any = None
    release: str | None = None
