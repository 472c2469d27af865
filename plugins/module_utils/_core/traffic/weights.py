# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights: whole percents that sum to 100, and what a route becomes when it is given them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from ..base.arns import is_arn, target_group_name
from ..base.errors import BluegreenError
from .forward import MAXIMUM_TARGET_GROUPS, MAXIMUM_WEIGHT, Forward, find_forward, replace_forward

Percents = Mapping[str, int]


class AnyRoute(Protocol):
    """A route of whichever kind, as it stands."""

    @property
    def title(self) -> str:
        """What it is called in a sentence."""

    def shares(self) -> dict[str, Fraction]:
        """The percents of those that get traffic."""


@dataclass(frozen=True)
class Route:
    """A listener's default action or a rule, as it stands."""

    arn: str
    actions: Sequence[Mapping[str, Any]]
    forward: Forward

    @classmethod
    def read(cls, arn: str, actions: Sequence[Mapping[str, Any]]) -> Route:
        return cls(arn, actions, find_forward(arn, actions))

    @property
    def title(self) -> str:
        return self.arn

    def shares(self) -> dict[str, Fraction]:
        return {group: share for group, share in self.forward.shares().items() if share}

    def carries(self, percents: Percents) -> bool:
        """Whether the traffic splits this way already, and each group is in the route (also those at 0)."""
        return set(percents) <= set(self.forward.weights) and self.shares() == positive(percents)


@dataclass(frozen=True)
class Change:
    """One route before and after."""

    route: Route
    forward: Forward

    @property
    def needed(self) -> bool:
        return self.forward != self.route.forward

    def actions(self) -> list[dict[str, Any]]:
        return replace_forward(self.route.actions, self.forward)

    def undone(self) -> list[dict[str, Any]]:
        return replace_forward(self.route.actions, self.route.forward)


def parse_percents(given: Mapping[str, Any]) -> dict[str, int]:
    """Percents by target group; a survey's answers arrive as strings."""
    try:
        return {group: int(str(percent)) for group, percent in given.items()}
    except ValueError:
        raise BluegreenError(f"Weights are whole percents from 0 to 100; given: {_said(given)}.") from None


def joins(percents: Percents) -> bool:
    """Whether target groups are only put into the routes, without traffic."""
    return bool(percents) and not any(percents.values())


def check_whole(percents: Percents) -> None:
    """Refuse what is not a split of the whole traffic.

    All-zero is refused with the rest: an ALB answers 503 then, and Route 53 would split equally.
    """
    if any(percent < 0 for percent in percents.values()) or sum(percents.values()) != 100:
        raise BluegreenError(f"Weights are whole percents from 0 to 100 that sum to 100; given: {_said(percents)}.")


def check_expected(routes: Sequence[AnyRoute], expected: Percents) -> None:
    """Compare before writing: somebody else (a person, Terraform) may have moved the weights.

    Weights on AWS need not be percents, such as 2:1; both sides are compared as whole percents.
    """
    for route in routes:
        if positive(rounded(route.shares())) != positive(expected):
            raise BluegreenError(
                f"{route.title} splits {describe(route.shares())}, expected {describe(expected)}; "
                "somebody else changed it. Look at it, then run again.",
                found=rounded(route.shares()),
            )


def plan(route: Route, percents: Percents, stickiness_seconds: int | None) -> Change:
    """The route's forward with these percents.

    Groups that are not named keep their place while they have no traffic; one that has some is an error, for the
    percents would not be percents of the whole.
    """
    for group, share in route.shares().items():
        if group not in percents:
            raise BluegreenError(
                f"{route.arn} also forwards {float(share):g} % to target group {target_group_name(group)}, which is not"
                f" among {_names(percents)}; name it too, or take it out of the route first."
            )
    weights = dict(route.forward.weights) if route.carries(percents) else {**route.forward.weights, **percents}
    check_number(route, weights)
    return Change(route, Forward(weights, _stickiness(route.forward, stickiness_seconds)))


def plan_join(route: Route, groups: Iterable[str]) -> Change:
    """The route with these target groups at weight 0; the weights of the others stay exactly as they are."""
    joining = list(groups)
    refuse_traffic(route, joining)
    weights = {**route.forward.weights, **dict.fromkeys(joining, 0)}
    check_number(route, weights)
    return Change(route, Forward(weights, route.forward.stickiness))


def refuse_traffic(route: AnyRoute, groups: Iterable[str]) -> None:
    for group in groups:
        if share := route.shares().get(group):
            raise BluegreenError(
                f"{route.title} gives {target_group_name(group)} {float(share):g} % of the traffic, so it cannot join "
                "at weight 0. Look at who gave it traffic, or run rollback.yml.",
                found=rounded(route.shares()),
            )


def check_number(route: Route, weights: Percents) -> None:
    if len(weights) > MAXIMUM_TARGET_GROUPS:
        raise BluegreenError(
            f"{route.arn} would forward to {len(weights)} target groups ({_names(weights)}); "
            f"AWS allows {MAXIMUM_TARGET_GROUPS}. Take unused ones out of the route first."
        )


def plan_return(route: Route, stable: str, candidate: str, weight: int) -> Change:
    """``weight`` for stable, and the rest for the candidate.

    A candidate that loses the last of its traffic leaves a sticky route: clients that it has answered would go on
    coming to it while the action names it, whatever its weight, until their cookies end. What somebody else gave to
    another target group stays there, and stable gets the candidate's part at the end.
    """
    if foreign(route, stable, candidate):
        given = dict(route.forward.weights)
        if weight == 100:
            given[stable] = min(MAXIMUM_WEIGHT, given.get(stable, 0) + given.get(candidate, 0))
            given |= {candidate: 0} if candidate in given else {}
        return Change(route, Forward(given, route.forward.stickiness))
    change = plan(route, {stable: weight, candidate: 100 - weight}, None)
    if weight < 100 or not route.forward.sticky or route.forward.weights.get(candidate) == 0:
        return change
    staying = {group: share for group, share in change.forward.weights.items() if group != candidate}
    return Change(route, Forward(staying, change.forward.stickiness))


def foreign(route: AnyRoute, *own: str) -> dict[str, Fraction]:
    """The shares of those that are not the service's own."""
    return {group: share for group, share in route.shares().items() if group not in own}


def positive(percents: Percents) -> dict[str, Fraction]:
    return {group: Fraction(percent) for group, percent in percents.items() if percent}


def describe(shares: Mapping[str, Fraction | int]) -> str:
    """``web-blue 90 %, web-green 10 %``; a record's shares are by set identifier."""
    names = {group: target_group_name(group) if is_arn(group) else group for group in shares}
    return ", ".join(f"{names[group]} {float(share):g} %" for group, share in shares.items()) or "nothing"


def rounded(shares: Mapping[str, Fraction]) -> dict[str, int]:
    return {group: round(share) for group, share in shares.items()}


def _names(groups: Iterable[str]) -> str:
    return ", ".join(map(target_group_name, groups))


def _said(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{group} {percent}" for group, percent in given.items()) or "none"


def _stickiness(present: Forward, seconds: int | None) -> Mapping[str, Any] | None:
    if seconds is None or (seconds == present.stickiness_seconds() and present.sticky == bool(seconds)):
        return present.stickiness
    return {"Enabled": True, "DurationSeconds": seconds} if seconds else {"Enabled": False}
