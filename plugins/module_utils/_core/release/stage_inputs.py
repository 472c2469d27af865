# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the stages of a plan are given: whom they act on, and what is watched meanwhile."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from ..bake.significance_budget import SIGNIFICANCE
from ..definition.service import Definition
from ..definition.steps import times_judged
from ..group.names import next_group_name
from ..service.environments import Environment, Service
from .bring_up import Asked, BringUp


@dataclass(frozen=True, kw_only=True)
class StageInputs:
    """One release, as its stages know it. ``strays``: whether others than the routes send requests to the service.
    ``zonal``: the target groups without cross-zone load balancing."""

    service: Service
    bring_up: BringUp
    asked: Asked
    definition: Definition
    strays: bool = False
    zonal: Collection[str] = ()

    @property
    def stable(self) -> Environment:
        return self.service.stable_environment

    @property
    def idle(self) -> Environment:
        return self.service.candidate_environment

    @property
    def target_groups(self) -> dict[str, list[str]]:
        """The ARNs of both colors."""
        return {each.color: list(each.target_groups) for each in (self.stable, self.idle)}

    @property
    def name(self) -> str:
        """The candidate's group: the one that is there, or one number above all groups of the service."""
        if self.bring_up.candidate and not self.bring_up.creates_group:
            return self.bring_up.candidate
        return next_group_name(self.service.name, self.idle.color, self.service.group_names)

    @property
    def label(self) -> str:
        """How a response of the candidate names its release, if that is checked."""
        if self.asked.release or self.asked.image_id:
            return self.asked.release or self.asked.image_id
        return (self.idle.group.release if self.idle.group else None) or ""

    def shares(self, weight: int) -> dict[str, int]:
        return {self.stable.color: 100 - weight, self.idle.color: weight}

    def split(self, weight: int) -> dict[str, Any]:
        """As a person reads it."""
        sticky = self.definition.shift.stickiness_seconds
        return {"weights": self.shares(weight), **({} if sticky is None else {"stickiness_seconds": sticky})}

    def judged(self) -> dict[str, Any]:
        """Whose health and metrics are watched, and compared with whose: options of module bake, and the groups'
        names."""
        stable = self.stable.group.name if self.stable.group else ""

        def side(environment: Environment, group: str) -> dict[str, Any]:
            placeholders = {"color": environment.color, "auto_scaling_group": group}
            first, *others = environment.target_groups
            return {"target_group": first, "other_target_groups": others, "placeholders": placeholders}

        return {
            "health": [*self.health(self.idle, self.name, "desired"), *self.health(self.stable, stable, "minimum")],
            "candidate": side(self.idle, self.name),
            "stable": side(self.stable, stable),
            "significance": SIGNIFICANCE / max(1, times_judged(self.definition.shift.steps)),
            "strays": self.strays,
            "group": self.name,
            "stable_group": stable,
        }

    def health(self, environment: Environment, group: str, capacity: str) -> list[dict[str, Any]]:
        return [{"target_group": arn, "group": group, "capacity": capacity} for arn in environment.target_groups]

    def required(self, weight: int) -> list[dict[str, Any]]:
        """What must hold in each target group of the candidate before its weight rises; the run's id comes later."""
        image = self.asked.image_id or (self.idle.group.image_id if self.idle.group else None)
        carries = {"group": self.name, "image_id": image, "healthy_percent": weight}
        zones = {"zones_of": self.stable.group.name} if self.stable.group else {}
        return [
            {"target_group": arn, **carries, **(zones if arn in self.zonal else {})} for arn in self.idle.target_groups
        ]

    def settled(self, environment: Environment) -> dict[str, Any]:
        """What module settle is given, to declare this one stable."""
        groups = {self.stable.color: self.stable.group.name} if self.stable.group else {}
        if environment is self.idle:
            groups[environment.color] = self.name
        return {"stable": environment.color, "groups": groups, "target_groups": self.target_groups}
