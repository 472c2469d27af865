# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What service_info takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..base.leased import BeforeHook
from ..base.options import Color, OfService, Routed


@dataclass(frozen=True, kw_only=True)
class InfoOptions(OfService, Routed, BeforeHook):
    """``stable`` is what a user sets for a service whose tags were lost."""

    gather: Sequence[Literal["routes", "health", "groups"]] = ("routes", "health", "groups")
    as_found: bool = False
    store: str | None = None
    stable: Color | None = None
