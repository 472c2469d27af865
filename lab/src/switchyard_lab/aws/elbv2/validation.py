# SPDX-License-Identifier: GPL-3.0-or-later
"""What AWS refuses in the actions of listeners and rules; moto accepts all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from moto.elbv2.exceptions import ELBClientError

from .actions import Action, in_order, target_groups, weighted_groups
from .types import check_protocols, is_network

if TYPE_CHECKING:
    from .groups import LabTargetGroups

TERMINAL = ("forward", "redirect", "fixed-response")
AUTHENTICATE = ("authenticate-oidc", "authenticate-cognito")
TARGET_GROUPS_PER_ACTION = 5
HIGHEST_WEIGHT = 999
LONGEST_STICKINESS = 604800


def check_actions(
    backend: LabTargetGroups, actions: Sequence[Action], balancer_arn: str, protocol: str, kept: Sequence[Action]
) -> None:
    """`kept`: the actions that these would replace; an OIDC secret can be taken over from them."""
    _check_order(actions)
    for action in actions:
        if action["Type"] in AUTHENTICATE and protocol != "HTTPS":
            raise _invalid_action(f"Actions of type '{action['Type']}' are supported only on HTTPS listeners")
        if action["Type"] == "authenticate-oidc":
            _check_secret(action.get("AuthenticateOidcConfig", {}), kept)
        if action["Type"] == "forward":
            _check_forward(action, protocol)
            _check_target_groups(backend, target_groups(action), balancer_arn)
            _check_target_stickiness(backend, action)
    groups = [backend.group(arn) for action in actions for arn in target_groups(action)]
    check_protocols(protocol, groups, actions)


def _check_order(actions: Sequence[Action]) -> None:
    """Exactly one forward, redirect or fixed response, and nothing after it."""
    orders = [action["Order"] for action in actions if "Order" in action]
    if len(orders) != len(set(orders)):
        raise _validation("Action order values must be unique")
    terminal = [action["Type"] in TERMINAL for action in in_order(actions)]
    if terminal.count(True) != 1:
        raise _invalid_action("Exactly one action of type 'forward', 'redirect' or 'fixed-response' is required")
    if not terminal[-1]:
        raise _invalid_action("The last action must be of type 'forward', 'redirect' or 'fixed-response'")


def _check_secret(config: dict[str, Any], kept: Sequence[Action]) -> None:
    """A secret is never returned, so writing a read action back needs UseExistingClientSecret, and one to use."""
    if config.get("UseExistingClientSecret"):
        if config.get("ClientSecret"):
            raise _invalid_action("You cannot both specify a client secret and set UseExistingClientSecret to true")
        if not any(action["Type"] == "authenticate-oidc" for action in kept):
            raise _invalid_action("There is no existing client secret that could be used")
    elif not config.get("ClientSecret"):
        raise _invalid_action("You must either specify a client secret or set UseExistingClientSecret to true")


def _check_forward(action: Action, protocol: str) -> None:
    groups = weighted_groups(action)
    arns = [group["TargetGroupArn"] for group in groups]
    if None in arns:
        raise _validation("A target group ARN must be specified for actions of type 'forward'")
    if "TargetGroupArn" in action and "ForwardConfig" in action and arns != [action["TargetGroupArn"]]:
        raise _validation("You can specify only the target group of TargetGroupArn in ForwardConfig")
    if len(groups) > TARGET_GROUPS_PER_ACTION:
        raise _validation(f"A forward action can have at most {TARGET_GROUPS_PER_ACTION} target groups")
    if len(arns) != len(set(arns)):
        raise _validation("A target group can be specified only once in an action")
    if any(not 0 <= group["Weight"] <= HIGHEST_WEIGHT for group in groups) or _lacks_weight(action):
        raise _validation(f"The weight for each target group must be between 0 and {HIGHEST_WEIGHT}, inclusive")
    _check_stickiness(action.get("ForwardConfig", {}).get("TargetGroupStickinessConfig") or {}, protocol)


def _lacks_weight(action: Action) -> bool:
    """Among several target groups, each must have one."""
    groups = action.get("ForwardConfig", {}).get("TargetGroups", [])
    return len(groups) > 1 and any("Weight" not in group for group in groups)


def _check_stickiness(stickiness: dict[str, Any], protocol: str) -> None:
    """The duration is of Application Load Balancers (TargetGroupStickinessConfig in the API reference)."""
    duration = stickiness.get("DurationSeconds")
    if is_network(protocol) and duration is not None:
        raise _validation("Target group stickiness duration is not supported for Network Load Balancers")
    if stickiness.get("Enabled") and duration is None and not is_network(protocol):
        raise _validation("Target group stickiness duration must be specified when stickiness is enabled")
    if duration is not None and not 1 <= int(duration) <= LONGEST_STICKINESS:
        raise _validation(f"Target group stickiness duration must be between 1 and {LONGEST_STICKINESS} seconds")


def _check_target_groups(backend: LabTargetGroups, arns: Iterable[str], balancer_arn: str) -> None:
    for arn in arns:
        group = backend.target_groups.get(arn)
        if group is None:
            raise ELBClientError("TargetGroupNotFound", f"Target group '{arn}' not found")
        if backend.balancer_of(arn) not in (None, balancer_arn):
            raise ELBClientError(
                "TargetGroupAssociationLimit",
                f"The following target groups cannot be associated with more than one load balancer: {arn}",
            )
        balancer = backend.load_balancers[balancer_arn]
        if group.target_type != "lambda" and group.vpc_id != balancer.vpc_id:
            raise ELBClientError(
                "InvalidConfigurationRequest",
                f"The target group '{arn}' and the load balancer are not in the same VPC",
            )


def _check_target_stickiness(backend: LabTargetGroups, action: Action) -> None:
    """Sticky targets among several target groups need a sticky target group."""
    arns = target_groups(action)
    sticky = [arn for arn in arns if str(backend.group(arn).attributes["stickiness.enabled"]).lower() == "true"]
    stickiness = action.get("ForwardConfig", {}).get("TargetGroupStickinessConfig") or {}
    if len(arns) > 1 and sticky and not stickiness.get("Enabled"):
        raise _invalid_action(
            "You must enable group stickiness on a rule if you enabled target stickiness on one of its target groups"
        )


def _validation(message: str) -> ELBClientError:
    return ELBClientError("ValidationError", message)


def _invalid_action(message: str) -> ELBClientError:
    return ELBClientError("InvalidLoadBalancerAction", message)
