# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service as it stands: two environments, the routes that split traffic between them, and which one is stable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from ..bake.approval import Approval
from ..base.arns import arn_resource, load_balancer_of, target_group_name
from ..base.errors import BluegreenError
from ..base.tags import SERVICE, STABLE
from ..group.capacity import Bounds
from ..group.marks import Marks
from ..targets.members import instances_for
from ..targets.registration import Target
from ..traffic.record import RecordRoute
from ..traffic.sessions import describe_sessions
from ..traffic.weights import AnyRoute, Route, describe, rounded
from .freeze import Freeze

COLORS = ("blue", "green")

Color = str
TargetGroups = Mapping[Color, str]  # ARN by color


def other(color: Color) -> Color:
    return COLORS[1 - COLORS.index(color)]


@dataclass(frozen=True)
class Group:
    """An environment's Auto Scaling group.

    ``weights`` are what its instances count towards its capacity, each 1 but in a mixed instances group with weights;
    ``pinned`` are the bounds that it had before it was pinned, ``user_data`` is the fingerprint of its user data.
    ``described`` is the group as DescribeAutoScalingGroups returned it, ``launched`` what it launches.
    """

    name: str
    image_id: str | None
    release: str | None
    instances: Sequence[str]
    weights: Sequence[int]
    desired: int
    minimum: int
    maximum: int
    retain_until: datetime | None
    pinned: Bounds | None
    approval: Approval | None = None
    marks: Marks = field(default_factory=Marks)
    user_data: str = ""
    described: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)
    launched: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def healthy_for(self, capacity: int) -> int:
        """How many healthy targets make up such a capacity, by the weights that its instances have now."""
        return instances_for(capacity, self.weights)


@dataclass(frozen=True)
class Environment:
    """One color. ``weight`` is its percent of the traffic, ``group`` is None when it is empty."""

    color: Color
    target_group_arn: str
    weight: int
    group: Group | None
    targets: Sequence[Target]

    @property
    def healthy(self) -> int:
        return sum(target.healthy for target in self.targets)

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
        """Its target group and its Auto Scaling group, as dimensions of metrics name them."""
        return [arn_resource(self.target_group_arn), *([self.group.name] if self.group else [])]

    def as_data(self, now: datetime) -> dict[str, Any]:
        group, retain_until = self.group, self.group.retain_until if self.group else None
        return {
            "color": self.color,
            "weight": self.weight,
            "target_group_arn": self.target_group_arn,
            "target_group_name": target_group_name(self.target_group_arn),
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
            "approval": group.approval.as_data() if group and group.approval else None,
            **(group.marks if group else Marks()).as_data(),
            "due": retain_until is not None and retain_until <= now,
        }


@dataclass(frozen=True)
class Service:
    """``declared``: tags say which color is stable, it is not only taken from the weights.

    ``routes`` are of load balancers, ``records`` in front of them. ``group_names`` are those of all its Auto Scaling
    groups, also of such that are being deleted.
    """

    name: str
    stable: Color
    declared: bool
    routes: Sequence[Route]
    environments: Mapping[Color, Environment]
    freeze: Freeze | None = None
    records: Sequence[RecordRoute] = ()
    group_names: Sequence[str] = ()

    @property
    def all_routes(self) -> list[AnyRoute]:
        """Of both kinds, which move as one."""
        return [*self.routes, *self.records]

    @property
    def ttl(self) -> int:
        """For how many seconds who has resolved a name keeps the answer."""
        return max((record.ttl for record in self.records), default=0)

    @property
    def candidate(self) -> Color:
        return other(self.stable)

    @property
    def phase(self) -> str:
        """``shifting``: the candidate has traffic; ``provisioned``: it waits for some; ``settled``: there is none.

        A group that is retained is the previous release, not a candidate, though it has the candidate's color.
        """
        candidate = self.environments[self.candidate]
        if any(candidate.target_group_arn in route.shares() for route in self.all_routes):
            return "shifting"
        if candidate.group is not None and candidate.group.retain_until is None:
            return "provisioned"
        return "settled"

    def weights(self) -> dict[str, int] | None:
        """Percents by target group ARN, or None while the routes disagree (a run died between two of them)."""
        arns = [environment.target_group_arn for environment in self.environments.values()]
        first, *rest = [rounded(route.shares()) for route in self.all_routes]
        return {arn: first.get(arn, 0) for arn in arns} if all(shares == first for shares in rest) else None

    def as_data(self, now: datetime) -> dict[str, Any]:
        return {
            "service": self.name,
            "stable": self.stable,
            "declared": self.declared,
            "candidate": self.candidate,
            "phase": self.phase,
            "frozen": self.freeze.as_data() if self.freeze and self.freeze.holds(now) else None,
            "weights": self.weights(),
            "sessions": describe_sessions(
                self.routes, {color: each.target_group_arn for color, each in self.environments.items()}, self.ttl
            ),
            "routes": [
                {
                    "arn": route.arn,
                    "load_balancer_arn": load_balancer_of(route.arn),
                    "weights": rounded(route.forward.shares()),
                    "stickiness_seconds": route.forward.stickiness_seconds(),
                }
                for route in self.routes
            ],
            "records": [record.as_data() for record in self.records],
            "ttl_seconds": self.ttl,
            "environments": {color: environment.as_data(now) for color, environment in self.environments.items()},
        }


def check_colors(named: Mapping[str, str]) -> None:
    if set(named) != set(COLORS) or len(set(named.values())) != len(COLORS):
        said = ", ".join(f"{color}: {group}" for color, group in named.items()) or "none"
        raise BluegreenError(f"target_groups names one target group for blue and another for green; given: {said}.")


def check_routes(routes: Sequence[AnyRoute], groups: TargetGroups) -> None:
    """A service's routes forward to its own two target groups and to nothing else that gets traffic."""
    for route in routes:
        foreign = {group: share for group, share in route.shares().items() if group not in groups.values()}
        if foreign:
            raise BluegreenError(
                f"{route.title} forwards elsewhere: {describe(foreign)}, which is not "
                f"{' or '.join(map(target_group_name, groups.values()))}. Correct the routes or the target groups."
            )


def lowest_weight(routes: Sequence[AnyRoute], group: str) -> int:
    """What the group gets on every route at least."""
    return min(rounded(route.shares()).get(group, 0) for route in routes)


def find_declared(groups: TargetGroups, tags: Mapping[str, Mapping[str, str]]) -> Color | None:
    """The color that the tags of every target group declare stable; one that is being adopted has no twin yet."""
    declared = {tags[group].get(STABLE, "") for group in groups.values()}
    color = declared.pop() if len(declared) == 1 else ""
    return color if color in COLORS else None


def check_owners(service: str, groups: TargetGroups, tags: Mapping[str, Mapping[str, str]]) -> None:
    for group in groups.values():
        owner = tags[group].get(SERVICE, service)
        if owner != service:
            raise BluegreenError(f"Target group {target_group_name(group)} belongs to service {owner}, not {service}.")


def find_stable(
    service: str, routes: Sequence[AnyRoute], groups: TargetGroups, tags: Mapping[str, Mapping[str, str]]
) -> Color:
    """The color that the tags declare, or, before anything was declared, the one that has the whole traffic."""
    if color := find_declared(groups, tags):
        return color
    for color, group in groups.items():
        if all(route.shares() == {group: 100} for route in routes):
            return color
    raise BluegreenError(
        f"Which environment of {service} is stable? Its target groups do not agree on tag {STABLE}, and the traffic is "
        f"split. Set the tag to blue or green on both target groups."
    )
