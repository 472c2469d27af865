# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose load balancers the target groups of a service are. AWS allows a target group one load balancer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..base.arns import target_group_name
from ..base.errors import BluegreenError
from .route import Environments, Route
from .weights import name_of

Owners = Mapping[str, Sequence[str]]  # ARNs of load balancers by target group ARN


def check_one_load_balancer(routes: Sequence[Route]) -> None:
    """Routes that lead to the same target groups are of the same load balancer."""
    by_pair: dict[tuple[str, ...], list[str]] = {}
    for route in routes:
        if route.load_balancer:
            by_pair.setdefault(tuple(route.own.values()), []).append(route.load_balancer)
    for pair, found in by_pair.items():
        balancers = list(dict.fromkeys(found))
        if len(balancers) > 1:
            raise BluegreenError(
                f"The routes that lead to {' and '.join(map(name_of, pair))} are of {len(balancers)} load "
                f"balancers: {', '.join(balancers)}. AWS allows a target group one. Give each load balancer a pair of "
                "target groups of its own in bluegreen_target_groups (docs/connections.md)."
            )


def are_placed(routes: Sequence[Route], environments: Environments) -> bool:
    """Whether the routes alone show whose load balancer each target group is, and which of them are a pair."""
    named = {arn for route in routes for arn in route.target_groups}
    return all(len(its) == 1 and named.issuperset(its) for its in environments.values())


def check_all_named(routes: Sequence[Route], environments: Environments) -> None:
    """A route leads to each pair of target groups. Where one names no target groups, check_served looks."""
    if not all(route.target_groups for route in routes):
        return
    named = {arn for route in routes for arn in route.own.values()}
    pairs = [pair for pair in zip(*environments.values(), strict=True) if named.isdisjoint(pair)]
    if pairs:
        listed = "; ".join(" and ".join(map(name_of, pair)) for pair in pairs)
        raise BluegreenError(
            f"No route in bluegreen_routes leads to this pair in bluegreen_target_groups: {listed}. A release would "
            "not move its requests. Add the listener or rule that forwards to it, or remove the pair."
        )


def check_load_balancers(routes: Sequence[Route], owners: Owners) -> None:
    """Each route's target groups are of its load balancer, or of none yet."""
    for route in routes:
        for group in route.own.values():
            check_owner(route, group, owners.get(group, ()))


def check_owner(route: Route, group: str, owners: Sequence[str]) -> None:
    if foreign := sorted(set(owners) - {route.load_balancer}):
        raise BluegreenError(
            f"Target group {target_group_name(group)} belongs to another load balancer, {foreign[0]}; {route.title} is "
            f"of {route.load_balancer}, and AWS allows a target group one."
        )


def check_served(owners: Owners) -> None:
    """Refuse target groups that nothing forwards to, for records: they lead to load balancers, and these to the target
    groups.

    The targets of a target group that no listener forwards to are not in use and never become healthy.
    """
    for group, arns in owners.items():
        if not arns:
            raise BluegreenError(
                f"No listener forwards to target group {target_group_name(group)}. With DNS records for routes, each "
                "environment has a load balancer of its own; let a listener of it forward to this target group."
            )
