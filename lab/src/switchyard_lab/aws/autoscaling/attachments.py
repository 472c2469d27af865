# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic sources of an Auto Scaling group, and their states: target groups of load balancers, and of VPC Lattice.

There is no VPC Lattice in the lab: it keeps the attachment, and takes every instance in service for healthy there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..elbv2.targets import LabTargetGroup, TargetKey

if TYPE_CHECKING:
    from ..elbv2.backend import LabELBv2
    from .group import LabGroup

ELBV2, LATTICE = "elbv2", "vpc-lattice"
HEALTH_CHECKS = {ELBV2: "ELB", LATTICE: "VPC_LATTICE"}


@dataclass
class Attachment:
    """Adding → Added → InService, and Removing until the last target has drained."""

    arn: str
    state: str = "Adding"

    @property
    def type(self) -> str:
        """Part of the ARN; AWS wants to be told of Classic Load Balancers only, which have none."""
        return LATTICE if self.arn.split(":")[2:3] == [LATTICE] else ELBV2

    @property
    def source(self) -> dict[str, str]:
        return {"Identifier": self.arn, "Type": self.type}

    @property
    def active(self) -> bool:
        return self.state != "Removing"


def register(group: LabGroup, elbv2: LabELBv2, instance_id: str) -> None:
    """An instance that comes into service joins every attached target group."""
    for target_group in _target_groups(group, elbv2):
        target_group.register([{"Id": instance_id}])


def deregister(group: LabGroup, elbv2: LabELBv2, instance_id: str) -> None:
    for target_group in _target_groups(group, elbv2):
        elbv2.deregister_targets(target_group.arn, [{"Id": instance_id}])


def is_draining(group: LabGroup, elbv2: LabELBv2, instance_id: str) -> bool:
    return any(key.id == instance_id for target_group in _target_groups(group, elbv2) for key in target_group.draining)


def fails_health_check(group: LabGroup, elbv2: LabELBv2, instance_id: str) -> bool:
    """Unhealthy in one target group is unhealthy; a group acts on it only once that attachment is InService."""
    return any(
        health.state == "unhealthy" and key.id == instance_id
        for target_group in _target_groups(group, elbv2, states=("InService",))
        for key, health in target_group.health.items()
    )


def passes_health_check(group: LabGroup, elbv2: LabELBv2, instance_id: str) -> bool:
    """Healthy in every target group, but for those that no load balancer uses."""
    zones = elbv2.zones_by_group()
    found = [
        target_group.health_of(key, zones.get(target_group.arn, [])).state
        for target_group in _target_groups(group, elbv2)
        for key in target_group.described([{"Id": instance_id}])
    ]
    return set(found) <= {"healthy", "unused"}


def advance(group: LabGroup, elbv2: LabELBv2) -> None:
    """Move each attachment to its next state, as TrafficSourceState documents them."""
    for attachment in list(group.attachments):
        target_group = elbv2.target_groups.get(attachment.arn)
        if attachment.type == LATTICE:
            _advance(group, attachment, healthy=bool(group.active_instances()), drains=False)
        elif not isinstance(target_group, LabTargetGroup):
            if not attachment.active:
                group.attachments.remove(attachment)
        else:
            if attachment.state == "Adding":
                _join(group, target_group)
            drains = _members_of(group, target_group.draining)
            _advance(group, attachment, _has_healthy(group, target_group), drains)


def _advance(group: LabGroup, attachment: Attachment, healthy: bool, drains: bool) -> None:
    match attachment.state:
        case "Adding":
            attachment.state = "Added"
        case "Added" if healthy and group.checks(HEALTH_CHECKS[attachment.type]):
            attachment.state = "InService"
        case "Removing" if not drains:
            group.attachments.remove(attachment)


def detach(group: LabGroup, elbv2: LabELBv2, arn: str) -> None:
    """The group's instances drain from the target group; what others registered there stays."""
    for attachment in group.attachments:
        if attachment.arn == arn and attachment.active:
            attachment.state = "Removing"
            if arn in elbv2.target_groups:
                elbv2.deregister_targets(arn, [{"Id": member.instance_id} for member in group.instance_states])


def _join(group: LabGroup, target_group: LabTargetGroup) -> None:
    if group.suspends("AddToLoadBalancer"):
        return
    in_service = [member.instance_id for member in group.instance_states if member.lifecycle_state == "InService"]
    target_group.register([{"Id": instance_id} for instance_id in in_service])


def _has_healthy(group: LabGroup, target_group: LabTargetGroup) -> bool:
    healthy = [key for key, health in target_group.health.items() if health.state == "healthy"]
    return _members_of(group, healthy)


def _members_of(group: LabGroup, keys: Iterable[TargetKey]) -> bool:
    ids = {member.instance_id for member in group.instance_states}
    return any(key.id in ids for key in keys)


def _target_groups(group: LabGroup, elbv2: LabELBv2, states: tuple[str, ...] = ()) -> list[LabTargetGroup]:
    """Those that exist: a target group can be deleted before the group that it is attached to."""
    found = [elbv2.target_groups.get(each.arn) for each in group.attachments if not states or each.state in states]
    return [target_group for target_group in found if isinstance(target_group, LabTargetGroup)]
