# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the claims to a service's lease are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..._core.lease.claim import Claim


class Keeper(Protocol):
    def claims(self) -> list[Claim]:
        """All of them, also such that are over."""

    def take(self, claim: Claim) -> Claim | None:
        """Take the lease for a claim, unless another one has it or gets it: that one is returned."""

    def seize(self, claim: Claim) -> tuple[Claim, list[Claim]]:
        """Take the lease for a claim, whoever has it; the claim that has it now, and those that were there before."""

    def renew(self, claim: Claim) -> bool:
        """Write a claim again that holds the lease; False when it was taken since it was read."""

    def drop(self, claims: Sequence[Claim]) -> None:
        """Take claims away."""
