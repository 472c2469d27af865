# SPDX-License-Identifier: GPL-3.0-or-later
"""An instance in an Auto Scaling group, or in its warm pool."""

from __future__ import annotations

from typing import Any

import moto.autoscaling.models as moto_autoscaling
from moto.ec2.models.launch_templates import LaunchTemplateVersion

from ...clock import Clock
from .activities import Activity
from .hooks import LAUNCHING, LifecycleAction
from .warm_pool import PREFIX

SHORTEST_GRACE_SECONDS = 3.0
"""However fast the lab's clock runs, an instance must not be called dead because the machine boots it slowly."""


class LabMember(moto_autoscaling.InstanceState):
    __module__ = moto_autoscaling.__name__  # moto's class tracker derives the service from it

    def __init__(
        self, instance: Any, version: LaunchTemplateVersion | None, activity: Activity | None, **kwargs: Any
    ) -> None:
        super().__init__(instance, **kwargs)
        self.version = version  # that it was launched from, if it was a launch template's
        self.activity = activity
        self.transition = LAUNCHING  # whose hooks it goes through next
        self.actions: list[LifecycleAction] = []
        self.in_service_since = 0.0
        self.image_id = instance.image_id
        self.weighted_capacity = self.auto_scaling_group.weights.get(instance.instance_type)

    def begin(self, state: str, transition: str, activity: Activity) -> None:
        """A new stage of its life, which the hooks of the transition may hold up."""
        self.lifecycle_state, self.transition, self.activity = state, transition, activity

    def has_grace(self, clock: Clock) -> bool:
        """Whether its health does not count yet."""
        grace = self.auto_scaling_group.health_check_grace_period or 0
        least = min(grace, SHORTEST_GRACE_SECONDS)
        return clock.now() < self.in_service_since + max(clock.real(grace), least)

    @property
    def is_warm(self) -> bool:
        return self.lifecycle_state.startswith(PREFIX)

    @property
    def weight(self) -> int:
        """How much of the desired capacity it is."""
        return int(self.weighted_capacity or 1)

    @property
    def is_spot(self) -> bool:
        return self.instance.lifecycle == "spot"

    @property
    def hibernates(self) -> bool:
        """Whether its launch template prepares it for that."""
        options = self.version.data.get("HibernationOptions", {}) if self.version else {}
        return str(options.get("Configured")).lower() == "true"

    @property
    def launch_template(self) -> dict[str, Any] | None:
        """The version that was launched, not the one that is the default now."""
        if self.version is None:
            return None
        return {
            "LaunchTemplateId": self.version.template.id,
            "LaunchTemplateName": self.version.template.name,
            "Version": str(self.version.number),
        }
