# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The return of traffic to stable: what stable can take, and what becomes of the routes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from ..base.findings import Report
from ..base.tags import COLOR, RUN, tags_of
from ..service.environments import Environment, Service
from ..targets.members import Members
from ..targets.registration import Target
from ..targets.serving_capacity import ServingCapacity, needed_by, serving
from ..traffic.decisions import plan_return
from ..traffic.pairs import Color
from ..traffic.route import AnyChange


@dataclass(frozen=True)
class Facts:
    """``groups`` as DescribeAutoScalingGroups returns them, those that stay; ``targets`` by color, None where they
    could not be read. ``broken``: why routes cannot be returned."""

    service: Service
    groups: Sequence[Mapping[str, Any]]
    targets: Mapping[Color, Sequence[Target] | None]
    broken: Sequence[str] = ()

    def members(self, color: Color) -> Members | None:
        return next((Members.read(group) for group in self.groups if tags_of(group).get(COLOR) == color), None)


@dataclass(frozen=True)
class Plan:
    """``group`` is stable's, ``capacity`` what it has. ``lack``: why waiting for more of it would be in vain.
    ``by_hand``: a person asks for the return, not a run that has failed."""

    service: Service
    group: Members | None
    capacity: ServingCapacity
    lack: str | None
    broken: Sequence[str]
    by_hand: bool

    @property
    def stable(self) -> Environment:
        return self.service.stable_environment

    @property
    def due(self) -> bool:
        """Whether the candidate has traffic, or nobody has, which a run that has failed leaves to people: somebody else
        has set it so."""
        return self.service.is_shifting or (self.by_hand and bool(self.service.weightless_routes))


def decide(facts: Facts, headroom_percent: int, run: str | None) -> Plan:
    """``run``: the id of the run whose candidate it is; None compares nothing."""
    service = facts.service
    if run:
        _check_run(facts, run)
    group, targets = facts.members(service.stable), facts.targets[service.stable]
    needed = needed_by(facts.members(service.candidate), headroom_percent) if group else 0
    healthy = None if targets is None else [target.id for target in targets if target.healthy]
    capacity = ServingCapacity(serving(group, healthy), needed if healthy is None else max(1, needed))
    return Plan(service, group, capacity, _lack_of_group(service, group, targets), facts.broken, by_hand=not run)


def plan_routes(service: Service, weight: int) -> tuple[list[AnyChange], list[str]]:
    """``weight`` for stable on every route, and why routes cannot be given it."""
    report = Report()
    change = partial(plan_return, stable=service.stable, candidate=service.candidate, weight=weight)
    planned = [report.of(change, route) for route in service.routes]
    return [each for each in planned if each], report.findings


def _check_run(facts: Facts, own: str) -> None:
    """Another run may have taken the candidate over; then it is its traffic."""
    service = facts.service
    tags = next((tags for tags in map(tags_of, facts.groups) if tags.get(COLOR) == service.candidate), {})
    other = tags.get(RUN, own)
    if other != own and service.is_shifting:
        raise BluegreenError(
            f"{service.candidate}, the candidate of {service.name}, belongs to run {other} now, not to {own}.",
            other_run=other,
        )


def _lack_of_group(service: Service, group: Members | None, targets: Sequence[Target] | None) -> str | None:
    """Nobody registers instances that were deregistered by hand."""
    if group is None:
        return "it has no Auto Scaling group"
    reached = service.reached(service.stable)
    if missing := [target_group_name(arn) for arn in reached if arn not in group.target_groups]:
        return f"{group.group} is not attached to {' and '.join(missing)}"
    serving_now = {target.id for target in group.serving}
    registered = {target.id for target in targets or () if not (target.draining or target.absent)}
    if targets is not None and serving_now and not serving_now & registered:
        return f"no instance of {group.group} is registered in {' and in '.join(map(target_group_name, reached))}"
    return None
