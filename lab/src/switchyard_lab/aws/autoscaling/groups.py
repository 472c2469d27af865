# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling groups: moto's backend, told to leave instances and targets to the controller."""

from __future__ import annotations

from types import ModuleType
from typing import Any, ClassVar, cast

import moto.autoscaling.models as moto_autoscaling
import moto.autoscaling.urls
from moto.autoscaling.exceptions import ValidationError

from ...calls.faults import ApiFaults
from ...clock import Clock
from ..elbv2.backend import LabELBv2
from . import attachments, validation
from .activities import ActivityLog
from .attachments import Attachment
from .controller import Controller
from .group import LabGroup
from .hooks import Hook
from .member import LabMember


class GroupBackend(moto_autoscaling.AutoScalingBackend):
    clock: ClassVar[Clock]
    faults: ClassVar[ApiFaults]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.log = ActivityLog()
        self.notifications: dict[tuple[str, str], list[str]] = {}

    @property
    def _url_module(self) -> ModuleType:
        return moto.autoscaling.urls

    @property
    def elbv2(self) -> LabELBv2:
        return cast(LabELBv2, self.elbv2_backend)

    @property
    def controller(self) -> Controller:
        return Controller(self.elbv2, self.log, self.clock, self.faults)

    def group(self, name: str) -> LabGroup:
        group = self.autoscaling_groups.get(name)
        if group is None:
            raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
        return cast(LabGroup, group)

    def changeable(self, name: str) -> LabGroup:
        """AWS refuses changes to a group that it is deleting."""
        group = self.group(name)
        if group.status:
            raise ValidationError(f"AutoScalingGroup {name} is pending delete")
        return group

    def member(self, instance_id: str) -> tuple[LabGroup, LabMember]:
        for group in self.autoscaling_groups.values():
            if member := cast(LabGroup, group).member(instance_id):
                return cast(LabGroup, group), member
        raise ValidationError(f"Instance Id not found - No managed instance found for instance ID: {instance_id}")

    # -- what the controller does instead

    def update_attached_target_groups(self, group_name: str) -> None:
        """Instances are registered when they come into service."""

    def notify_terminate_instances(self, instance_ids: list[str]) -> None:
        """The health check finds terminated instances and replaces them."""

    # -- groups

    def set_desired_capacity(self, group_name: str, desired_capacity: int | None) -> None:
        group = self.changeable(group_name)
        validation.check_desired(group, desired_capacity or 0)
        group.set_desired_capacity(desired_capacity)

    def delete_auto_scaling_group(self, group_name: str, force: bool = False) -> None:
        """With instances only by force; they drain and end first, and until then the group shows its status.

        Forced, instances end "without executing termination lifecycle hooks" (user guide, "Configure deletion
        protection"), and it "also deletes any outstanding lifecycle actions" (API reference).
        """
        group = self.group(group_name)
        validation.check_protection(group, force)
        if (group.instance_states or group.warm_pool) and not force:
            raise validation.in_use()
        group.status = "Delete in progress"
        group.min_size = group.max_size = 0
        group._suspended_processes = []
        self.controller.empty_warm_pool(group)
        group.set_desired_capacity(0)
        for member in group.instance_states:
            self.controller.end(group, member)
        if not group.instance_states:
            self._forget(group_name)

    def _forget(self, group_name: str) -> None:
        """What belongs to a group goes with it."""
        del self.autoscaling_groups[group_name]
        self.notifications = {key: each for key, each in self.notifications.items() if key[0] != group_name}

    def put_hook(self, request: dict[str, Any]) -> None:
        """A new hook, or changes to one that is there."""
        group = self.changeable(request["AutoScalingGroupName"])
        name = request["LifecycleHookName"]
        known = group.hooks.get(name)
        group.hooks[name] = known.changed(request) if known else Hook.requested(group.name, request)

    # -- traffic sources, by their ARNs

    def attach_load_balancer_target_groups(self, group_name: str, target_group_arns: list[str]) -> None:
        group = self.changeable(group_name)
        validation.check_not_refreshed(group)
        validation.check_number(target_group_arns)
        validation.check_sources(self.elbv2, target_group_arns)
        group.attach(target_group_arns)

    def detach_load_balancer_target_groups(self, group_name: str, target_group_arns: list[str]) -> None:
        group = self.group(group_name)
        validation.check_number(target_group_arns)
        unknown = sorted(set(target_group_arns) - {each["Identifier"] for each in group.traffic_sources})
        if unknown:
            raise ValidationError(f"Trying to remove Target Groups that are not part of the group: {unknown}")
        for arn in target_group_arns:
            attachments.detach(group, self.elbv2, arn)

    def attachments_of(self, group_name: str, kind: str | None = None) -> list[Attachment]:
        return [each for each in self.group(group_name).attachments if kind in (None, each.type)]
