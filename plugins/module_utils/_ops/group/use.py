# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads whether an environment is in use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from ..._aws.traffic import elbv2
from ..._core.base.tags import COLOR, tags_of
from ..._core.group.in_use import Group, Surroundings, Use
from ..._core.targets.members import Members
from ..._core.targets.registration import TargetGroup
from ..._core.traffic.kinds import parse_routes
from ..._core.traffic.pairs import COLORS
from ..._core.traffic.references import Reference
from ..._core.traffic.route import RouteDefinition
from ..base.run import Run, together
from ..targets.health import read_targets
from ..targets.target_groups import describe_named
from ..traffic.kinds import read_routes
from ..traffic.references import references_of, reread


def read_target_groups(run: Run, around: Surroundings, group: Group) -> list[TargetGroup]:
    """The target groups that are named, and those that the group is attached to."""
    named = [*around.target_groups, *Members.read(group).target_groups]
    return [TargetGroup.read(each) for each in describe_named(run, named)]


def read_use(
    run: Run,
    around: Surroundings,
    group: Group,
    target_groups: Sequence[TargetGroup],
    rules: Sequence[Reference] | None = None,
) -> Use:
    """``rules`` are those that are known to name the target groups, where these alone are to be read again.

    Where routes lead to load balancers, listeners of an environment's own send it everything that comes to them, so
    that only these routes and the listeners and rules among the routes show whether it has traffic."""
    definitions = parse_routes(around.routes)
    front = [each for each in definitions if each.in_front]
    if not target_groups:
        return Use(group, {}, routes=_read_shares(run, group, front))
    arns = [each.arn for each in target_groups]
    balancers = [arn for each in target_groups for arn in each.load_balancers]
    tags, references, shares = together(
        partial(elbv2.describe_tags, run.client("elbv2"), arns),
        partial(references_of, run, balancers) if rules is None else partial(reread, run, balancers, rules),
        partial(_read_shares, run, group, front),
    )
    routes = [each.title for each in definitions]
    counted: list[Reference] = [
        each for each in references if each.arn != around.test_route and (not front or each.arn in routes)
    ]
    use = Use(group, tags, counted, shares)
    return replace(use, healthy=_count_healthy(run, group, arns)) if use.referred and not use.declared else use


def read_declared(run: Run, group: Group, target_groups: Sequence[TargetGroup]) -> Use:
    """Only whether the environment was declared stable."""
    arns = [each.arn for each in target_groups]
    return Use(group, elbv2.describe_tags(run.client("elbv2"), arns) if arns else {})


def _read_shares(run: Run, group: Group, definitions: Sequence[RouteDefinition]) -> dict[str, Fraction]:
    """What each of these routes gives the environment, by its title."""
    color, environments = tags_of(group).get(COLOR, ""), dict.fromkeys(COLORS, ())
    routes = [route.leading(environments) for route in read_routes(run, definitions)]
    return {route.title: route.shares().get(color, Fraction(0)) for route in routes}


def _count_healthy(run: Run, group: Group, target_groups: Sequence[str]) -> int:
    members = {member.id for member in Members.read(group).members}
    looks: Sequence[Any] = together(*[partial(read_targets, run, arn) for arn in target_groups])
    return sum(target.healthy and target.id in members for targets in looks for target in targets)
