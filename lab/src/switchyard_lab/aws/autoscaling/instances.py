# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user does to single instances of a group."""

from __future__ import annotations

from typing import Any

from moto.autoscaling.exceptions import AutoscalingClientError, ValidationError

from . import activities, attachments, validation
from .group import LabGroup
from .groups import GroupBackend
from .launching import GROUP_NAME_TAG
from .lifecycle import RETAINED
from .member import LabMember


class InstanceBackend(GroupBackend):
    def terminate_instance(self, instance_id: str, should_decrement: bool) -> Any:
        group, member = self._serving(instance_id)
        if should_decrement:
            self._decrement(group)
        if member.lifecycle_state.endswith(RETAINED):
            self.controller.lifecycle.let_go(member)
        else:
            self.controller.terminate(group, member, activities.REQUESTED)
        assert member.activity is not None
        return member.activity.described()

    def attach_instances(self, group_name: str, instance_ids: list[str]) -> None:
        """The desired capacity grows with them, and they come into service as launched ones do."""
        group = self.changeable(group_name)
        validation.check_desired(group, (group.desired_capacity or 0) + len(instance_ids))
        for instance in self.ec2_backend.get_multi_instances_by_id(instance_ids):
            instance.autoscaling_group = group  # type: ignore[attr-defined]  # moto sets it, too, and declares it nowhere
            self.ec2_backend.create_tags([instance.id], {GROUP_NAME_TAG: group.name})
            activity = self.log.attachment(group, instance.id)
            group.instance_states.append(LabMember(instance, None, activity, lifecycle_state="Pending"))
        group.set_desired_capacity((group.desired_capacity or 0) + len(instance_ids))

    def detach_instances(self, group_name: str, instance_ids: list[str], should_decrement: bool) -> list[Any]:
        """A detached instance leaves the load balancer too, and continues running."""
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
            _group, member = self._serving(instance_id)
            member.lifecycle_state = "Pending"
        group.set_desired_capacity((group.desired_capacity or 0) + len(instance_ids))
        return [self._done(group, "Moving EC2 instance out of Standby", instance_id) for instance_id in instance_ids]

    def set_instance_protection(
        self, group_name: str, instance_ids: list[str], protected_from_scale_in: bool | None
    ) -> None:
        """The refusal is word for word what AWS answers (guardian/riff-raff#510)."""
        self.changeable(group_name)
        members = [self._serving(instance_id)[1] for instance_id in instance_ids]
        for member in members:
            if member.lifecycle_state not in ("InService", "EnteringStandby", "Standby"):
                raise ValidationError(
                    f"The instance {member.instance_id} is not in InService or EnteringStandby or Standby."
                )
        for member in members:
            member.protected_from_scale_in = protected_from_scale_in

    def set_instance_health(self, instance_id: str, health_status: str, respect_grace: bool = True) -> None:
        """Within the grace period it has no effect, unless asked for."""
        _group, member = self.member(instance_id)
        if not respect_grace or not member.has_grace(self.clock):
            member.health_status = health_status

    def _serving(self, instance_id: str) -> tuple[LabGroup, LabMember]:
        group, member = self.member(instance_id)
        if member.is_warm:
            raise ValidationError(f"The instance {instance_id} is in the warm pool of Auto Scaling group {group.name}")
        return group, member

    def _leave(self, group: LabGroup, instance_id: str, should_decrement: bool, state: str) -> LabMember:
        _group, member = self._serving(instance_id)
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
