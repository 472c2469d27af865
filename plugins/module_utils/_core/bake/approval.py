# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Approvals: a candidate waits at a weight until a person approves it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from ..base.durations import elapsed
from ..base.errors import BluegreenError
from ..base.tag_text import as_word, decoded
from ..base.tags import APPROVAL
from ..base.timestamps import aware, to_the_minute
from ..lease.contest import Holder

LONGEST_RUN = 128  # characters, as of the key of a tag, which its lease has it in
NO_RUN = "-"


@dataclass(frozen=True)
class Approval:
    """``by`` is None while it is requested; nobody waits for it after ``until``. ``run`` is the one that asks, if it
    has a lease.

    It is one tag of the candidate's group, so that one write both asks and forgets what was answered before, and that
    it ends with the candidate.
    """

    weight: int
    until: datetime
    by: str | None = None
    run: str | None = None

    @classmethod
    def read(cls, tags: Mapping[str, str]) -> Approval | None:
        weight, _space, rest = tags.get(APPROVAL, "").partition(" ")
        until, _space, rest = rest.partition(" ")
        run, _space, by = rest.partition(" ")
        try:
            return cls(int(weight), aware(until), by or None, None if run in ("", NO_RUN) else decoded(run))
        except ValueError:  # there is none, or a person wrote it: nothing that anybody waits for
            return None

    def tag(self) -> dict[str, str]:
        """A space would end the run."""
        run = as_word(self.run, LONGEST_RUN) if self.run else NO_RUN
        return {APPROVAL: " ".join(filter(None, [str(self.weight), self.until.isoformat(), run, self.by]))}

    def given(self, group: str, by: str, now: datetime) -> Approval:
        if self.by:
            return self
        if now >= self.until:
            raise BluegreenError(
                f"{group} waited for approval at {self.weight} % until {to_the_minute(self.until)}, and no longer "
                "does. Run its release again: it asks again."
            )
        return replace(self, by=by)

    def waits(self, holder: Holder | None) -> bool:
        """Whether the run that asks has the lease, so that it still waits."""
        return holder is not None and holder.alive and holder.claim.run == self.run

    def awaited(self, holder: Holder | None, now: datetime) -> bool:
        """Whether anybody waits for it, as far as is known: nobody knows who has the lease where none was found."""
        return now < self.until and (self.run is None or holder is None or self.waits(holder))

    def gone(self, group: str, service: str, holders: Sequence[Holder | None], now: datetime) -> BluegreenError:
        """The error when the run that asked is none of those who have the lease, or had it last."""
        at, known = now.timestamp(), [each for each in holders if each]
        asked = f"Run {self.run}, which asked for it at {self.weight} %,"
        if others := [each.claim.message(service, at) for each in known if each.alive]:
            return BluegreenError(
                f"{group} waits for no approval now. {asked} has the lease no longer: {others[0]}. Approve what that "
                "run asks for."
            )
        dead = [each.claim for each in known if each.claim.run == self.run]
        how = f"died: it renewed its lease {elapsed(dead[0].silence(at))} ago" if dead else "has the lease no longer"
        return BluegreenError(
            f"{group} waits for no approval. {asked} {how}. Run deploy.yml, which continues the release and asks "
            "again, or rollback.yml, which returns the traffic."
        )

    def as_data(self) -> dict[str, Any]:
        return {"weight": self.weight, "until": self.until.isoformat(), "by": self.by}
