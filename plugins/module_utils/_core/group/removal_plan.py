# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what a removal ends, and refuses it while the environment is in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..base.tags import tags_of
from ..targets.members import Members
from ..targets.registration import TargetGroup
from .in_use import Group, GroupIdentity, Use, refuse_use
from .marks import Marks
from .removal import Announcement, Removal, check_removable, members


@dataclass(frozen=True)
class Facts:
    """``group`` is None when there is none. ``use`` is None for one that is being deleted already.

    ``target_groups``: those that are named, and those that the group is attached to.
    """

    group: Group | None
    use: Use | None = None
    target_groups: Sequence[TargetGroup] = ()


@dataclass(frozen=True)
class Leaving:
    """An environment that is on its way out. ``use`` is what was read when that was decided, ``decided`` what its group
    may not cease to be meanwhile.

    ``marked``: it was announced before this began, by whoever died or runs a hook now.
    """

    asked: Announcement
    use: Use
    decided: GroupIdentity
    target_groups: Sequence[TargetGroup]

    @property
    def name(self) -> str:
        return self.asked.name

    @property
    def group(self) -> Group:
        return self.use.group

    @property
    def marked(self) -> bool:
        return Marks.read(tags_of(self.group)).leaving is not None

    @property
    def attached(self) -> list[str]:
        return list(Members.read(self.group).target_groups)

    def as_data(self) -> dict[str, Any]:
        return {
            "changed": not self.marked,
            "group": None,
            "diff": {"before": {"leaving": self.marked}, "after": {"leaving": True}},
        }


@dataclass(frozen=True)
class RemovalPlan:
    """``leaving`` is None where nothing is left to be ended: the group is gone, or being deleted already. ``alarms``
    were made for the group and would stay without it."""

    asked: Removal
    group: Group | None
    leaving: Leaving | None
    alarms: Sequence[str] = ()

    @property
    def empties(self) -> bool:
        """Whether its instances are ended before it is deleted, so that AWS has nothing left to end."""
        return self.leaving is not None and not self.asked.force

    @property
    def drains(self) -> bool:
        """A group that is shrunk step by step drains by itself, and one that is ended by force has served nobody."""
        return not self.asked.force and not self.asked.spread_seconds

    def as_data(self, versions: Sequence[str], remarks: Sequence[str]) -> dict[str, Any]:
        removed = {"alarms": sorted(self.alarms), "launch_template_versions": list(versions)}
        present = {kind: found for kind, found in removed.items() if found}
        before = {"name": self.asked.name, "instances": members(self.group)} if self.group else {}
        return {
            "changed": bool(present or self.leaving),
            "group": None,
            "removed": removed,
            "warnings": list(remarks),
            "diff": {"before": {**before, **present}, "after": {}},
        }


def decide(facts: Facts, alarms: Sequence[str], asked: Removal) -> RemovalPlan:
    if facts.group is None:
        return RemovalPlan(asked, None, None, alarms)
    if facts.use is None:
        check_removable(facts.group, asked.service, force=asked.force)
        return RemovalPlan(asked, facts.group, None, alarms)
    return RemovalPlan(asked, facts.group, leave(facts.use, facts.target_groups, asked), alarms)


def leave(use: Use, target_groups: Sequence[TargetGroup], asked: Announcement) -> Leaving:
    check_removable(use.group, asked.service, force=asked.force)
    decided = GroupIdentity.decided(use.group, asked.around.retain_until)
    refuse_use(use, decided)
    return Leaving(asked, use, decided, target_groups)
