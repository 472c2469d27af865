# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who refers to a target group: each listener and rule of its load balancer that forwards to it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ..base.arns import target_group_name
from .forward import find_forward

Item = Mapping[str, Any]  # a listener or a rule, as ELBv2 describes it


@dataclass(frozen=True)
class Reference:
    """A listener's default action or a rule. ``shares``: percents by target group ARN, also of those at 0."""

    arn: str
    name: str
    shares: Mapping[str, Fraction]

    def gives(self, target_groups: Collection[str]) -> Fraction:
        """The percent of its requests that these target groups get together."""
        return sum((share for group, share in self.shares.items() if group in target_groups), Fraction(0))

    def names(self, target_groups: Collection[str]) -> bool:
        """Whether it forwards to one of them, be it with weight 0."""
        return any(group in target_groups for group in self.shares)

    def message(self, target_groups: Collection[str]) -> str:
        """``rule 10 of HTTP:80 (arn:…) sends 100 % to web-blue``"""
        given = {group: share for group, share in self.shares.items() if share and group in target_groups}
        sent = ", ".join(f"{float(share):g} % to {target_group_name(group)}" for group, share in given.items())
        return f"{self.name[0].upper()}{self.name[1:]} ({self.arn}) sends {sent}"


def read_references(listener: Item, rules: Sequence[Item]) -> list[Reference]:
    """What a listener and its rules refer to. DescribeRules also returns the default rule, which is the listener's
    own action."""
    place = f"{listener['Protocol']}:{listener['Port']}"
    found = [(listener["ListenerArn"], f"listener {place}", listener["DefaultActions"])]
    found += [
        (rule["RuleArn"], f"rule {rule['Priority']} of {place}", rule["Actions"])
        for rule in rules
        if not rule["IsDefault"]
    ]
    return [
        Reference(arn, name, find_forward(name, actions).shares())
        for arn, name, actions in found
        if any(action["Type"] == "forward" for action in actions)
    ]


def renewed(rules: Sequence[Reference], described: Sequence[Item]) -> list[Reference]:
    """Rules that are known, as they are described now, without those that do not forward any more."""
    actions = {rule["RuleArn"]: rule["Actions"] for rule in described}
    return [
        replace(each, shares=find_forward(each.name, actions[each.arn]).shares())
        for each in rules
        if any(action["Type"] == "forward" for action in actions[each.arn])
    ]


def with_traffic(
    references: Sequence[Reference], target_groups: Collection[str], known: Collection[str]
) -> list[Reference]:
    """Those that send requests to one of the target groups and are not among the ``known`` ARNs."""
    return [each for each in references if each.arn not in known and each.gives(target_groups)]
