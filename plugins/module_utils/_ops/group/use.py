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
from ..._core.base.arns import is_arn
from ..._core.base.tags import COLOR, tags_of
from ..._core.group.in_use import Group, Surroundings, Use
from ..._core.targets.members import Members
from ..._core.targets.registration import TargetGroup
from ..._core.traffic.record import RecordDefinition, parse_routes
from ..._core.traffic.record_sets import shares_of
from ..._core.traffic.references import Reference
from ..base.run import Run, together
from ..targets.health import read_targets
from ..traffic.record import read_record_routes
from ..traffic.references import references_of


def read_target_groups(run: Run, around: Surroundings, group: Group) -> list[TargetGroup]:
    """Those that are named, and those that the group is attached to."""
    client, named = run.client("elbv2"), around.target_groups
    names = [each for each in named if not is_arn(each)]
    arns = list(dict.fromkeys([*filter(is_arn, named), *Members.read(group).target_groups]))
    reads = [partial(elbv2.describe_target_groups, client, names)] if names else []
    reads += [partial(elbv2.describe_target_groups_by_arn, client, arns)] if arns else []
    found = {each["TargetGroupArn"]: each for answer in together(*reads) for each in answer}
    return [TargetGroup.read(each) for each in found.values()]


def read_use(run: Run, around: Surroundings, group: Group, target_groups: Sequence[TargetGroup]) -> Use:
    """Behind DNS records, listeners of an environment's own send it everything that comes to them, so that only the
    records and the listeners and rules among the routes show whether it has traffic."""
    routes, definitions = parse_routes(around.routes)
    if not target_groups:
        return Use(group, {}, records=_read_records(run, group, definitions))
    arns = [each.arn for each in target_groups]
    tags, references, records = together(
        partial(elbv2.describe_tags, run.client("elbv2"), arns),
        partial(references_of, run, [arn for each in target_groups for arn in each.load_balancers]),
        partial(_read_records, run, group, definitions),
    )
    counted: list[Reference] = [
        each for each in references if each.arn != around.test_route and (not definitions or each.arn in routes)
    ]
    use = Use(group, tags, counted, records)
    return replace(use, healthy=_count_healthy(run, group, arns)) if use.referred and not use.declared else use


def read_declared(run: Run, group: Group, target_groups: Sequence[TargetGroup]) -> Use:
    """Only whether the environment was declared stable."""
    arns = [each.arn for each in target_groups]
    return Use(group, elbv2.describe_tags(run.client("elbv2"), arns) if arns else {})


def _read_records(run: Run, group: Group, definitions: Sequence[RecordDefinition]) -> dict[str, Fraction]:
    color, found = tags_of(group).get(COLOR, ""), {}
    for route in read_record_routes(run, definitions):
        identifier = route.definition.set_identifiers.get(color, "")
        found[route.title] = shares_of(route.records.sets).get(identifier, Fraction(0))
    return found


def _count_healthy(run: Run, group: Group, target_groups: Sequence[str]) -> int:
    members = {member.id for member in Members.read(group).members}
    looks: Sequence[Any] = together(*[partial(read_targets, run, arn) for arn in target_groups])
    return sum(target.healthy and target.id in members for targets in looks for target in targets)
