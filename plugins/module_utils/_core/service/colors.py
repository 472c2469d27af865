# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which color a target group, or a part of a route, really is, where a definition says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from ..base.tags import COLOR
from ..traffic.pairs import COLORS, Color, other
from ..traffic.record_targets import balancer_name
from ..traffic.route import Route
from .stable import TargetGroups

Tags = Mapping[str, Mapping[str, str]]  # by target group ARN


def color_findings(groups: TargetGroups, tags: Tags) -> list[str]:
    """Target groups whose tag names another color than the definition."""
    return [
        f"bluegreen_target_groups names {target_group_name(arn)} as {color}, but it is tagged {COLOR}={said}. Correct "
        "the definition, or the tag if it is wrong."
        for color, its in groups.items()
        for arn in its
        if (said := tags[arn].get(COLOR, color)) != color
    ]


def by_tags(groups: TargetGroups, tags: Tags) -> TargetGroups:
    """Each pair of target groups under the colors that their tags name; as it is, where these contradict each other.

    A pair without tags is like the others, if they agree.
    """
    pairs = list(zip(*(groups[color] for color in COLORS), strict=True))
    swapped = [_swapped(pair, tags) for pair in pairs]
    like_others = set(swapped) - {None} == {True}
    turned = [
        tuple(reversed(pair)) if its or (its is None and like_others) else pair
        for pair, its in zip(pairs, swapped, strict=True)
    ]
    return {color: [pair[nth] for pair in turned] for nth, color in enumerate(COLORS)}


def _swapped(pair: Sequence[str], tags: Tags) -> bool | None:
    """Whether its tags, or the only one, say the other color of each; None where there is none."""
    said = [tags[arn][COLOR] == other(color) for color, arn in zip(COLORS, pair, strict=True) if COLOR in tags[arn]]
    return all(said) if said else None


def find_leads(names: Mapping[Color, Iterable[str]], answers: Mapping[Color, Iterable[str]]) -> dict[Color, Color]:
    """The color whose load balancer a route in front of them leads to with each color, as far as that is known.

    ``names``: the DNS names of each color's load balancers; ``answers``: the names that the route leads to.
    """
    known = {color: set(map(balancer_name, its)) for color, its in names.items()}
    found = {}
    for color, its in answers.items():
        leads = set(map(balancer_name, its))
        for each in COLORS:
            if leads & known[each] and not leads & known[other(each)]:
                found[color] = each
    return found


def lead_findings(route: Route, leads: Mapping[Color, Color]) -> list[str]:
    return [
        f"{route.name(color)} of {route.title} is {color} by definition, but leads to the load balancer of {actual}. "
        "Correct that route in bluegreen_routes, or what it answers."
        for color, actual in leads.items()
        if actual != color
    ]


def by_load_balancers(route: Route, leads: Mapping[Color, Color]) -> Route:
    """The route, with the target of each color under the color that it leads to."""
    if not lead_findings(route, leads):
        return route
    if any(actual == color for color, actual in leads.items()):
        raise BluegreenError(f"Everything that {route.title} answers leads to the load balancer of one environment.")
    return replace(route, own={color: route.own[other(color)] for color in route.own})
