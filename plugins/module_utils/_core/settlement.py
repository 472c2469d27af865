# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which color is declared stable, and until when each group is retained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .service import Color, other


@dataclass(frozen=True)
class Settlement:
    """``stable`` is empty before anything was declared, or when the target groups disagree."""

    stable: Color
    retain_until: Mapping[Color, datetime | None]

    def settled(self, stable: Color, deadline: datetime | None) -> Settlement:
        """Once ``stable`` is declared: it is not retained, the other is, up to the deadline it has or gets now."""
        old = other(stable)
        return replace(self, stable=stable, retain_until={stable: None, old: self.retain_until[old] or deadline})

    def shown(self) -> dict[str, object]:
        deadlines = {color: until.isoformat() if until else None for color, until in self.retain_until.items()}
        return {"stable": self.stable or None, "retain_until": deadlines}
