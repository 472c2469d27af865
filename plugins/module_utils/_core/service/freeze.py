# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A freeze: nothing is to be released, for a stated reason, until its end or until somebody lifts it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.errors import BluegreenError
from ..base.tag_text import LONGEST_VALUE, decoded, encoded
from ..base.tags import FROZEN, FROZEN_BY, FROZEN_UNTIL
from ..base.timestamps import NO_END, aware, to_the_minute


@dataclass(frozen=True)
class Freeze:
    """``until`` is None for one that somebody has to lift; ``by`` says who that may be."""

    reason: str
    by: str = ""
    until: datetime | None = None

    @classmethod
    def read(cls, tags: Mapping[str, str]) -> Freeze | None:
        """A malformed end, as a person may have written by hand, counts as no end: better frozen than not."""
        if FROZEN not in tags:
            return None
        until = None
        with suppress(ValueError):
            until = aware(tags.get(FROZEN_UNTIL, ""))
        return cls(decoded(tags[FROZEN]), decoded(tags.get(FROZEN_BY, "")), until)

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Freeze:
        """The freeze in what module service_info returns."""
        return cls(data["reason"], data["by"] or "", aware(data["until"]) if data["until"] else None)

    def holds(self, now: datetime) -> bool:
        return self.until is None or now < self.until

    def tags(self) -> dict[str, str]:
        written = {FROZEN: encoded(self.reason), FROZEN_BY: encoded(self.by)}
        written[FROZEN_UNTIL] = self.until.isoformat() if self.until else ""
        return {key: value for key, value in written.items() if value}

    def as_data(self) -> dict[str, Any]:
        return {"reason": self.reason, "by": self.by or None, "until": self.until.isoformat() if self.until else None}

    def __str__(self) -> str:
        by = f" by {self.by}" if self.by else ""
        until = f" until {to_the_minute(self.until)}" if self.until else ""
        return f"frozen{by}{until}: {self.reason.rstrip('.')}"


def find_freeze(tags: Iterable[Mapping[str, str]]) -> Freeze | None:
    """The freeze in the tags of a service's target groups, None without one. One target group that says so is
    enough. Of several, the one that lasts longest: one that is over may have left its tags on another group."""
    found = [freeze for each in tags if (freeze := Freeze.read(each))]
    return max(found, key=lambda freeze: freeze.until or NO_END, default=None)


def parse_freeze(reason: str | None, by: str | None, until: str | None, now: datetime) -> Freeze:
    """As a person gives it, or an error that states what is wrong with it."""
    freeze = Freeze((reason or "").strip(), (by or "").strip())
    if not freeze.reason:
        raise BluegreenError("A freeze needs a reason, which those read whose release is refused.")
    for key, value in freeze.tags().items():
        if len(value) > LONGEST_VALUE:
            raise BluegreenError(
                f"{key} is too long: a tag holds {LONGEST_VALUE} characters, and each that AWS does not allow in tags "
                f"takes three or more of them; this takes {len(value)}: {value}"
            )
    if not until:
        return freeze
    try:
        end = aware(until)
    except ValueError as error:
        raise BluegreenError(
            f"until is a moment with its offset from UTC, such as 2026-12-27T06:00:00+01:00; given: {until}."
        ) from error
    if end <= now:
        raise BluegreenError(f"The freeze would be over already: until is {until}, and now it is {now.isoformat()}.")
    return Freeze(freeze.reason, freeze.by, end)
