# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes that are of a load balancer: a listener's default action and a listener rule, by their ARNs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Self

from ..base.arns import is_application, is_listener, is_rule, load_balancer_of, target_group_name
from ..base.errors import BluegreenError
from .api_call import ApiCall
from .forward import MAXIMUM_TARGET_GROUPS, MAXIMUM_WEIGHT, Forward, find_forward, replace_forward
from .route import Environments, Route
from .weights import Percents, name_of

SDK_SERVICE = "elasticloadbalancingv2"  # the SDK's identifier of it


@dataclass(frozen=True)
class Listener:
    """The default action of a listener."""

    described: ClassVar[str] = "the ARN of a listener"
    in_front: ClassVar[bool] = False

    arn: str

    @classmethod
    def parse(cls, given: Any) -> Self | None:
        return cls(given) if isinstance(given, str) and is_listener(given) else None

    @property
    def title(self) -> str:
        return self.arn


@dataclass(frozen=True)
class Rule(Listener):
    described: ClassVar[str] = "the ARN of a listener rule"

    @classmethod
    def parse(cls, given: Any) -> Self | None:
        return cls(given) if isinstance(given, str) and is_rule(given) else None


@dataclass(frozen=True)
class ForwardRoute(Route):
    """The state of a listener's default action or of a rule."""

    highest: ClassVar[int] = MAXIMUM_WEIGHT

    definition: Listener
    actions: Sequence[Mapping[str, Any]]
    forward: Forward

    @classmethod
    def read(cls, arn: str, actions: Sequence[Mapping[str, Any]]) -> Self:
        return cls(Rule(arn) if is_rule(arn) else Listener(arn), actions, find_forward(arn, actions))

    @property
    def arn(self) -> str:
        return self.definition.arn

    @property
    def weights(self) -> Mapping[str, int]:
        return self.forward.weights

    def leading(self, environments: Environments) -> Self:
        """The same route, which knows the one pair of target groups that it forwards to."""
        pairs = [dict(zip(environments, pair, strict=True)) for pair in zip(*environments.values(), strict=True)]
        named = [pair for pair in pairs if not set(self.weights).isdisjoint(pair.values())]
        if len(pairs) > 1 and len(named) != 1:
            names = ", ".join(" and ".join(map(name_of, pair.values())) for pair in named or pairs)
            raise BluegreenError(
                f"{self.title} forwards to {'several' if named else 'none'} of these pairs of target groups: {names}. "
                "Each route belongs to one pair. Correct the route, or the order of the target groups."
            )
        return replace(self, own=(named or pairs)[0])

    def given(self, weights: Mapping[str, int], stickiness_seconds: int | None = None) -> Self:
        check_number(self.title, weights)
        return replace(self, forward=Forward(dict(weights), _stickiness(self.forward, stickiness_seconds)))

    def sent_back(self) -> list[dict[str, Any]]:
        """The actions, as AWS takes them."""
        return replace_forward(self.actions, self.forward)

    @property
    def call(self) -> ApiCall:
        if is_rule(self.arn):
            return ApiCall(SDK_SERVICE, "modifyRule", {"RuleArn": self.arn, "Actions": self.sent_back()})
        return ApiCall(SDK_SERVICE, "modifyListener", {"ListenerArn": self.arn, "DefaultActions": self.sent_back()})

    def as_data(self) -> dict[str, Any]:
        return {
            **super().as_data(),
            "arn": self.arn,
            "load_balancer_arn": self.load_balancer,
            "stickiness_seconds": self.stickiness_seconds,
        }

    def for_diff(self) -> dict[str, Any]:
        return {**super().for_diff(), "stickiness_seconds": self.stickiness_seconds}

    @property
    def load_balancer(self) -> str:
        return load_balancer_of(self.arn)

    @property
    def target_groups(self) -> Collection[str]:
        return list(self.forward.weights)

    @property
    def sticky(self) -> bool:
        return self.forward.sticky

    @property
    def stickiness_seconds(self) -> int:
        return self.forward.stickiness_seconds()

    @property
    def by_request(self) -> bool:
        return is_application(self.arn)


def check_number(title: str, weights: Percents) -> None:
    if len(weights) > MAXIMUM_TARGET_GROUPS:
        raise BluegreenError(
            f"{title} would forward to {len(weights)} target groups ({', '.join(map(target_group_name, weights))}); "
            f"AWS allows {MAXIMUM_TARGET_GROUPS}. Take unused ones out of the route first."
        )


def _stickiness(present: Forward, seconds: int | None) -> Mapping[str, Any] | None:
    if seconds is None or (seconds == present.stickiness_seconds() and present.sticky == bool(seconds)):
        return present.stickiness
    return {"Enabled": True, "DurationSeconds": seconds} if seconds else {"Enabled": False}
