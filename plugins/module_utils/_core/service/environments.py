# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state of a service: two environments, the routes that split traffic between them, and which one is stable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from ..base.arns import arn_resource, target_group_name
from ..base.errors import BluegreenError
from ..group.marks import Marks
from ..history.outcome import Outcome, Version
from ..lease.contest import Holder
from ..targets.registration import Target
from ..traffic.decisions import foreign
from ..traffic.pairs import COLORS, Color, other
from ..traffic.route import Route, reached
from ..traffic.sessions import describe_sessions
from ..traffic.weights import rounded
from .freeze import Freeze
from .group import Group
from .phases import PROVISIONED, SETTLED, SHIFTING, phase_of


@dataclass(frozen=True)
class Environment:
    """One color. ``weight`` is its percent of the traffic, ``group`` is None when it is empty. ``targets`` are those of
    all its target groups, each as it is where it is worst."""

    color: Color
    target_groups: Sequence[str]
    weight: int
    group: Group | None
    targets: Sequence[Target]

    @property
    def name(self) -> str:
        """The names of its target groups, as a person calls them."""
        return " and ".join(map(target_group_name, self.target_groups))

    @property
    def version(self) -> Version:
        """What it runs."""
        return Version(self.group.image_id or "", self.group.release or "") if self.group else Version()

    @property
    def healthy(self) -> int:
        return sum(target.healthy for target in self.targets)

    @property
    def shifted(self) -> dict[str, int]:
        """How many healthy targets get no requests because of a zonal shift, by zone; "" for an unknown zone."""
        instances = self.group.described.get("Instances", []) if self.group else []
        zones = {each["InstanceId"]: each["AvailabilityZone"] for each in instances}
        return dict(Counter(zones.get(each.id, "") for each in self.targets if each.healthy and each.zonal_shift))

    @property
    def down(self) -> bool:
        """Whether fewer targets are healthy than its own minimum amounts to, or none although some should be."""
        return self.healthy < max(self.minimum_healthy, 1 if self.group and self.group.desired else 0)

    @property
    def minimum_healthy(self) -> int:
        """What the group's own minimum amounts to, also while it is pinned."""
        return self.group.healthy_for((self.group.pinned or self.group).minimum) if self.group else 0

    @property
    def resources(self) -> list[str]:
        """The names of its target groups and its Auto Scaling group, as dimensions of metrics have them."""
        return [*map(arn_resource, self.target_groups), *([self.group.name] if self.group else [])]

    def as_data(self, now: datetime, holder: Holder | None) -> dict[str, Any]:
        group, retain_until = self.group, self.group.retain_until if self.group else None
        approval = group.approval if group else None
        return {
            "color": self.color,
            "weight": self.weight,
            "target_group_arn": self.target_groups[0],
            "target_group_arns": list(self.target_groups),
            "target_group_name": self.name,
            "group": group.name if group else None,
            "image_id": group.image_id if group else None,
            "release": group.release if group else None,
            "user_data_sha256": group.user_data or None if group else None,
            "instances": list(group.instances) if group else [],
            "desired": group.desired if group else 0,
            "minimum": group.minimum if group else 0,
            "maximum": group.maximum if group else 0,
            "pinned": group.pinned.as_data() if group and group.pinned else None,
            "expected_healthy": group.healthy_for(group.desired) if group else 0,
            "minimum_healthy": self.minimum_healthy,
            "healthy": self.healthy,
            "down": self.down,
            "targets": [asdict(target) for target in self.targets],
            "retain_until": retain_until.isoformat() if retain_until else None,
            "approval": {**approval.as_data(), "waits": approval.awaited(holder, now)} if approval else None,
            **(group.marks if group else Marks()).as_data(),
            "due": group is not None and group.retention_is_over(now),
        }


