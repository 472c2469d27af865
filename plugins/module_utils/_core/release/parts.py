# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run is for: the parts of a release, or a playbook that has none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..base.works import DEPLOY

Part = Literal["provision", "verify", "swap", "teardown", "roll", "watch"]
WHOLE: Sequence[Part] = ("provision", "verify", "swap", "teardown")
AND = " and "
STAGE = re.compile(r" \d+/\d+: ")  # what a heartbeat adds, such as: deploy 3/5: shift green to 10 %


@dataclass(frozen=True)
class ReleaseParts:
    """The parts of a release that a run is for, or ``roll`` or ``watch`` alone; and what follows from them."""

    names: Sequence[Part]

    @classmethod
    def of_lease(cls, doing: str) -> ReleaseParts | None:
        """What a run is for, as its lease says it; None for one that releases nothing, such as a rollback."""
        words = STAGE.split(doing, maxsplit=1)[0]
        if words == DEPLOY:
            return cls(WHOLE)
        found = words.split(AND)
        if not set(found) <= {"provision", "verify", "swap"}:
            return None
        return cls(tuple(each for each in WHOLE if each in found))

    @property
    def doing(self) -> str:
        """As a lease says it."""
        return DEPLOY if tuple(self.names) == WHOLE else AND.join(self.names)

    @property
    def provisions(self) -> bool:
        return "provision" in self.names

    @property
    def verifies(self) -> bool:
        return "verify" in self.names

    @property
    def swaps(self) -> bool:
        return "swap" in self.names

    @property
    def removes(self) -> bool:
        return "teardown" in self.names

    @property
    def rolls(self) -> bool:
        return "roll" in self.names

    @property
    def builds(self) -> bool:
        """Whether instances are launched, so that an image is needed."""
        return self.provisions or self.rolls

    @property
    def releases(self) -> bool:
        """Whether it builds something or moves traffic, and does not only check or remove."""
        return self.builds or self.swaps

    @property
    def needs_candidate(self) -> bool:
        """Whether it builds a candidate, or does something with the one that is there."""
        return self.provisions or self.verifies or self.swaps
