# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which environment of a service is stable, and whose its target groups are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from ..base.tags import SERVICE, STABLE
from ..traffic.pairs import COLORS, Color
from ..traffic.route import Route

TargetGroups = Mapping[Color, Sequence[str]]  # ARNs by color; the nth of blue and the nth of green are a pair


def arns_of(groups: TargetGroups) -> list[str]:
    return [arn for its in groups.values() for arn in its]


def find_declared(groups: TargetGroups, tags: Mapping[str, Mapping[str, str]]) -> Color | None:
    """The color that the tags of every target group declare stable; one that is being adopted has no copy yet."""
    declared = {tags[arn].get(STABLE, "") for arn in arns_of(groups)}
    color = declared.pop() if len(declared) == 1 else ""
    return color if color in COLORS else None


def check_owners(service: str, groups: TargetGroups, tags: Mapping[str, Mapping[str, str]]) -> None:
    for arn in arns_of(groups):
        owner = tags[arn].get(SERVICE, service)
        if owner != service:
            raise BluegreenError(f"Target group {target_group_name(arn)} belongs to service {owner}, not {service}.")


def find_stable(
    service: str, routes: Sequence[Route], groups: TargetGroups, tags: Mapping[str, Mapping[str, str]]
) -> Color:
    """The color that the tags declare, or, before anything was declared, the one that has all traffic."""
    if color := find_declared(groups, tags):
        return color
    for color in groups:
        if all(route.shares() == {color: 100} for route in routes):
            return color
    raise BluegreenError(
        f"Which environment of {service} is stable? Its target groups do not agree on tag {STABLE}, and the traffic is "
        "split. Set the tag to blue or green on all of its target groups; rollback.yml and status.yml also take the "
        "color from bluegreen_stable."
    )
