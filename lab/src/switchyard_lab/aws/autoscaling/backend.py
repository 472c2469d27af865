# SPDX-License-Identifier: GPL-3.0-or-later
"""The Auto Scaling backend: everything that the lab fixes, and the step of its control loop."""

from __future__ import annotations

from collections.abc import Container

from .instances import InstanceBackend
from .policies import PolicyBackend
from .refreshes import RefreshBackend
from .scheduling import ScheduleBackend
from .warm_pools import WarmPoolBackend


class LabAutoScaling(InstanceBackend, PolicyBackend, RefreshBackend, ScheduleBackend, WarmPoolBackend):
    """One class, because moto keeps one backend for an account and region."""

    def step(self, booted: Container[str]) -> None:
        self.hear_alarms()
        self.act_on_schedule()
        for name in list(self.autoscaling_groups):
            group = self.group(name)
            if group.refresh:
                self.course.advance(group, group.refresh)
            self.controller.step(group, booted, self.course)
            if group.status and not group.instance_states:
                self._forget(name)
