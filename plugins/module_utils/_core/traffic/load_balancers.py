# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whose load balancers the target groups of a service are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..base.arns import is_listener, is_rule, load_balancer_of, target_group_name
from ..base.errors import BluegreenError
from .weights import Route


def check_one_load_balancer(routes: Sequence[str]) -> None:
    """Of routes by ARN; one that is no route's is told elsewhere."""
    balancers = list(dict.fromkeys(load_balancer_of(arn) for arn in routes if is_listener(arn) or is_rule(arn)))
    if len(balancers) > 1:
        raise BluegreenError(
            f"The routes are of {len(balancers)} load balancers: {', '.join(balancers)}. An environment is one target "
            "group, and AWS allows a target group one load balancer. Give the routes of one of them, and let the "
            "others lead to it (docs/connections.md)."
        )


def check_load_balancers(routes: Sequence[Route], load_balancers: Mapping[str, Sequence[str]]) -> None:
    """``load_balancers``: ARNs by target group ARN. AWS allows a target group one load balancer."""
    used = {load_balancer_of(route.arn) for route in routes}
    for group, arns in load_balancers.items():
        if foreign := sorted(set(arns) - used):
            raise BluegreenError(
                f"Target group {target_group_name(group)} belongs to another load balancer, {foreign[0]}; the routes "
                f"are of {', '.join(sorted(used))}, and AWS allows a target group one."
            )


def check_served(load_balancers: Mapping[str, Sequence[str]]) -> None:
    """Of target groups that no route names: records lead to load balancers, and these to the target groups.

    The targets of a target group that no listener forwards to are not in use and never become healthy.
    """
    for group, arns in load_balancers.items():
        if not arns:
            raise BluegreenError(
                f"No listener forwards to target group {target_group_name(group)}. With DNS records for routes, each "
                "environment has a load balancer of its own; let a listener of it forward to this target group."
            )
