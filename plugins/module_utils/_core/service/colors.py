# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which color a target group and a record really are, where a definition says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from ..base.tags import COLOR
from ..traffic.record import RecordRoute
from ..traffic.record_targets import balancer_name
from .environments import COLORS, Color, TargetGroups, other

Tags = Mapping[str, Mapping[str, str]]  # by target group ARN


def color_findings(groups: TargetGroups, tags: Tags) -> list[str]:
    """Target groups whose tag names another color than the definition."""
    return [
        f"bluegreen_target_groups names {target_group_name(arn)} as {color}, but it is tagged {COLOR}={said}. Correct "
        "the definition, or the tag if it is wrong."
        for color, arn in groups.items()
        if (said := tags[arn].get(COLOR, color)) != color
    ]


def by_tags(groups: TargetGroups, tags: Tags) -> TargetGroups:
    """The target groups under the colors that their tags name; as they are, where tags do not say it of both."""
    if all(tags[arn].get(COLOR, other(color)) == other(color) for color, arn in groups.items()) and color_findings(
        groups, tags
    ):
        return {color: groups[other(color)] for color in COLORS}
    return groups


def leading(
    record: RecordRoute, names: Mapping[Color, Iterable[str]], answers: Mapping[str, Sequence[str]]
) -> dict[Color, Color]:
    """The color whose load balancer each color's record set leads to, as far as that is known.

    ``names``: the DNS names of each color's load balancers; ``answers``: the names that each record set answers.
    """
    known = {color: set(map(balancer_name, its)) for color, its in names.items()}
    found = {}
    for color, identifier in record.definition.set_identifiers.items():
        leads = set(map(balancer_name, answers.get(identifier, ())))
        for each in COLORS:
            if leads & known[each] and not leads & known[other(each)]:
                found[color] = each
    return found


def record_findings(record: RecordRoute, leads: Mapping[Color, Color]) -> list[str]:
    identifiers = record.definition.set_identifiers
    return [
        f"Record set {identifiers[color]} of {record.title} is {color} by definition, but leads to the load balancer "
        f"of {actual}. Correct set_identifiers of that route, or the record."
        for color, actual in leads.items()
        if actual != color
    ]


def by_load_balancers(record: RecordRoute, leads: Mapping[Color, Color]) -> RecordRoute:
    """The record with its set identifiers under the colors that they lead to."""
    if not record_findings(record, leads):
        return record
    if any(actual == color for color, actual in leads.items()):
        raise BluegreenError(f"All record sets of {record.title} lead to the load balancer of one environment.")
    identifiers = record.definition.set_identifiers
    swapped = {color: identifiers[other(color)] for color in COLORS}
    return replace(record, definition=replace(record.definition, set_identifiers=swapped))
