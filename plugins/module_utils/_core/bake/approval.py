# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Approvals: a candidate waits at a weight until a person approves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..base.errors import BluegreenError
from ..base.tags import APPROVAL
from ..base.timestamps import aware


@dataclass(frozen=True)
class Approval:
    """``by`` is None while it is requested; nobody waits for it after ``until``.

    It is one tag of the candidate's group, so that one write both asks and forgets what was answered before, and that
    it ends with the candidate.
    """

    weight: int
    until: datetime
    by: str | None = None

    @classmethod
    def read(cls, tags: Mapping[str, str]) -> Approval | None:
        weight, _space, rest = tags.get(APPROVAL, "").partition(" ")
        until, _space, by = rest.partition(" ")
        try:
            return cls(int(weight), aware(until), by or None)
        except ValueError:  # there is none, or a person wrote it: nothing that anybody waits for
            return None

    def tag(self) -> dict[str, str]:
        return {APPROVAL: " ".join(filter(None, [str(self.weight), self.until.isoformat(), self.by]))}

    def given(self, group: str, by: str, now: datetime) -> Approval:
        if self.by:
            return self
        if now >= self.until:
            raise BluegreenError(
                f"{group} waited for approval at {self.weight} % until {self.until.isoformat()}, and no longer does. "
                "Run its release again: it asks again."
            )
        return replace(self, by=by)

    def as_data(self) -> dict[str, Any]:
        return {"weight": self.weight, "until": self.until.isoformat(), "by": self.by}
