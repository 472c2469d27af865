# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What history_info takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..base.options import OfService

End = Literal[
    "succeeded",
    "rolled_back",
    "halted",
    "paused",
    "refused",
    "unchanged",
    "provisioned",
    "verified",
    "unended",
]


@dataclass(frozen=True, kw_only=True)
class HistoryOptions(OfService):
    store: str | None = None
    run: str | None = None
    end_states: Sequence[End] = ()
    since: str | None = None
    image: str | None = None
    limit: int = 20
    series: bool = False
