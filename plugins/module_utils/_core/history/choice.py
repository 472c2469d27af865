# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which of the runs of a service a person asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .outcome import Outcome

UNENDED = "unended"  # of a run that works still, or died


@dataclass(frozen=True)
class Choice:
    """What is empty chooses all. ``since`` in seconds since the epoch; ``image`` is an image's id, or a label."""

    end_states: Collection[str] = ()
    since: float = 0
    image: str = ""

    @property
    def narrows(self) -> bool:
        """Whether it passes over runs that are newer than others."""
        return bool(self.end_states or self.image)

    def takes(self, outcome: Outcome) -> bool:
        """Whatever its time."""
        versions = (outcome.before, outcome.to)
        in_state = not self.end_states or (outcome.end_state or UNENDED) in self.end_states
        return in_state and (not self.image or any(self.image in (each.image_id, each.release) for each in versions))

    def in_time(self, outcome: Outcome, alive: str | None) -> bool:
        """``alive``: the run that is active, which has not ended before anything."""
        return outcome.run == alive or (outcome.ended or outcome.began) >= self.since
