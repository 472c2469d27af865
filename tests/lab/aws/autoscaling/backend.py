# SPDX-License-Identifier: GPL-3.0-or-later
"""The Auto Scaling backend: moto's, told to leave instances and targets to the controller."""

from __future__ import annotations

from collections.abc import Container
from types import ModuleType
from typing import Any, ClassVar, cast

import moto.autoscaling.models as moto_autoscaling
import moto.autoscaling.urls
from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

from ...clock import Clock
from ...faults import ApiFaults
from .. import cloudwatch
from ..alarm_book import AlarmBook
from ..elbv2 import LabELBv2
from ..metric_alarms import MetricAlarmJudge
from . import activities, attachments, schedules, target_tracking, validation
from .activities import ActivityLog
from .attachments import Attachment
from .controller import Controller
from .group import LabGroup, LabMember
from .hooks import Hook
from .launching import GROUP_NAME_TAG
from .scaling import Scaling


class LabAutoScaling(moto_autoscaling.AutoScalingBackend):
    clock: ClassVar[Clock]
    faults: ClassVar[ApiFaults]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.log = ActivityLog()
        self.notifications: dict[tuple[str, str], list[str]] = {}
        self.scaling = Scaling(self.clock)
        self.policy_requests: dict[str, dict[str, Any]] = {}  # by the policy's ARN

    @property
    def _url_module(self) -> ModuleType:
        return moto.autoscaling.urls

    @property
    def elbv2(self) -> LabELBv2:
        return cast(LabELBv2, self.elbv2_backend)

    @property
    def controller(self) -> Controller:
        return Controller(self.elbv2, self.log, self.clock, self.faults)

    def step(self, booted: Container[str]) -> None:
        self.hear_alarms()
        self._act_on_schedule()
        for name in list(self.autoscaling_groups):
            group = self.group(name)
            self.controller.step(group, booted)
            if group.status and not group.instance_states:
                self._forget(name)

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
        """With instances only by force; they drain and end first, and until then the group shows its status."""
        group = self.group(group_name)
        if group.instance_states and not force:
            raise validation.in_use()
        group.status = "Delete in progress"
        group.min_size = group.max_size = 0
        group._suspended_processes = []
        for member in group.instance_states:
            member.protected_from_scale_in = False
        group.set_desired_capacity(0)
        if not group.instance_states:
            self._forget(group_name)

    def _forget(self, group_name: str) -> None:
        """What belongs to a group goes with it."""
        del self.autoscaling_groups[group_name]
        policies = self.policies.items()
        for policy in self.policies.values():
            if policy.auto_scaling_group_name == group_name:
                self.drop_tracking_alarms(policy.arn)
        self.policies = {key: each for key, each in policies if each.auto_scaling_group_name != group_name}
        actions = self.scheduled_actions.items()
        self.scheduled_actions = {key: each for key, each in actions if each.auto_scaling_group_name != group_name}
        self.notifications = {key: each for key, each in self.notifications.items() if key[0] != group_name}

    # -- scaling policies

    @property
    def book(self) -> AlarmBook:
        return cloudwatch.backend(self.region_name, self.account_id).book

    def track(self, policy_arn: str, group_name: str, configuration: dict[str, Any]) -> None:
        for definition in target_tracking.alarms(policy_arn, group_name, configuration):
            self.book.put("MetricAlarm", definition, MetricAlarmJudge(definition), self.clock.now())

    def drop_tracking_alarms(self, policy_arn: str) -> None:
        """Alarms that users made stay."""
        found = [each for each in self.book.alarms.values() if policy_arn in each.actions["ALARM"]]
        names = [each.name for each in found if each.name.startswith(target_tracking.PREFIX)]
        self.book.delete(names, self.clock.now())

    def hear_alarms(self) -> None:
        policies = {policy.arn: policy for policy in self.policies.values()}
        for alarm in self.book.alarms.values():
            for arn in alarm.actions["ALARM"]:
                if policy := policies.get(arn):
                    request = {"PolicyType": "SimpleScaling", **self.policy_requests[arn]}
                    self.scaling.hear(alarm, arn, request, self.group(policy.auto_scaling_group_name))

    def _act_on_schedule(self) -> None:
        """An action that has run is not described any more."""
        for key, action in list(self.scheduled_actions.items()):
            if schedules.is_due(action, self.clock.now()):
                del self.scheduled_actions[key]
                schedules.act(action, self.group(action.auto_scaling_group_name))

    def put_hook(self, request: dict[str, Any]) -> None:
        """A new hook, or changes to one that is there."""
        group = self.changeable(request["AutoScalingGroupName"])
        name = request["LifecycleHookName"]
        known = group.hooks.get(name)
        group.hooks[name] = known.changed(request) if known else Hook.requested(group.name, request)

    # -- target groups

    def attach_load_balancer_target_groups(self, group_name: str, target_group_arns: list[str]) -> None:
        group = self.changeable(group_name)
        validation.check_target_groups(self.elbv2, target_group_arns)
        group.append_target_groups(target_group_arns)

    def detach_load_balancer_target_groups(self, group_name: str, target_group_arns: list[str]) -> None:
        group = self.group(group_name)
        unknown = sorted(set(target_group_arns) - set(group.target_group_arns))
        if unknown:
            raise ValidationError(f"Trying to remove Target Groups that are not part of the group: {unknown}")
        for arn in target_group_arns:
            attachments.detach(group, self.elbv2, arn)

    def attachments_of(self, group_name: str) -> list[Attachment]:
        return self.group(group_name).attachments

    # -- instances

    def terminate_instance(self, instance_id: str, should_decrement: bool) -> Any:
        group, member = self.member(instance_id)
        if should_decrement:
            self._decrement(group)
        self.controller.terminate(group, member, activities.REQUESTED)
        assert member.activity is not None
        return member.activity.described()

    def attach_instances(self, group_name: str, instance_ids: list[str]) -> None:
        """The desired capacity grows with them, and they come into service as launched ones do."""
        group = self.changeable(group_name)
        validation.check_desired(group, (group.desired_capacity or 0) + len(instance_ids))
        for instance in self.ec2_backend.get_multi_instances_by_id(instance_ids):
            instance.autoscaling_group = group  # type: ignore[attr-defined]
            self.ec2_backend.create_tags([instance.id], {GROUP_NAME_TAG: group.name})
            activity = self.log.attachment(group, instance.id)
            group.instance_states.append(LabMember(instance, None, activity, lifecycle_state="Pending"))
        group.set_desired_capacity((group.desired_capacity or 0) + len(instance_ids))

    def detach_instances(self, group_name: str, instance_ids: list[str], should_decrement: bool) -> list[Any]:
        """A detached instance leaves the load balancer too, and goes on running."""
        group = self.changeable(group_name)
        for instance_id in instance_ids:
            group.instance_states.remove(self._leave(group, instance_id, should_decrement, "Detached"))
            self.ec2_backend.delete_tags([instance_id], {GROUP_NAME_TAG: group.name})
        return [self._done(group, "Detaching EC2 instance", instance_id) for instance_id in instance_ids]

    def enter_standby_instances(self, group_name: str, instance_ids: list[str], should_decrement: bool) -> list[Any]:
        group = self.changeable(group_name)
        for instance_id in instance_ids:
            self._leave(group, instance_id, should_decrement, "Standby")
        return [self._done(group, "Moving EC2 instance to Standby", instance_id) for instance_id in instance_ids]

    def exit_standby_instances(self, group_name: str, instance_ids: list[str]) -> list[Any]:
        """Back through Pending, and so through the launch hooks, as AWS does."""
        group = self.changeable(group_name)
        for instance_id in instance_ids:
            _group, member = self.member(instance_id)
            member.lifecycle_state = "Pending"
        group.set_desired_capacity((group.desired_capacity or 0) + len(instance_ids))
        return [self._done(group, "Moving EC2 instance out of Standby", instance_id) for instance_id in instance_ids]

    def set_instance_health(self, instance_id: str, health_status: str, respect_grace: bool = True) -> None:
        """Within the grace period it has no effect, unless asked for."""
        group, member = self.member(instance_id)
        grace = group.health_check_grace_period or 0
        if not respect_grace or self.clock.passed(member.in_service_since, grace):
            member.health_status = health_status

    def _leave(self, group: LabGroup, instance_id: str, should_decrement: bool, state: str) -> LabMember:
        _group, member = self.member(instance_id)
        attachments.deregister(group, self.elbv2, instance_id)
        if should_decrement:
            self._decrement(group)
        member.lifecycle_state = state
        return member

    def _done(self, group: LabGroup, description: str, instance_id: str) -> dict[str, Any]:
        return self.log.request(group, f"{description}: {instance_id}").described()

    def _decrement(self, group: LabGroup) -> None:
        desired = (group.desired_capacity or 0) - 1
        if desired < (group.min_size or 0):
            raise AutoscalingClientError(
                "ValidationError",
                f"Currently, desiredSize equals minSize ({group.min_size}). "
                "Terminating instance without replacement will violate group's min size constraint.",
            )
        group.set_desired_capacity(desired)
