# SPDX-License-Identifier: GPL-3.0-or-later
"""Which instance a scale-in takes: the termination policies, in their documented order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from moto.core.exceptions import ServiceException
from moto.ec2.models.launch_templates import LaunchTemplateVersion

from .group import LabGroup
from .launching import NO_OVERRIDE, template_version
from .member import LabMember
from .warm_pool import READY


def selected(group: LabGroup, excess: int) -> list[LabMember]:
    """Unprotected members, as the group's policies say."""
    unprotected = [member for member in group.live if not member.protected_from_scale_in]
    return _chosen(group, unprotected, group.termination_policies, excess)


def superfluous(group: LabGroup, excess: int) -> list[LabMember]:
    """Instances of the warm pool, by the default policy."""
    return _chosen(group, group.prepared, ["Default"], excess)


def next_warm(group: LabGroup) -> LabMember | None:
    """Of the instances that are ready, one in the zone where the group has the fewest."""
    zones = Counter(member.availability_zone for member in group.live)
    ready = [member for member in group.prepared if member.lifecycle_state in READY]
    return min(ready, key=lambda member: zones[member.availability_zone], default=None)


def _chosen(group: LabGroup, candidates: list[LabMember], policies: Iterable[str], excess: int) -> list[LabMember]:
    """Of the purchase option that is to shrink, and from the fullest zone first."""
    current = current_versions(group)
    surplus = group.on_demand_surplus
    chosen: list[LabMember] = []
    while candidates := [each for each in candidates if each.weight <= excess]:
        option = [member for member in candidates if member.is_spot == (surplus <= 0)] or candidates
        zones = Counter(member.availability_zone for member in option)
        fullest = [member for member in option if zones[member.availability_zone] == max(zones.values())]
        chosen.append(min(fullest, key=lambda each: [_rank(policy, each, current) for policy in policies]))
        candidates.remove(chosen[-1])
        excess -= chosen[-1].weight
        surplus -= 0 if chosen[-1].is_spot else chosen[-1].weight
    return chosen


def current_versions(group: LabGroup) -> list[LaunchTemplateVersion]:
    """What an instance would be launched from now; a version may have been deleted."""
    found: list[LaunchTemplateVersion] = []
    if group.ec2_launch_template is None:
        return found
    for override in group.overrides or [NO_OVERRIDE]:
        with suppress(ServiceException):
            found.append(template_version(group, override))
    return found


def _rank(policy: str, member: LabMember, current: list[LaunchTemplateVersion]) -> tuple[float, float]:
    """The lowest goes first."""
    launched = member.instance.launch_time.timestamp()
    match policy:
        case "NewestInstance":
            return 0, -launched
        case "OldestInstance":
            return 0, launched
        case "OldestLaunchTemplate":
            return member.version.number if member.version else 0, 0
        case _:  # Default, and what the lab cannot tell apart: an outdated template first, then the oldest
            return float(member.version in current), launched
