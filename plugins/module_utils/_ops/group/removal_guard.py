# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads, right before each call that ends instances, whether their environment may still be removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.traffic import elbv2
from ..._core.base.tags import COLOR, tags_of
from ..._core.group.in_use import Group, Identity, Use, refuse_use, same_moment
from ..._core.targets.members import Members
from ..._core.traffic.record import parse_routes
from ..._core.traffic.record_sets import shares_of
from ..._core.traffic.references import Reference
from ..base.run import Run, together
from ..targets.health import find_target_group, read_targets
from ..traffic.record import read_record_routes
from ..traffic.references import references_of


class Guard:
    """Of one group. ``target_groups``: those that it is attached to and those that are named, by ARN.

    Behind DNS records, listeners of an environment's own send it everything that comes to them, so that only the
    records and the listeners and rules among the routes show whether it has traffic.
    """

    def __init__(self, run: Run, options: Mapping[str, Any], group: Group) -> None:
        self._run, self._name, self._test_route = run, options["name"], options["test_route"]
        self._routes, self._records = parse_routes(options["routes"])
        self._identity = Identity.read(group)
        if options["retain_until"] is not None:
            self._identity = replace(self._identity, retain_until=same_moment(options["retain_until"]))
        named = [find_target_group(run, each).arn for each in options["target_groups"] or []]
        self.target_groups = list(dict.fromkeys([*named, *Members.read(group).target_groups]))

    def __call__(self) -> None:
        """An error when the group is in use, or is not what it was."""
        found = autoscaling.describe_groups(self._run.client("autoscaling"), names=[self._name])
        if not found or "Status" in found[0]:  # it is gone, or being deleted by somebody else
            return
        (group,) = found
        use = self._read(group)
        if use.referred and not use.declared:
            use = replace(use, healthy=self._count_healthy(group))
        refuse_use(group, [*use.reasons(), *self._identity.changes(Identity.read(group))])

    def _read(self, group: Group) -> Use:
        if not self.target_groups:
            return Use(group, {}, records=self._read_records(group))
        tags, references, records = together(
            partial(elbv2.describe_tags, self._run.client("elbv2"), self.target_groups),
            self._read_references,
            partial(self._read_records, group),
        )
        return Use(group, tags, references, records)

    def _read_references(self) -> list[Reference]:
        groups = elbv2.describe_target_groups_by_arn(self._run.client("elbv2"), self.target_groups)
        found = references_of(self._run, [arn for group in groups for arn in group["LoadBalancerArns"]])
        counted = [each for each in found if not self._records or each.arn in self._routes]
        return [each for each in counted if each.arn != self._test_route]

    def _read_records(self, group: Group) -> dict[str, Fraction]:
        color, found = tags_of(group).get(COLOR, ""), {}
        for route in read_record_routes(self._run, self._records):
            identifier = route.definition.set_identifiers.get(color, "")
            found[route.title] = shares_of(route.records.sets).get(identifier, Fraction(0))
        return found

    def _count_healthy(self, group: Group) -> int:
        members = {member.id for member in Members.read(group).members}
        looks: Sequence[Any] = together(*[partial(read_targets, self._run, arn) for arn in self.target_groups])
        return sum(target.healthy and target.id in members for targets in looks for target in targets)
