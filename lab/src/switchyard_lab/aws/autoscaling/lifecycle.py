# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of one instance in a group: each step brings it a little nearer to where it is going."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from ...clock import Clock
from ..elbv2.backend import LabELBv2
from . import activities, attachments, hooks, notices
from .activities import Activity, ActivityLog
from .group import LabGroup
from .member import LabMember
from .warm_pool import PREFIX, READY

WAIT, PROCEED, RETAINED = ":Wait", ":Proceed", ":Retained"


@dataclass(frozen=True)
class Lifecycle:
    elbv2: LabELBv2
    log: ActivityLog
    clock: Clock

    def advance(self, group: LabGroup, member: LabMember, booted: Container[str]) -> None:
        match member.lifecycle_state:
            case "Pending" | "Warmed:Pending" | "Terminating" | "Warmed:Terminating" if not self._drains(group, member):
                self._await_hooks(group, member)
            case state if state.endswith(WAIT):
                self._hear_hooks(group, member)
            case "Pending:Proceed" if member.instance_id in booted:
                self._enter_service(group, member)
            case "Warmed:Pending:Proceed" if member.instance_id in booted:
                self._enter_pool(group, member)
            case "InService":
                self._check_service(group, member)
            case state if state in READY:
                self._check_pool(group, member)
            case "Terminating:Proceed" | "Warmed:Terminating:Proceed":
                self._finish_termination(group, member)

    def terminate(self, group: LabGroup, member: LabMember, cause: str) -> None:
        """Out of the load balancer first; the instance goes when its last request had the time to finish."""
        if "Terminating" in member.lifecycle_state:
            return
        state = f"{PREFIX if member.is_warm else ''}Terminating"
        self._leave_service(group, member, state, self.log.termination(group, member.instance_id, cause))

    def let_go(self, member: LabMember) -> None:
        """One that was retained, and only TerminateInstanceInAutoScalingGroup ends."""
        member.lifecycle_state = member.lifecycle_state.removesuffix(RETAINED) + PROCEED

    def give_back(self, group: LabGroup, member: LabMember) -> None:
        """A scale-in to the warm pool, under the hooks of termination, as the user guide tells of its events."""
        member.protected_from_scale_in = False
        self._leave_service(group, member, "Warmed:Pending", self.log.given_back(group, member.instance_id))

    def _leave_service(self, group: LabGroup, member: LabMember, state: str, activity: Activity) -> None:
        member.begin(state, hooks.TERMINATING, activity)
        attachments.deregister(group, self.elbv2, member.instance_id)
        if self._drains(group, member):
            activity.status = "WaitingForELBConnectionDraining"

    def _drains(self, group: LabGroup, member: LabMember) -> bool:
        leaves = member.transition == hooks.TERMINATING
        return leaves and attachments.is_draining(group, self.elbv2, member.instance_id)

    def _await_hooks(self, group: LabGroup, member: LabMember) -> None:
        """Without a hook, AWS goes straight on; with one, the instance waits."""
        found = [] if group.status else list(group.hooks.values())
        member.actions = hooks.started(found, member.transition, self.clock)
        notices.of_actions(group, member)
        member.lifecycle_state += WAIT if member.actions else PROCEED
        if member.actions and member.activity:
            member.activity.status = "MidLifecycleAction"

    def _hear_hooks(self, group: LabGroup, member: LabMember) -> None:
        """An abandoned launch is terminated; an abandoned termination only skips the other hooks, unless the group is
        to retain such instances (InstanceLifecyclePolicy.RetentionTriggers)."""
        outcome = hooks.outcome(member.actions, self.clock)
        if outcome is None:
            return
        stage = member.lifecycle_state.removesuffix(WAIT)
        if outcome == hooks.ABANDON and group.retains and member.transition == hooks.TERMINATING:
            member.lifecycle_state = stage + RETAINED
        elif outcome == hooks.CONTINUE or stage.endswith("Terminating"):
            member.lifecycle_state = stage + PROCEED
        else:
            self._end_activity(member, "Cancelled")
            self.terminate(group, member, activities.ABANDONED)

    def _enter_service(self, group: LabGroup, member: LabMember) -> None:
        """AddToLoadBalancer counts at this moment only: what comes up while it is suspended is never registered."""
        member.lifecycle_state = "InService"
        member.in_service_since = self.clock.now()
        notices.of_instance(group, member, notices.LAUNCH)
        self._end_activity(member, "Successful")
        if not group.suspends("AddToLoadBalancer"):
            attachments.register(group, self.elbv2, member.instance_id)

    def _enter_pool(self, group: LabGroup, member: LabMember) -> None:
        """An instance that can't hibernate is stopped instead."""
        assert group.warm_pool is not None
        state = group.warm_pool.pool_state
        if state == "Hibernated" and not member.hibernates:
            state = "Stopped"
        if state != "Running":
            group.ec2_backend.stop_instances([member.instance_id])
        member.lifecycle_state = PREFIX + state
        self._end_activity(member, "Successful")

    def _check_service(self, group: LabGroup, member: LabMember) -> None:
        cause = activities.UNHEALTHY_USER
        if not group.suspends("HealthCheck"):
            if member.instance.state != "running":
                member.health_status, cause = "Unhealthy", activities.UNHEALTHY_EC2
            elif self._fails_elb(group, member):
                member.health_status, cause = "Unhealthy", activities.UNHEALTHY_ELB
        if self._is_too_old(group, member):
            self.terminate(group, member, activities.TOO_OLD)
            return
        self._replace(group, member, cause)

    def _check_pool(self, group: LabGroup, member: LabMember) -> None:
        """By EC2 only, and without a grace period."""
        cause, kept = activities.UNHEALTHY_USER, "running" if member.lifecycle_state == "Warmed:Running" else "stopped"
        if member.instance.state != kept and not group.suspends("HealthCheck"):
            member.health_status, cause = "Unhealthy", activities.UNHEALTHY_EC2
        self._replace(group, member, cause)

    def _replace(self, group: LabGroup, member: LabMember, cause: str) -> None:
        replaced = not (group.suspends("ReplaceUnhealthy") or group.suspends("Terminate"))
        if replaced and member.health_status == "Unhealthy":
            self.terminate(group, member, cause)

    def _is_too_old(self, group: LabGroup, member: LabMember) -> bool:
        """One after another: while an instance is replaced, the others stay (user guide, "maximum instance
        lifetime")."""
        lifetime = group.max_instance_lifetime or 0
        complete = all(each.lifecycle_state == "InService" for each in group.live) and group.missing <= 0
        return bool(lifetime) and complete and self.clock.passed(member.in_service_since, lifetime)

    def _fails_elb(self, group: LabGroup, member: LabMember) -> bool:
        return (
            group.checks("ELB")
            and not member.has_grace(self.clock)
            and attachments.fails_health_check(group, self.elbv2, member.instance_id)
        )

    def _finish_termination(self, group: LabGroup, member: LabMember) -> None:
        group.ec2_backend.terminate_instances([member.instance_id])
        self.elbv2.notify_terminate_instances([member.instance_id])
        group.instance_states.remove(member)
        notices.of_instance(group, member, notices.TERMINATE)
        self._end_activity(member, "Successful")

    def _end_activity(self, member: LabMember, status: str) -> None:
        if member.activity:
            member.activity.end(status)
            member.activity = None
