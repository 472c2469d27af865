# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes a group act: one step brings every instance, and then the capacity, a little nearer to what is wanted."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from ...calls.faults import ApiFaults
from ...clock import Clock
from ..elbv2.backend import LabELBv2
from . import activities, attachments, notices
from .activities import ActivityLog
from .group import LabGroup
from .hooks import LAUNCHING
from .launching import LaunchError, launch, next_subnet, note_failure, start
from .lifecycle import PROCEED, RETAINED, Lifecycle
from .member import LabMember
from .refresh import Refresh
from .refresh_course import Course
from .replacement import Standing, next_moves
from .selection import next_warm, selected, superfluous
from .warm_pool import PREFIX

LAUNCH_RETRY_SECONDS = 30  # AWS tries a failed launch again and again, at growing intervals


@dataclass(frozen=True)
class Controller:
    """Steps the groups of one account and region."""

    elbv2: LabELBv2
    log: ActivityLog
    clock: Clock
    faults: ApiFaults

    @property
    def lifecycle(self) -> Lifecycle:
        return Lifecycle(self.elbv2, self.log, self.clock)

    def step(self, group: LabGroup, booted: Container[str], course: Course) -> None:
        lifecycle = self.lifecycle
        for member in list(group.instance_states):
            lifecycle.advance(group, member, booted)
        attachments.advance(group, self.elbv2)
        if group.refresh and group.refresh.replaces(self.clock.now()) and not group.suspends("InstanceRefresh"):
            self._replace(group, course.standing(group, group.refresh), group.refresh)
        else:
            self._grow(group)
            self._shrink(group)
        self._prepare(group)
        if group.warm_pool and group.warm_pool.status and not group.warm_instances:
            group.warm_pool = None

    def terminate(self, group: LabGroup, member: LabMember, cause: str) -> None:
        self.lifecycle.terminate(group, member, cause)

    def end(self, group: LabGroup, member: LabMember) -> None:
        """By force: no protection, no standby, no hook and no retention holds it."""
        member.protected_from_scale_in, member.actions = False, []
        if member.lifecycle_state.endswith(RETAINED):
            self.lifecycle.let_go(member)
        self.terminate(group, member, activities.SCALED_IN)

    def empty_warm_pool(self, group: LabGroup) -> None:
        """The pool goes with its instances, and no hook holds them."""
        if group.warm_pool is None:
            return
        group.warm_pool = group.warm_pool.leaving if group.warm_instances else None
        for member in group.warm_instances:
            self.terminate(group, member, activities.REQUESTED)
            member.lifecycle_state, member.actions = f"Warmed:Terminating{PROCEED}", []

    # -- the capacity

    def _grow(self, group: LabGroup) -> None:
        """From the warm pool as long as it has instances that are ready."""
        while group.missing > 0 and self._may_launch(group):
            if warm := next_warm(group):
                self._take(group, warm)
            else:
                self._launch(group, "Pending")

    def _replace(self, group: LabGroup, standing: Standing, refresh: Refresh) -> None:
        """The capacity during an instance refresh; the warm pool's turn comes when the group is done."""
        moves = next_moves(standing, refresh)
        if not group.suspends("Terminate"):
            for member in moves.terminate:
                self.terminate(group, member, activities.REFRESHED)
            for member in [] if standing.remaining else group.warm_instances:
                if member.instance_id in refresh.outdated:
                    self.terminate(group, member, activities.REFRESHED)
        for _launch in range(moves.launch):
            if self._may_launch(group):
                self._launch(group, "Pending")

    def _shrink(self, group: LabGroup) -> None:
        if group.missing >= 0 or group.suspends("Terminate"):
            return
        for member in selected(group, -group.missing):
            if group.warm_pool and group.warm_pool.reuses:
                self.lifecycle.give_back(group, member)
            else:
                self.terminate(group, member, activities.SCALED_IN)

    def _prepare(self, group: LabGroup) -> None:
        """The warm pool, after what the group has given back to it."""
        while group.unprepared > 0 and self._may_launch(group):
            self._launch(group, "Warmed:Pending")
        if group.unprepared < 0 and not group.suspends("Terminate"):
            for member in superfluous(group, -group.unprepared):
                self.terminate(group, member, activities.SCALED_IN)

    def _may_launch(self, group: LabGroup) -> bool:
        return not group.suspends("Launch") and self.clock.now() >= group.next_launch

    def _launch(self, group: LabGroup, state: str) -> None:
        warm = state.startswith(PREFIX)
        where = " into warm pool" if warm else ""
        subnet = next_subnet(group, among=group.prepared if warm else group.live)
        try:
            if fault := self.faults.take("RunInstances"):
                raise LaunchError(f"{fault.message}.", fault.error)
            with group.lent_source():
                instance, version = launch(group, subnet)
        except LaunchError as failure:
            note_failure(group, subnet, failure)
            self._put_off(group, where, failure, subnet)
            return
        group.exhausted_subnets.clear()
        instance.autoscaling_group = group  # type: ignore[attr-defined]  # moto sets it, too, and declares it nowhere
        member = LabMember(instance, version, self.log.launch(group, instance.id, where, subnet), lifecycle_state=state)
        member.protected_from_scale_in = group.new_instances_protected_from_scale_in and not warm
        group.instance_states.append(member)

    def _take(self, group: LabGroup, member: LabMember) -> None:
        """An instance that EC2 can't start is a failed launch, and is terminated (user guide, limitations)."""
        try:
            start(group, member)
        except LaunchError as failure:
            self._put_off(group, " from warm pool", failure)
            self.terminate(group, member, activities.SCALED_IN)
            return
        member.begin("Pending", LAUNCHING, self.log.launch(group, member.instance_id, " from warm pool"))
        member.protected_from_scale_in = group.new_instances_protected_from_scale_in

    def _put_off(self, group: LabGroup, where: str, failure: LaunchError, subnet: str | None = None) -> None:
        self.log.failed_launch(group, str(failure), where, subnet)
        notices.of_failed_launch(group, str(failure))
        group.next_launch = self.clock.now() + self.clock.real(LAUNCH_RETRY_SECONDS)
