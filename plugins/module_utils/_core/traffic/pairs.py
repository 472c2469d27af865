# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The target groups of a service's two environments, as a person names them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ..base.arns import target_group_name
from ..base.errors import BluegreenError

COLORS = ("blue", "green")

Color = str
Named = Mapping[Color, Sequence[str]]  # names or ARNs; the nth of blue and the nth of green are a pair


ALIKE = ("Protocol", "ProtocolVersion", "Port", "HealthCheckPort", "HealthCheckPath")


def other(color: Color) -> Color:
    return COLORS[1 - COLORS.index(color)]


def read_pairs(given: Mapping[str, Any]) -> dict[Color, list[str]]:
    """A color has one target group or a list of them."""
    named = {color: _names(color, its) for color, its in given.items()}
    every = [each for its in named.values() for each in its]
    counts = {len(its) for its in named.values()}
    if set(named) != set(COLORS) or len(counts) > 1 or 0 in counts or len(set(every)) != len(every):
        said = ", ".join(f"{color}: {', '.join(its) or 'none'}" for color, its in named.items()) or "none"
        raise BluegreenError(
            "target_groups names one target group for blue and another for green, or as many for blue as for green; "
            f"given: {said}."
        )
    return {color: named[color] for color in COLORS}


def _names(color: Color, given: Any) -> list[str]:
    names = [given] if isinstance(given, str) else given or []
    if not isinstance(names, list | tuple) or not all(isinstance(each, str) for each in names):
        raise BluegreenError(f"target_groups: {color} is the name or the ARN of a target group, or a list of these.")
    return list(names)


def check_order(groups: Mapping[Color, Sequence[str]], described: Mapping[str, Mapping[str, Any]]) -> None:
    """Target groups that were put in another order in one color, as far as their settings show it.

    ``described``: by ARN, as DescribeTargetGroups returns them. Before the first release no route names both of a pair.
    """
    traits = {arn: [each.get(key) for key in ALIKE] for arn, each in described.items()}
    pairs = list(zip(*(groups[color] for color in COLORS), strict=True))
    strange = [pair for pair in pairs if traits[pair[0]] != traits[pair[1]]]
    for blue, green in strange:
        alike = next((its for _blue, its in strange if traits[its] == traits[blue]), None)
        if alike:
            name = target_group_name(alike)
            raise BluegreenError(
                f"bluegreen_target_groups pairs {_listed(described[blue])} with {_listed(described[green])}, and "
                f"{name} is the one that is like {target_group_name(blue)}. The first of blue pairs with the first "
                f"of green, and so on: put {name} in that place."
            )


def check_fitting(pairs: Mapping[str, str], described: Iterable[Mapping[str, Any]]) -> None:
    """That a route can forward to both target groups of each pair, which are ``pairs`` by ARN.

    Only a listener for HTTP or HTTPS takes two protocols ("Listeners for your Network Load Balancers" in the user
    guide), and a target group is of its load balancer's VPC.
    """
    by_arn = {each["TargetGroupArn"]: each for each in described}
    for pair in pairs.items():
        for title, trait in SHARED.items():
            one, two = (trait(by_arn[arn]) for arn in pair)
            if one != two:
                names = " and ".join(map(target_group_name, pair))
                raise BluegreenError(
                    f"The {title} of target groups {names} is {one} and {two}. A route forwards to both, so it must be "
                    f"the same. AWS does not change the {title} of a target group: make a new one, and name it in "
                    "bluegreen_target_groups."
                )


def _protocol(group: Mapping[str, Any]) -> str:
    protocol = str(group.get("Protocol"))
    return "HTTP or HTTPS" if protocol in ("HTTP", "HTTPS") else protocol


SHARED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "protocol": _protocol,
    # What speaks gRPC answers nothing else, and HTTP/1.1 gets 464 of a target group that speaks HTTP/2.
    "protocol version": lambda group: str(group.get("ProtocolVersion")),
    "VPC": lambda group: str(group.get("VpcId")),
}


def _listed(group: Mapping[str, Any]) -> str:
    return (
        f"{group['TargetGroupName']} ({group.get('Protocol')}:{group.get('Port')} {group.get('HealthCheckPath', '')})"
    )
