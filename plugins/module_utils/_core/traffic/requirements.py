# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What must be true of a target group before its weight may be raised: that it can carry the traffic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from ..base.groups import is_being_deleted
from ..base.tags import LEAVING, find_other_run, tags_of
from ..targets.members import Members, zones_of
from ..targets.registration import Registration, Target, health_of
from .route import Environments, Route
from .weights import Percents

Item = Mapping[str, Any]


@dataclass(frozen=True)
class Requirement:
    """``group`` is the Auto Scaling group whose instances count; None counts every target. ``run`` is the id of the run
    that the group must be tagged with, and ``image_id`` the image that it must launch. ``percent`` of the instances
    that its desired capacity amounts to must be healthy as well. ``zones_of`` is another group: where it has instances
    in service, ``group`` must have a healthy one in the same Availability Zone."""

    target_group: str
    minimum_healthy: int
    group: str | None = None
    run: str | None = None
    image_id: str | None = None
    percent: int = 0
    zones_of: str | None = None

    def finding(
        self,
        targets: Sequence[Target],
        group: Item | None,
        image_id: str | None = None,
        other: Item | None = None,
    ) -> str | None:
        """Why its weight may not be raised. ``group`` is as DescribeAutoScalingGroups returns it, None when it is gone;
        ``image_id`` is the image that it launches, and ``other`` the group ``zones_of``."""
        if self.group and (wrong := self._wrong_group(group)):
            return wrong
        if self.image_id not in (None, image_id):
            return f"{self.group} launches {image_id or 'an unknown image'} now, not {self.image_id}."
        every = [Registration(each.id, each.port) for each in targets]
        ours = [Registration(member.id) for member in Members.read(group).members] if group else every
        healthy = health_of(ours, targets, "").done
        needed = max(self.minimum_healthy, self._share(group))
        if healthy >= needed:
            return self._empty_zones(targets, group, other) if group and other else None
        name, whose = target_group_name(self.target_group), f" of {self.group}" if self.group else ""
        others = ", ".join(str(target) for target in targets if not target.healthy) or "no other target is registered"
        return f"{name} has {healthy} healthy targets{whose}, and needs {needed}: {others}."

    def _empty_zones(self, targets: Sequence[Target], group: Item, other: Item) -> str | None:
        """Without cross-zone load balancing, "each load balancer node distributes traffic across only the registered
        targets in its Availability Zone" (Cross-zone load balancing for target groups)."""
        healthy = {target.id for target in targets if target.healthy}
        lacking = sorted(zones_of(other) - zones_of(group, healthy))
        if not lacking:
            return None
        return (
            f"{target_group_name(self.target_group)} has no healthy target of {self.group} in {', '.join(lacking)}, "
            f"where {self.zones_of} serves, and its cross-zone load balancing is off: what arrives there would fail. "
            "Turn it on (attribute load_balancing.cross_zone.enabled), or see that the group gets an instance there."
        )

    def _share(self, group: Item | None) -> int:
        if group is None:
            return 0
        members = Members.read(group)
        return ceil(members.healthy_for(members.desired) * self.percent / 100)

    def _wrong_group(self, group: Item | None) -> str | None:
        name = target_group_name(self.target_group)
        if group is None or is_being_deleted(group):
            return f"Auto Scaling group {self.group}, which was to serve {name}, is gone or being deleted."
        if self.target_group not in Members.read(group).target_groups:
            return f"Auto Scaling group {self.group} is not attached to target group {name}."
        if LEAVING in tags_of(group):
            return f"Auto Scaling group {self.group} is being removed (tag {LEAVING})."
        return find_other_run(str(self.group), tags_of(group), self.run)


def raised(
    requirements: Sequence[Requirement], routes: Sequence[Route], percents: Percents, environments: Environments
) -> list[Requirement]:
    """Those of target groups of which an environment gets more on some route than it has."""
    rising = [
        color for color, percent in percents.items() if any(percent > route.shares().get(color, 0) for route in routes)
    ]
    groups = {group for color in rising for group in environments.get(color, ())}
    return [each for each in requirements if each.target_group in groups]


def refuse_to_raise(findings: Sequence[str]) -> None:
    if findings:
        raise BluegreenError(f"No weight was raised: {' '.join(findings)} Run again when it can carry the traffic.")
