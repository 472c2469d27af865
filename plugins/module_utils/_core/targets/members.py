# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An Auto Scaling group's instances, and the target groups that they belong in."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from ..base.groups import suspended_on
from .registration import Progress, Registration

GRACE_SECONDS = 300  # what the console gives a new group; the API gives none, which says nothing of how long it takes
REPLACING = {"HealthCheck", "ReplaceUnhealthy", "Terminate"}


@dataclass(frozen=True)
class Member:
    """``units``: what the instance counts towards the desired capacity, more than 1 in a group with weights."""

    id: str
    state: str
    health: str
    units: int

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Member:
        return cls(
            item["InstanceId"], item["LifecycleState"], item["HealthStatus"], int(item.get("WeightedCapacity", 1))
        )

    @property
    def serves(self) -> bool:
        """An unhealthy instance stays InService until the group gets round to replacing it."""
        return self.in_service and self.health == "Healthy"

    @property
    def in_service(self) -> bool:
        """Registered in the group's target groups, unlike one that is being launched, or is on standby."""
        return self.state == "InService"

    @property
    def leaves(self) -> bool:
        return self.state.startswith("Terminat")

    def __str__(self) -> str:
        return f"{self.id} {self.state}" + ("" if self.health == "Healthy" else f" ({self.health})")


def instances_for(capacity: int, units: Sequence[int]) -> int:
    """How many instances make up such a capacity, by what those that are there count towards it."""
    return ceil(capacity * len(units) / sum(units)) if units else capacity


def target_groups_of(group: Mapping[str, Any]) -> list[str]:
    """ARNs. DescribeAutoScalingGroups lists an attached target group as such, as a traffic source, or as both."""
    sources = [source["Identifier"] for source in group.get("TrafficSources", []) if source.get("Type") == "elbv2"]
    return list(dict.fromkeys([*group.get("TargetGroupARNs", []), *sources]))


def zones_of(group: Mapping[str, Any], instances: Collection[str] | None = None) -> set[str]:
    """The Availability Zones in which it has instances in service; of these alone, where they are given."""
    return {
        each["AvailabilityZone"]
        for each in group["Instances"]
        if (Member.read(each).in_service if instances is None else each["InstanceId"] in instances)
    }


@dataclass(frozen=True)
class Members:
    """One group as it is at this moment: instances come and go, so it is read again at every look."""

    group: str
    desired: int
    members: Sequence[Member]
    target_groups: Sequence[str]
    created: datetime
    grace_seconds: int
    replaces_unhealthy: bool
    balanced_only: bool = False

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Members:
        distribution = item.get("AvailabilityZoneDistribution", {})
        return cls(
            group=item["AutoScalingGroupName"],
            desired=item["DesiredCapacity"],
            members=list(map(Member.read, item["Instances"])),
            target_groups=target_groups_of(item),
            created=item["CreatedTime"],
            grace_seconds=item.get("HealthCheckGracePeriod", 0),
            replaces_unhealthy="ELB" in item["HealthCheckType"].split(",") and not REPLACING & suspended_on(item),
            balanced_only=distribution.get("CapacityDistributionStrategy") == "balanced-only",
        )

    @property
    def serving(self) -> list[Registration]:
        """The instances that are to be healthy, on whichever port each target group has them."""
        return [Registration(member.id) for member in self.members if member.serves]

    @property
    def is_short(self) -> bool:
        """Whether instances have yet to be launched, in addition to those that exist or are launching."""
        staying = [member.units for member in self.members if not member.leaves]
        return sum(staying) < self.desired

    @property
    def size(self) -> int:
        """How many instances it has, or is to have: where they have weights, fewer than units are desired."""
        return max(1, min(self.desired, len(self.members)))

    def healthy_for(self, capacity: int) -> int:
        """How many healthy targets make up such a capacity."""
        return instances_for(capacity, [member.units for member in self.members])

    @property
    def patience_seconds(self) -> int:
        """For how long targets may be unhealthy where nobody replaces them."""
        return self.grace_seconds or GRACE_SECONDS

    @property
    def everyone(self) -> list[Registration]:
        return [Registration(member.id) for member in self.members]

    def standing(self) -> Progress:
        """Whether the desired capacity is in service; instances that leave, or are not there yet, do not count."""
        units = sum(member.units for member in self.members if member.serves)
        lacking = [str(member) for member in self.members if not member.serves]
        return Progress(self.group, "in service", min(units, self.desired), self.desired, lacking)