@dataclass(frozen=True)
class Service:
    """``declared``: tags say which color is stable, it is not only taken from the weights.

    ``routes`` move as one. ``group_names`` are those of all its Auto Scaling groups, also of such that are being
    deleted. ``holder`` is who changes it, or did last and has not ended properly. ``outcomes`` say how the last runs
    have ended, the latest first.
    """

    name: str
    stable: Color
    declared: bool
    routes: Sequence[Route]
    environments: Mapping[Color, Environment]
    freeze: Freeze | None = None
    group_names: Sequence[str] = ()
    holder: Holder | None = None
    outcomes: Sequence[Outcome] = ()

    @property
    def ttl(self) -> int:
        """For how many seconds who has resolved a name keeps the answer."""
        return max((route.ttl for route in self.routes), default=0)

    @property
    def in_front(self) -> bool:
        """Whether routes lead to load balancers, so that each environment has one of its own."""
        return any(route.in_front for route in self.routes)

    def reached(self, color: Color) -> list[str]:
        """Which of its target groups the routes lead to."""
        return reached(self.routes, color, self.environments[color].target_groups)

    @property
    def target_groups(self) -> list[str]:
        return [arn for environment in self.environments.values() for arn in environment.target_groups]

    @property
    def pairs(self) -> dict[str, str]:
        """The candidate's target groups by the stable ones whose place they take, by ARN."""
        stable, candidate = self.stable_environment.target_groups, self.candidate_environment.target_groups
        return dict(zip(stable, candidate, strict=True))

    @property
    def candidate(self) -> Color:
        return other(self.stable)

    @property
    def stable_environment(self) -> Environment:
        return self.environments[self.stable]

    @property
    def candidate_environment(self) -> Environment:
        return self.environments[self.candidate]

    @property
    def phase(self) -> str:
        candidate = self.candidate_environment
        return phase_of(
            shifting=any(candidate.color in route.shares() for route in self.routes),
            waits=candidate.group is not None and candidate.group.retain_until is None,
        )

    @property
    def is_settled(self) -> bool:
        """Whether there is no candidate: what is retained is the previous release."""
        return self.phase == SETTLED

    @property
    def is_provisioned(self) -> bool:
        """Whether the candidate has no traffic: it waits for some, or was rejected."""
        return self.phase == PROVISIONED

    @property
    def is_shifting(self) -> bool:
        """Whether the candidate has traffic, on one route at least."""
        return self.phase == SHIFTING

    @property
    def weightless_routes(self) -> list[str]:
        """The titles of the routes whose weights are all 0. An ALB answers 503 there."""
        return [route.title for route in self.routes if not route.shares()]

    @property
    def has_left_lease(self) -> bool:
        """Whether a run that died, or could not give its lease back, has left nothing else. Where it has left more,
        watch.yml knows by its lease that it died."""
        return self.is_settled and self.holder is not None and not self.holder.alive

    def weights(self) -> dict[str, int] | None:
        """Percents by target group ARN, or None while the routes disagree (a run died between two of them)."""
        first, *rest = [rounded(route.shares()) for route in self.routes]
        if any(shares != first for shares in rest):
            return None
        return {arn: first.get(color, 0) for color, each in self.environments.items() for arn in each.target_groups}

    def as_data(self, now: datetime) -> dict[str, Any]:
        return {
            "service": self.name,
            "stable": self.stable,
            "declared": self.declared,
            "candidate": self.candidate,
            "phase": self.phase,
            "frozen": self.freeze.as_data() if self.freeze and self.freeze.holds(now) else None,
            "lease": self.holder.as_data(now) if self.holder else None,
            "outcomes": [each.as_data() for each in self.outcomes],
            "weights": self.weights(),
            "sessions": describe_sessions(self.routes),
            "routes": [route.as_data() for route in self.routes],
            "ttl_seconds": self.ttl,
            "environments": {
                color: {**its.as_data(now, self.holder), "highest_weight": highest_weight(self.routes, color)}
                for color, its in self.environments.items()
            },
        }


def check_routes(routes: Sequence[Route]) -> None:
    """A service's routes lead to its own environments, and to nothing else that gets traffic."""
    for route in routes:
        if strangers := foreign(route, *COLORS):
            raise BluegreenError(
                f"{route.title} forwards elsewhere: {route.describe(strangers)}, which is not "
                f"{' or '.join(map(route.name, route.own))}. Correct the routes or the target groups."
            )


def lowest_weight(routes: Sequence[Route], color: Color) -> int:
    """What the environment gets on every route at least."""
    return min(rounded(route.shares()).get(color, 0) for route in routes)


def highest_weight(routes: Sequence[Route], color: Color) -> int:
    """The routes disagree after a run that died between two of them, or where one could not be written."""
    return max(rounded(route.shares()).get(color, 0) for route in routes)
