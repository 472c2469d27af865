# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads routes and writes their actions, whichever of listener or rule they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..._aws.traffic import elbv2
from ..._core.base.arns import is_listener, is_rule, target_group_name
from ..._core.base.errors import BluegreenError
from ..._core.traffic.load_balancers import check_load_balancers
from ..._core.traffic.weights import Route
from ..base.run import Run, together


def check_route_arns(arns: Sequence[str]) -> None:
    for arn in arns:
        if not (is_listener(arn) or is_rule(arn)):
            raise BluegreenError(f"A route is the ARN of a listener or of a listener rule; given: {arn}.")


def read_routes(run: Run, arns: Sequence[str]) -> list[Route]:
    """The routes in the order asked; one call for all listeners and one for all rules."""
    check_route_arns(arns)
    listeners, rules = list(filter(is_listener, arns)), list(filter(is_rule, arns))
    client = run.client("elbv2")
    reads: list[Callable[[], dict[str, Sequence[dict[str, Any]]]]] = []
    if listeners:
        reads.append(partial(_listener_actions, client, listeners))
    if rules:
        reads.append(partial(_rule_actions, client, rules))
    actions = {arn: found for answer in together(*reads) for arn, found in answer.items()}
    for arn in arns:
        if arn not in actions:
            raise BluegreenError(f"AWS knows no route {arn}.")
    return [Route.read(arn, actions[arn]) for arn in arns]


def read_rules(client: Any, arns: Sequence[str]) -> list[dict[str, Any]]:
    """A default rule is part of its listener, and changed through it."""
    rules = elbv2.describe_rules(client, arns)
    for rule in rules:
        if rule["IsDefault"]:
            raise BluegreenError(f"{rule['RuleArn']} is a default rule; give its listener's ARN instead.")
    return rules


def write_actions(run: Run, arn: str, actions: Sequence[dict[str, Any]]) -> None:
    write = elbv2.modify_rule if is_rule(arn) else elbv2.modify_listener
    write(run.client("elbv2"), arn, actions)


def target_group_arns(run: Run, named: Sequence[str], routes: Sequence[Route]) -> dict[str, str]:
    """ARNs by what the user said (a name or an ARN); AWS is asked only for groups that no route mentions yet."""
    known = {target_group_name(arn): arn for route in routes for arn in route.forward.weights}
    known |= {arn: arn for arn in named if arn.startswith("arn:")}
    unknown = [name for name in named if name not in known]
    if unknown:
        found = elbv2.describe_target_groups(run.client("elbv2"), unknown)
        known |= {group["TargetGroupName"]: group["TargetGroupArn"] for group in found}
    return {name: known[name] for name in named}


def require_free(run: Run, groups: Sequence[str], routes: Sequence[Route]) -> None:
    """A target group that no route mentions yet may not belong to another load balancer.

    AWS itself would say so only at the write, when other routes may have been changed already.
    """
    newcomers = [arn for arn in groups if not any(arn in route.forward.weights for route in routes)]
    if routes and newcomers:
        found = elbv2.describe_target_groups_by_arn(run.client("elbv2"), newcomers)
        check_load_balancers(routes, {group["TargetGroupArn"]: group["LoadBalancerArns"] for group in found})


def _listener_actions(client: Any, arns: Sequence[str]) -> dict[str, Sequence[dict[str, Any]]]:
    return {item["ListenerArn"]: item["DefaultActions"] for item in elbv2.describe_listeners(client, arns)}


def _rule_actions(client: Any, arns: Sequence[str]) -> dict[str, Sequence[dict[str, Any]]]:
    return {rule["RuleArn"]: rule["Actions"] for rule in read_rules(client, arns)}
