# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Marks on an environment's Auto Scaling group: the run that acts on it, that it was rejected, that it is leaving."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from ..base.errors import BluegreenError
from ..base.tag_text import LONGEST_VALUE, decoded, shortened
from ..base.tags import LEAVING, REJECTED, RUN
from ..base.timestamps import aware

HOOK = "hook"  # a reason to leave that begins so: a hook has begun, which may change what the environment needs
KEYS = {"run": RUN, "rejected": REJECTED, "leaving": LEAVING}


@dataclass(frozen=True)
class Remark:
    """``at`` is None where a person wrote the tag by hand and without a time."""

    reason: str
    at: datetime | None = None

    @classmethod
    def read(cls, value: str | None) -> Remark | None:
        if value is None:
            return None
        first, _space, rest = value.partition(" ")
        with suppress(ValueError):
            return cls(decoded(rest), aware(first))
        return cls(decoded(value))

    def as_data(self) -> dict[str, str | None]:
        return {"at": self.at.isoformat() if self.at else None, "reason": self.reason}


@dataclass(frozen=True)
class Marks:
    """``run`` is the id of the run that acts on the group."""

    run: str | None = None
    rejected: Remark | None = None
    leaving: Remark | None = None

    @classmethod
    def read(cls, tags: Mapping[str, str]) -> Marks:
        return cls(tags.get(RUN), Remark.read(tags.get(REJECTED)), Remark.read(tags.get(LEAVING)))

    def as_data(self) -> dict[str, object]:
        return {
            "run": self.run,
            "rejected": self.rejected.as_data() if self.rejected else None,
            "leaving": self.leaving.as_data() if self.leaving else None,
        }


def tag_for(mark: str, value: str, now: datetime) -> dict[str, str]:
    """The tag of a mark. A reason that is too long for a tag is cut."""
    if not value.strip():
        raise BluegreenError(f"A mark {mark} needs a value: an id for run, a reason for rejected and leaving.")
    begin = "" if mark == "run" else f"{now.isoformat()} "
    return {KEYS[mark]: begin + shortened(value.strip(), LONGEST_VALUE - len(begin))}
