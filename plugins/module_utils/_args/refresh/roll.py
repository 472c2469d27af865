# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What instance_refresh takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from ..._core.refresh.preferences import Preferences
from ..base.leased import BeforeHook, Claimant, When


@dataclass(frozen=True, kw_only=True)
class RefreshOptions(
    Preferences,
    BeforeHook,
    Claimant,
    required_if=[("state", "present", ["service", "image_id"]), ("state", "rolled_back", ["service"])],
):
    title: ClassVar[str] = "return to the previous image in place"
    state: Literal["present", "canceled", "rolled_back"] = "present"
    group: str
    service: str | None = None
    image_id: str | None = None
    release: str | None = None
    id: str | None = None
    until_percentage: int | None = None
    wait: bool = True
    wait_timeout: int = 3600
    target_groups: Sequence[str] = ()

    @property
    def checks_lease(self) -> When:
        """Users are in trouble where a roll is taken back."""
        return "if_read" if self.state == "rolled_back" else super().checks_lease
