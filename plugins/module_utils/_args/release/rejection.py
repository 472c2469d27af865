# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What candidate_reject takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..base.leased import Leased
from ..base.options import Color, OfService, Routed


@dataclass(frozen=True, kw_only=True)
class RejectOptions(OfService, Routed, Leased, checks_lease="if_read"):
    stable: Color | None = None
    reason: str | None = None
    run: str | None = None
    stage: Mapping[str, Any] | None = None
    failed_candidate: Literal["auto", "keep", "remove"] = "keep"
