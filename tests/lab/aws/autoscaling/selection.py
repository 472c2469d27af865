# SPDX-License-Identifier: GPL-3.0-or-later
"""Which instance a scale-in takes: the termination policies, in their documented order."""

from __future__ import annotations

from collections import Counter

from moto.core.exceptions import ServiceException

from .group import LabGroup, LabMember
from .launching import template_version


def selected(group: LabGroup, excess: int) -> list[LabMember]:
    """Unprotected members, from the fullest zone first, then as the group's policies say."""
    current = _current_version(group)
    candidates = [member for member in group.live if not member.protected_from_scale_in]
    chosen: list[LabMember] = []
    while candidates := [each for each in candidates if each.weight <= excess]:
        zones = Counter(member.availability_zone for member in candidates)
        fullest = [member for member in candidates if zones[member.availability_zone] == max(zones.values())]
        chosen.append(
            min(fullest, key=lambda each: [_rank(policy, each, current) for policy in group.termination_policies])
        )
        candidates.remove(chosen[-1])
        excess -= chosen[-1].weight
    return chosen


def _current_version(group: LabGroup) -> str | None:
    if group.ec2_launch_template is None:
        return None
    try:
        return str(template_version(group).number)
    except ServiceException:  # deleted since
        return None


def _rank(policy: str, member: LabMember, current_version: str | None) -> tuple[float, float]:
    """The lowest goes first."""
    launched = member.instance.launch_time.timestamp()
    match policy:
        case "NewestInstance":
            return 0, -launched
        case "OldestInstance":
            return 0, launched
        case "OldestLaunchTemplate":
            return int(member.template_version or 0), 0
        case _:  # Default, and what the lab cannot tell apart: an outdated template first, then the oldest
            return float(member.template_version == current_version), launched
