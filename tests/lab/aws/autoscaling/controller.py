# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a group act: one step brings every instance, and then the capacity, a little nearer to what is wanted."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from ...clock import Clock
from ...faults import ApiFaults
from ..elbv2 import LabELBv2
from . import activities, attachments, hooks
from .activities import ActivityLog
from .group import LabGroup, LabMember
from .launching import LaunchError, launch
from .selection import selected

LAUNCH_RETRY_SECONDS = 30  # AWS tries a failed launch again and again, at growing intervals


@dataclass(frozen=True)
class Controller:
    """Steps the groups of one account and region."""

    elbv2: LabELBv2
    log: ActivityLog
    clock: Clock
    faults: ApiFaults

    def step(self, group: LabGroup, booted: Container[str]) -> None:
        for member in list(group.instance_states):
            self._advance(group, member, booted)
        attachments.advance(group, self.elbv2)
        self._fit(group)

    # -- one instance

    def _advance(self, group: LabGroup, member: LabMember, booted: Container[str]) -> None:
        match member.lifecycle_state:
            case "Pending":
                self._await_hooks(group, member, hooks.LAUNCHING, "Pending")
            case "Pending:Wait" | "Terminating:Wait":
                self._hear_hooks(group, member)
            case "Pending:Proceed" if member.instance_id in booted:
                self._enter_service(group, member)
            case "InService":
                self._check_health(group, member)
            case "Terminating" if not attachments.is_draining(group, self.elbv2, member.instance_id):
                self._await_hooks(group, member, hooks.TERMINATING, "Terminating")
            case "Terminating:Proceed":
                self._finish_termination(group, member)

    def _await_hooks(self, group: LabGroup, member: LabMember, transition: str, state: str) -> None:
        """Without a hook, AWS goes straight on; with one, the instance waits."""
        member.actions = hooks.started(group.hooks.values(), transition, self.clock)
        member.lifecycle_state = f"{state}:Wait" if member.actions else f"{state}:Proceed"
        if member.actions and member.activity:
            member.activity.status = "MidLifecycleAction"

    def _hear_hooks(self, group: LabGroup, member: LabMember) -> None:
        """An abandoned launch is terminated; an abandoned termination only skips the other hooks."""
        outcome = hooks.outcome(member.actions, self.clock)
        if outcome is None:
            return
        if member.lifecycle_state == "Terminating:Wait":
            member.lifecycle_state = "Terminating:Proceed"
        elif outcome == hooks.CONTINUE:
            member.lifecycle_state = "Pending:Proceed"
        else:
            self._end_activity(member, "Cancelled")
            self.terminate(group, member, activities.ABANDONED)

    def _enter_service(self, group: LabGroup, member: LabMember) -> None:
        """AddToLoadBalancer counts at this moment only: what comes up while it is suspended is never registered."""
        member.lifecycle_state = "InService"
        member.in_service_since = self.clock.now()
        self._end_activity(member, "Successful")
        if not group.suspends("AddToLoadBalancer"):
            attachments.register(group, self.elbv2, member.instance_id)

    def _check_health(self, group: LabGroup, member: LabMember) -> None:
        cause = activities.UNHEALTHY_USER
        if not group.suspends("HealthCheck"):
            if member.instance.state != "running":
                member.health_status, cause = "Unhealthy", activities.UNHEALTHY_EC2
            elif self._fails_elb(group, member):
                member.health_status, cause = "Unhealthy", activities.UNHEALTHY_ELB
        replaced = not (group.suspends("ReplaceUnhealthy") or group.suspends("Terminate"))
        if replaced and member.health_status == "Unhealthy":
            self.terminate(group, member, cause)

    def _fails_elb(self, group: LabGroup, member: LabMember) -> bool:
        grace = group.health_check_grace_period or 0
        return (
            group.health_check_type == "ELB"
            and self.clock.passed(member.in_service_since, grace)
            and attachments.fails_health_check(group, self.elbv2, member.instance_id)
        )

    def terminate(self, group: LabGroup, member: LabMember, cause: str) -> None:
        """Out of the load balancer first; the instance goes when its last request had the time to finish."""
        if member.lifecycle_state.startswith("Terminating"):
            return
        member.lifecycle_state = "Terminating"
        member.activity = self.log.termination(group, member.instance_id, cause)
        attachments.deregister(group, self.elbv2, member.instance_id)
        if attachments.is_draining(group, self.elbv2, member.instance_id):
            member.activity.status = "WaitingForELBConnectionDraining"

    def _finish_termination(self, group: LabGroup, member: LabMember) -> None:
        group.ec2_backend.terminate_instances([member.instance_id])
        self.elbv2.notify_terminate_instances([member.instance_id])
        group.instance_states.remove(member)
        self._end_activity(member, "Successful")

    def _end_activity(self, member: LabMember, status: str) -> None:
        if member.activity:
            member.activity.end(status)
            member.activity = None

    # -- the capacity

    def _fit(self, group: LabGroup) -> None:
        if group.missing > 0 and not group.suspends("Launch"):
            self._launch(group)
        elif group.missing < 0 and not group.suspends("Terminate"):
            for member in selected(group, -group.missing):
                self.terminate(group, member, activities.SCALED_IN)

    def _launch(self, group: LabGroup) -> None:
        if self.clock.now() < group.next_launch:
            return
        while group.missing > 0:
            try:
                if fault := self.faults.take("RunInstances"):
                    raise LaunchError(f"{fault.message}.")
                instance, version = launch(group)
            except LaunchError as failure:
                self.log.failed_launch(group, str(failure))
                group.next_launch = self.clock.now() + self.clock.real(LAUNCH_RETRY_SECONDS)
                return
            instance.autoscaling_group = group  # type: ignore[attr-defined]
            group.instance_states.append(
                LabMember(
                    instance,
                    version,
                    self.log.launch(group, instance.id),
                    lifecycle_state="Pending",
                    protected_from_scale_in=group.new_instances_protected_from_scale_in,
                )
            )
