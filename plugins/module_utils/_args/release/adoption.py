# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What adoption_info takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..base.options import OfService, Routed
from ..traffic.test_route import RouteToTest


@dataclass(frozen=True, kw_only=True)
class AdoptionOptions(OfService, Routed):
    group: str | None = None
    test_route: RouteToTest | None = None
    stickiness_seconds: int | None = None
    known: Sequence[str] = ()
