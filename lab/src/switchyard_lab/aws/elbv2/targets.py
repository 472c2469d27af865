# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets of a target group: registration, draining, and health as the data plane sees it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any, NamedTuple

import moto.elbv2.models as moto_elbv2
from moto.elbv2.exceptions import ELBClientError

from .types import complete_target_group

TARGETS_PER_GROUP = 1000  # quota "Targets per Target Group per Region (instances or IP addresses)"
LAMBDAS_PER_GROUP = 1


class TargetKey(NamedTuple):
    """A target is an id *and* a port: the same instance on two ports is two targets."""

    group: str
    id: str
    port: int


@dataclass(frozen=True)
class TargetHealth:
    state: str
    reason: str | None = None
    description: str | None = None


HEALTHY = TargetHealth("healthy")
REGISTERING = TargetHealth("initial", "Elb.RegistrationInProgress", "Target registration is in progress")
DRAINING = TargetHealth("draining", "Target.DeregistrationInProgress", "Target deregistration is in progress")
NOT_REGISTERED = TargetHealth("unused", "Target.NotRegistered", "Target is not registered to the target group")
NOT_IN_USE = TargetHealth(
    "unused", "Target.NotInUse", "Target group is not configured to receive traffic from the load balancer"
)
NOT_ENABLED = TargetHealth(
    "unused", "Target.NotInUse", "Target is in an Availability Zone that is not enabled for the load balancer"
)
NOT_RUNNING = TargetHealth("unused", "Target.InvalidState", "Target is in the stopped or terminated state")


class LabTargetGroup(moto_elbv2.FakeTargetGroup):
    """A target group whose targets are keyed by id and port, and drain when they leave."""

    __module__ = moto_elbv2.__name__  # moto's class tracker derives the service from it

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        complete_target_group(self, matcher_given=bool(kwargs.get("matcher")))
        self.targets: dict[TargetKey, dict[str, Any]] = {}  # type: ignore[assignment]
        self.draining: dict[TargetKey, dict[str, Any]] = {}
        self.health: dict[TargetKey, TargetHealth] = {}

    @property
    def ports(self) -> set[int]:
        """Where its targets must answer."""
        own = {int(self.port)} if self.port else set()
        return own | {key.port for key in self.targets}

    def key(self, target: Mapping[str, Any]) -> TargetKey:
        return TargetKey(self.arn, target["Id"], int(target.get("Port") or self.port or 0))

    def keys_of(self, target: Mapping[str, Any]) -> list[TargetKey]:
        """Without a port, AWS takes every registration of that id for meant."""
        if target.get("Port"):
            return [self.key(target)]
        return [key for key in (*self.targets, *self.draining) if key.id == target["Id"]]

    def register(self, targets: list[dict[str, Any]]) -> None:
        """All or nothing. A target that drains is simply registered again: it is `initial` again."""
        for target in targets:
            self._check_target(target["Id"])
        added = {self.key(target): target for target in targets if self.key(target) not in self.targets}
        limit = LAMBDAS_PER_GROUP if self.target_type == "lambda" else TARGETS_PER_GROUP
        if len(self.targets) + len(added) > limit:
            raise ELBClientError(
                "TooManyTargets", "You have reached the limit on the number of targets per target group"
            )
        for key, target in added.items():
            self.draining.pop(key, None)
            self.health.pop(key, None)
            self.targets[key] = {"Id": key.id, "Port": key.port, "AvailabilityZone": target.get("AvailabilityZone")}

    def deregister(self, targets: list[dict[str, Any]]) -> None:
        """AWS answers success for a target that is not registered."""
        for target in targets:
            for key in self.keys_of(target):
                if gone := self.targets.pop(key, None):
                    self.draining[key] = gone

    def deregister_terminated_instances(self, instance_ids: list[str]) -> None:
        """AWS deregisters an instance that is terminated, with draining."""
        self.deregister([{"Id": instance_id} for instance_id in instance_ids])

    def drained(self, key: TargetKey) -> None:
        """Unless it was registered again in the meantime."""
        if self.draining.pop(key, None):
            self.health.pop(key, None)

    def described(self, targets: Iterable[Mapping[str, Any]]) -> Iterator[TargetKey]:
        """The registrations that DescribeTargetHealth is about: those asked for, or all of them."""
        if not targets:
            yield from self.targets
            yield from self.draining
        for target in targets:
            yield from self.keys_of(target) or [self.key(target)]

    def zone_of(self, key: TargetKey) -> str | None:
        """Of an instance; that of an IP address is not known here."""
        instance = self.ec2_backend.get_instance_by_id(key.id) if self.target_type == "instance" else None
        return str(instance.placement.zone) if instance else None

    def health_of(self, key: TargetKey, zones: Collection[str]) -> TargetHealth:
        """``zones`` are those that its load balancer has; none while no load balancer uses the group."""
        if key in self.draining:
            return DRAINING
        if key not in self.targets:
            return NOT_REGISTERED
        if self.target_type == "instance" and not self._runs(key.id):
            return NOT_RUNNING
        if not zones:
            return NOT_IN_USE
        if self.zone_of(key) not in (None, *zones):
            return NOT_ENABLED
        if self.target_type == "lambda":  # nothing runs behind it here, and AWS does not check it by default
            return HEALTHY
        return self.health.get(key, REGISTERING)

    @property
    def has_healthy_target(self) -> bool:
        """As the data plane saw it last; nothing is looked up, for this is asked all the time."""
        if self.target_type == "lambda":
            return bool(self.targets)
        return any(key in self.targets and health.state == "healthy" for key, health in self.health.items())

    def _runs(self, instance_id: str) -> bool:
        instance = self.ec2_backend.get_instance_by_id(instance_id)
        return instance is not None and instance.state == "running"

    def _check_target(self, target_id: str) -> None:
        if self.target_type == "instance":
            self._check_instance(target_id)
        if self.target_type == "ip":
            self._check_address(target_id)

    def _check_address(self, target_id: str) -> None:
        """ "You can't specify publicly routable IP addresses" (TargetType in CreateTargetGroup, API reference)."""
        try:
            address = IPv4Address(target_id)
        except ValueError:
            raise ELBClientError("ValidationError", f"'{target_id}' is not a valid IPv4 address") from None
        if address.is_global:
            raise ELBClientError("InvalidTarget", f"The IP address '{target_id}' is not within the VPC's CIDR block")

    def _check_instance(self, target_id: str) -> None:
        instance = self.ec2_backend.get_instance_by_id(target_id)
        if instance is None or instance.vpc_id != self.vpc_id:
            raise ELBClientError(
                "InvalidTarget",
                f"The following targets are not in the target group VPC '{self.vpc_id}' or do not exist: '{target_id}'",
            )
        if instance.state != "running":
            raise ELBClientError(
                "InvalidTarget",
                f"The following targets are not in a running state and cannot be registered: '{target_id}'",
            )
