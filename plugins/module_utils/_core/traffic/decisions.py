# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of the weights of a route, whichever kind it is: environments join, get percents, or lose them again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from ..base.errors import BluegreenError
from .route import AnyChange, Route
from .weights import Percents, joins, positive, rounded


def check_expected(routes: Sequence[Route], expected: Percents) -> None:
    """Compare before writing: somebody else (a person, Terraform) may have moved the weights.

    Weights on AWS need not be percents, such as 2:1; both sides are compared as whole percents.
    """
    for route in routes:
        if positive(rounded(route.shares())) != positive(expected):
            raise BluegreenError(
                f"{route.title} splits {route.describe()}, expected {route.describe(expected)}; "
                "somebody else changed it. Look at it, then run again.",
                found=rounded(route.shares()),
            )


def plan_weights(route: Route, percents: Percents, stickiness_seconds: int | None = None) -> AnyChange:
    """Percents by color. All 0 puts the environments into the route without traffic."""
    if joins(percents):
        return plan_join(route, percents)
    return plan_split(route, percents, stickiness_seconds)


def plan_join(route: Route, colors: Iterable[str]) -> AnyChange:
    """The route with these at weight 0; the weights of the others stay exactly as they are."""
    joining = dict.fromkeys(colors, 0)
    for color in joining:
        if share := route.shares().get(color):
            raise BluegreenError(
                f"{route.title} gives {route.name(color)} {float(share):g} % of the traffic, so it cannot join at "
                "weight 0. Look at who gave it traffic, or run rollback.yml.",
                found=rounded(route.shares()),
            )
    return route.plan({**route.by_color(), **joining})


def plan_split(route: Route, percents: Percents, stickiness_seconds: int | None = None) -> AnyChange:
    """The route with these percents.

    What is not named keeps its place while it has no traffic; if it has some, that is an error, for the percents would
    not be percents of the whole.
    """
    if strangers := foreign(route, *percents):
        named = ", ".join(map(route.name, percents))
        raise BluegreenError(
            f"{route.title} also gives {route.describe(strangers)}, which is not among {named}. Name it too, or take "
            "it out of the route first."
        )
    present = route.by_color()
    weights = present if route.carries(percents) else {**present, **percents}
    return route.plan(weights, stickiness_seconds)


def plan_return(route: Route, stable: str, candidate: str, weight: int) -> AnyChange:
    """``weight`` for stable, and the rest for the candidate. A route that gives stable as much already stays as it is,
    and one whose weights are all 0 gives stable all, for its users have nobody until then.

    A candidate that loses the last of its traffic leaves a sticky route: clients that it has answered would continue
    coming to it while the route names it, whatever its weight, until their cookies end. What somebody else gave to
    another one stays there, and stable gets the candidate's part at the end.
    """
    if foreign(route, stable, candidate):
        return _plan_handover(route, stable, candidate) if weight == 100 else AnyChange(route, route)
    if route.shares().get(stable, 0) >= weight:
        return AnyChange(route, route)
    if not route.shares():
        weight = 100
    change = plan_split(route, {stable: weight, candidate: 100 - weight})
    if weight < 100 or not route.sticky:
        return change
    return route.plan({color: its for color, its in change.after.by_color().items() if color != candidate})


def _plan_handover(route: Route, stable: str, candidate: str) -> AnyChange:
    """Stable's with the candidate's weight on top."""
    weights = route.by_color()
    if not weights.get(candidate):
        return AnyChange(route, route)
    both = weights.get(stable, 0) + weights[candidate]
    after = {**weights, stable: min(route.highest, both), candidate: 0}
    if route.sticky:
        del after[candidate]
    return route.plan(after)


def foreign(route: Route, *own: str) -> dict[str, Fraction]:
    """The shares of those that are not the service's own."""
    return {each: share for each, share in route.shares().items() if each not in own}
