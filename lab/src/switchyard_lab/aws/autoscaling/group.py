# SPDX-License-Identifier: GPL-3.0-or-later
"""An Auto Scaling group: moto's, which only records what is wanted; the controller acts on it."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

import moto.autoscaling.models as moto_autoscaling
from botocore.model import ServiceModel
from moto.core.utils import camelcase_to_underscores, get_service_model

from .attachments import ELBV2, Attachment
from .hooks import Hook
from .launch_source import lent
from .member import LabMember
from .mixed import on_demand_units
from .refresh import Refresh
from .warm_pool import WarmPool

LIVE = ("Pending", "Pending:Wait", "Pending:Proceed", "InService")
SHAPED_BY_MOTO = {
    "AutoScalingGroupName",
    "AvailabilityZoneIds",
    "AvailabilityZones",
    "DesiredCapacity",
    "LaunchConfigurationName",
    "LaunchTemplate",
    "MaxSize",
    "MinSize",
    "MixedInstancesPolicy",
    "VPCZoneIdentifier",
}


def kept_fields(model: ServiceModel) -> list[str]:
    """Fields that a group simply remembers: those that UpdateAutoScalingGroup takes and Describe… returns.

    From the service's model, so that a field that AWS adds is not lost; moto drops many of them.
    """
    accepted = model.operation_model("UpdateAutoScalingGroup").input_shape.members
    returned = model.shape_for("AutoScalingGroup").members
    return sorted((accepted.keys() & returned.keys()) - SHAPED_BY_MOTO)


KEPT_FIELDS = kept_fields(get_service_model("autoscaling"))


class LabGroup(moto_autoscaling.FakeAutoScalingGroup):
    __module__ = moto_autoscaling.__name__

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.attachments: list[Attachment] = []
        self.hooks: dict[str, Hook] = {}
        self.status: str | None = None
        self.next_launch = 0.0
        self.exhausted_subnets: set[str] = set()  # where EC2 had no capacity since the last launch that worked
        self.shifted_zone: str | None = None  # from which a zonal shift moves its launches away
        self.availability_zone_distribution: dict[str, str] | None = None
        self.deletion_protection: str | None = None
        self.max_instance_lifetime: int | None = None
        self.instance_lifecycle_policy: dict[str, dict[str, str]] | None = None
        self.refresh: Refresh | None = None  # the latest
        super().__init__(*args, **kwargs)
        self.instance_states: list[LabMember] = []  # type: ignore[assignment]  # our members for moto's
        self.warm_pool: WarmPool | None = None  # type: ignore[assignment]  # our pool for moto's

    @property
    def target_group_arns(self) -> list[str]:
        return [each.arn for each in self.attachments if each.active and each.type == ELBV2]

    @target_group_arns.setter
    def target_group_arns(self, arns: list[str]) -> None:
        self.attach(arns, "InService")

    @property
    def traffic_sources(self) -> list[dict[str, str]]:
        """AWS describes an attached target group of a load balancer in both spellings."""
        return [each.source for each in self.attachments if each.active]

    @property
    def launch_template(self) -> dict[str, Any] | None:
        """A group with a mixed instances policy has its template there only."""
        return None if self.mixed_instances_policy else super().launch_template

    def attach(self, arns: list[str], state: str = "Adding") -> None:
        """Those that CreateAutoScalingGroup names are InService at once (DescribeLoadBalancerTargetGroups tells)."""
        known = [each.arn for each in self.attachments if each.active]
        self.attachments += [Attachment(arn, state) for arn in arns if arn not in known]

    def checks(self, kind: str) -> bool:
        """Whether health checks of this kind count, next to those of EC2."""
        return kind in str(self.health_check_type).split(",")

    def set_desired_capacity(self, new_capacity: int | None) -> None:
        """Records the wish only; the controller launches and terminates."""
        self.desired_capacity = self.min_size if new_capacity is None else new_capacity
        self.next_launch = 0.0

    def keep(self, request: dict[str, Any]) -> None:
        """Remember every plain field of the request."""
        for field in KEPT_FIELDS:
            if field in request:
                setattr(self, camelcase_to_underscores(field), request[field])

    def update(self, **request: Any) -> None:  # type: ignore[override]  # moto lists each option
        """An update without a policy keeps the policy; the desired capacity is moved only to fit new bounds."""
        policy = self.mixed_instances_policy
        desired = request.pop("desired_capacity")
        super().update(desired_capacity=self.desired_capacity, **request)
        if policy and not (request.get("launch_template") or request.get("mixed_instances_policy")):
            self.mixed_instances_policy = policy
        wanted = self.desired_capacity if desired is None else desired
        self.set_desired_capacity(min(max(wanted or 0, self.min_size or 0), self.max_size or 0))

    def lent_source(self) -> AbstractContextManager[None]:
        """Launches during a refresh, whatever their reason, are from its desired configuration."""
        return lent(self, self.refresh.configuration if self.refresh and self.refresh.forward else None)

    @property
    def retains(self) -> bool:
        """Whether instances whose termination hook is abandoned wait for a person."""
        triggers = (self.instance_lifecycle_policy or {}).get("RetentionTriggers", {})
        return triggers.get("TerminateHookAbandon") == "retain"

    def suspends(self, process: str) -> bool:
        return process in self._suspended_processes

    @property
    def overrides(self) -> list[dict[str, Any]]:
        """Of the mixed instances policy, in order of preference."""
        template = (self.mixed_instances_policy or {}).get("LaunchTemplate") or {}
        return list(template.get("Overrides") or [])

    @property
    def on_demand_surplus(self) -> int:
        """How much more On-Demand capacity it has than its policy wants; below 0, how much less."""
        present = sum(member.weight for member in self.live if not member.is_spot)
        return present - on_demand_units(self.mixed_instances_policy, self.desired_capacity or 0)

    @property
    def wants_spot(self) -> bool:
        """Whether the next instance is to be a Spot Instance: the On-Demand part is launched first."""
        return self.missing > 0 and self.on_demand_surplus >= 0

    @property
    def weights(self) -> dict[str, str]:
        """WeightedCapacity by instance type."""
        weighted = [each for each in self.overrides if "WeightedCapacity" in each]
        return {each["InstanceType"]: each["WeightedCapacity"] for each in weighted if "InstanceType" in each}

    @property
    def missing(self) -> int:
        """How much capacity is to be launched; below 0, to be taken away."""
        return (self.desired_capacity or 0) - sum(member.weight for member in self.live)

    @property
    def live(self) -> list[LabMember]:
        """Members that count towards the desired capacity."""
        return [member for member in self.instance_states if member.lifecycle_state in LIVE]

    def member(self, instance_id: str) -> LabMember | None:
        return next((member for member in self.instance_states if member.instance_id == instance_id), None)

    # -- the warm pool, whose instances DescribeWarmPool tells and DescribeAutoScalingGroups does not

    @property
    def instances(self) -> list[LabMember]:  # type: ignore[override]  # our members for moto's
        return [member for member in self.instance_states if not member.is_warm]

    @property
    def warm_instances(self) -> list[LabMember]:
        return [member for member in self.instance_states if member.is_warm]

    @property
    def warm_pool_size(self) -> int | None:
        return len(self.warm_instances) if self.warm_pool else None

    @property
    def prepared(self) -> list[LabMember]:
        """Instances that count towards the size of the pool."""
        return [member for member in self.warm_instances if not member.lifecycle_state.startswith("Warmed:Terminating")]

    @property
    def unprepared(self) -> int:
        """How many the pool lacks; below 0, how many are too many."""
        if self.warm_pool is None:
            return 0
        return self.warm_pool.size(self.desired_capacity or 0, self.max_size or 0) - len(self.prepared)
