# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What environment_mark takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..base.leased import Leased


@dataclass(frozen=True, kw_only=True)
class MarkOptions(Leased, required_if=[("state", "present", ["value"])]):
    group: str
    mark: Literal["run", "rejected", "leaving"]
    value: str | None = None
    state: Literal["present", "absent"] = "present"
