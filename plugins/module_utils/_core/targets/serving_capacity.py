# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether an environment can carry all traffic, or how much of it meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from math import ceil

from .members import Members


@dataclass(frozen=True)
class ServingCapacity:
    """In units of capacity: instances, or their weights. ``needed`` is what it takes to carry all traffic."""

    serving: int
    needed: int

    @property
    def firm(self) -> bool:
        return self.serving >= self.needed

    def share(self, present: int) -> int:
        """The percent of the traffic that it may have, in proportion to what serves; never less than it has."""
        return 100 if self.firm else max(present, 100 * self.serving // self.needed)

    def __str__(self) -> str:
        return f"{self.serving} of the {self.needed} that all traffic needs"


def needed_by(carrying: Members | None, headroom_percent: int) -> int:
    """What the traffic needs, by what carries it: the other environment, which was made as large as this one, or
    larger by the headroom. Of one that carries nothing, because its instances fail, nothing is known."""
    return ceil(serving(carrying) * 100 / (100 + headroom_percent)) if carrying else 0


def serving(members: Members | None, healthy: Collection[str] | None = None) -> int:
    """Units in service; with ``healthy``, ids of healthy targets, only of instances that are among them, and one for
    each target that is no instance of the group."""
    own = {member.id for member in (members.members if members else [])}
    return len([each for each in healthy or [] if each not in own]) + sum(
        member.units
        for member in (members.members if members else [])
        if member.serves and (healthy is None or member.id in healthy)
    )
