# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decides what a removal ends, and refuses it while the environment is in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.tags import tags_of
from ..targets.members import Members
from ..targets.registration import TargetGroup
from .in_use import Group, Identity, Use, refuse_use
from .marks import Marks
from .removal import Announcement, Removal, check_removable, members


@dataclass(frozen=True)
class Belongings:
    """What goes with a group, and the ``alarms`` that were made for it and would stay."""

    alarms: Sequence[str] = ()
    hooks: Sequence[Mapping[str, Any]] = ()
    policies: Sequence[str] = ()
    schedules: Sequence[str] = ()

    def as_data(self) -> dict[str, list[str]]:
        hooks = [each["LifecycleHookName"] for each in self.hooks]
        found = {"alarms": self.alarms, "policies": self.policies, "hooks": hooks, "schedules": self.schedules}
        return {kind: sorted(names) for kind, names in found.items()}


@dataclass(frozen=True)
class Facts:
    """``group`` is None when there is none. ``use`` is None for one that is being deleted already.

    ``target_groups``: those that are named, and those that the group is attached to.
    """

    group: Group | None
    use: Use | None = None
    target_groups: Sequence[TargetGroup] = ()
    belongings: Belongings = field(default_factory=Belongings)


@dataclass(frozen=True)
class Leaving:
    """An environment that is on its way out. ``decided``: what its group may not cease to be meanwhile.

    ``marked``: it was announced before this began, by whoever died or runs a hook now.
    """

    asked: Announcement
    group: Group
    decided: Identity
    target_groups: Sequence[TargetGroup]

    @property
    def name(self) -> str:
        return self.asked.name

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
    """``leaving`` is None where nothing is left to be ended: the group is gone, or being deleted already."""

    asked: Removal
    group: Group | None
    leaving: Leaving | None
    belongings: Belongings

    @property
    def drains(self) -> bool:
        """A group that is shrunk step by step drains by itself, and one that is ended by force has served nobody."""
        return not self.asked.force and not self.asked.spread_seconds

    def as_data(self, versions: Sequence[str], remarks: Sequence[str]) -> dict[str, Any]:
        removed = {**self.belongings.as_data(), "launch_template_versions": list(versions)}
        present = {kind: found for kind, found in removed.items() if found}
        before = {"name": self.asked.name, "instances": members(self.group)} if self.group else {}
        return {
            "changed": bool(present or self.leaving),
            "group": None,
            "removed": removed,
            "warnings": list(remarks),
            "diff": {"before": {**before, **present}, "after": {}},
        }


def decide(facts: Facts, asked: Removal) -> RemovalPlan:
    if facts.group is None:
        return RemovalPlan(asked, None, None, facts.belongings)
    if facts.use is None:
        check_removable(facts.group, asked.service, force=asked.force)
        return RemovalPlan(asked, facts.group, None, facts.belongings)
    return RemovalPlan(asked, facts.group, leave(facts.use, facts.target_groups, asked), facts.belongings)


def leave(use: Use, target_groups: Sequence[TargetGroup], asked: Announcement) -> Leaving:
    check_removable(use.group, asked.service, force=asked.force)
    decided = Identity.decided(use.group, asked.around.retain_until)
    refuse_use(use, decided)
    return Leaving(asked, use.group, decided, target_groups)
