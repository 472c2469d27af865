# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A route's forward action: read from, and written into, the list of actions that ELBv2 returns.

ELBv2 returns one and the same forward action in several spellings: ``TargetGroupArn`` alone, ``ForwardConfig``
alone, or both when there is one target group; a weight left out is 1. Here they all read as one :class:`Forward`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..base.errors import BluegreenError
from .weights import shares_of

MAXIMUM_TARGET_GROUPS = 5  # ELBv2 quota: target groups per action
MAXIMUM_WEIGHT = 999  # TargetGroupTuple in the ELBv2 API reference

Action = Mapping[str, Any]


@dataclass(frozen=True)
class Forward:
    """Raw weights by target group ARN, in the order AWS returns them, and the group stickiness as AWS spells it."""

    weights: Mapping[str, int]
    stickiness: Mapping[str, Any] | None

    def shares(self) -> dict[str, Fraction]:
        """Each target group's share in percent; all zero when no group has weight (an ALB answers 503 then)."""
        return shares_of(self.weights)

    @property
    def sticky(self) -> bool:
        return bool(self.stickiness and self.stickiness.get("Enabled"))

    def stickiness_seconds(self) -> int:
        """0 also for a Network Load Balancer, whose stickiness has no duration."""
        return int(self.stickiness.get("DurationSeconds") or 0) if self.stickiness and self.sticky else 0


def find_forward(route: str, actions: Sequence[Action]) -> Forward:
    """The forward action among a route's actions (AWS allows one, and it comes last)."""
    action = next((action for action in actions if action["Type"] == "forward"), None)
    if action is None:
        kinds = ", ".join(action["Type"] for action in actions) or "no action"
        raise BluegreenError(f"{route} does not forward to target groups (it has: {kinds}); give a route that does.")
    config = action.get("ForwardConfig") or {"TargetGroups": [{"TargetGroupArn": action["TargetGroupArn"]}]}
    return Forward(
        weights={group["TargetGroupArn"]: int(group.get("Weight", 1)) for group in config["TargetGroups"]},
        stickiness=config.get("TargetGroupStickinessConfig"),
    )


def replace_forward(actions: Sequence[Action], forward: Forward) -> list[dict[str, Any]]:
    """The same actions with another forward; everything else is sent back as it was received."""
    return [_with_forward(action, forward) if action["Type"] == "forward" else _resent(action) for action in actions]


def _with_forward(action: Action, forward: Forward) -> dict[str, Any]:
    config: dict[str, Any] = {
        "TargetGroups": [{"TargetGroupArn": group, "Weight": weight} for group, weight in forward.weights.items()]
    }
    if forward.stickiness is not None:
        config["TargetGroupStickinessConfig"] = dict(forward.stickiness)
    # TargetGroupArn is the one-group spelling of ForwardConfig; the two may not be mixed for several groups.
    kept = {key: value for key, value in action.items() if key != "TargetGroupArn"}
    return {**kept, "ForwardConfig": config}


def _resent(action: Action) -> dict[str, Any]:
    """An action as ModifyListener takes it back.

    AWS never returns an OIDC client secret; to keep it, the request says UseExistingClientSecret
    (AuthenticateOidcActionConfig in the ELBv2 API reference).
    """
    if action["Type"] != "authenticate-oidc":
        return dict(action)
    oidc = {key: value for key, value in action["AuthenticateOidcConfig"].items() if key != "ClientSecret"}
    return {**action, "AuthenticateOidcConfig": {**oidc, "UseExistingClientSecret": True}}
