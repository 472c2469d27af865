# SPDX-License-Identifier: GPL-3.0-or-later
"""Which instance a scale-in takes: the termination policies, in their documented order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from .group import LabGroup, LabMember
from .launching import template_version

Key = Callable[[LabGroup, LabMember], Any]


def _launched(member: LabMember) -> Any:
    return member.instance.launch_time


def _outdated_first(group: LabGroup, member: LabMember) -> bool:
    return member.template_version == str(template_version(group).number)


POLICIES: dict[str, Key] = {
    "NewestInstance": lambda group, member: -_launched(member).timestamp(),
    "OldestInstance": lambda group, member: _launched(member),
    "OldestLaunchTemplate": lambda group, member: int(member.template_version),
    "Default": lambda group, member: (_outdated_first(group, member), _launched(member)),
}


def selected(group: LabGroup, count: int) -> list[LabMember]:
    """Unprotected members, from the fullest zone first, then as the group's policies say."""
    candidates = [member for member in group.live if not member.protected_from_scale_in]
    chosen: list[LabMember] = []
    while candidates and len(chosen) < count:
        zones = Counter(member.availability_zone for member in candidates)
        fullest = [member for member in candidates if zones[member.availability_zone] == max(zones.values())]
        pick = min(
            fullest, key=lambda member: tuple(_key(policy)(group, member) for policy in group.termination_policies)
        )
        candidates.remove(pick)
        chosen.append(pick)
    return chosen


def _key(policy: str) -> Key:
    return POLICIES.get(policy, POLICIES["Default"])
