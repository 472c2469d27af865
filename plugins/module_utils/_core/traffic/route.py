# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A route: what splits production traffic between environments. Its kinds, such as a listener, are in kinds.py.

All other code refers to environments by color. The route knows what represents a color in it, such as a target group.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from .api_call import ApiCall
from .weights import Percents, describe, name_of, positive, rounded, shares_of

Environments = Mapping[str, Sequence[str]]  # target group ARNs by color; the nth of blue and the nth of green pair


class RouteDefinition(Protocol):
    """A route as a person describes it."""

    described: ClassVar[str]  # what a route of this kind is, for a sentence that lists the kinds
    # Whether it leads to load balancers, which forward every request; otherwise it belongs to one.
    in_front: ClassVar[bool]

    @classmethod
    def parse(cls, given: Any) -> Self | None:
        """None for a route of another kind; an error for one of this kind that is wrong."""

    @property
    def title(self) -> str: ...


@dataclass(frozen=True)
class Route(ABC):
    """The state of a route. ``own``: what represents each environment in it, by color."""

    highest: ClassVar[int]  # weight that AWS takes

    definition: RouteDefinition
    own: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    @abstractmethod
    def weights(self) -> Mapping[str, int]:
        """Weights by what the route itself names, also of what gets no traffic."""

    @abstractmethod
    def leading(self, environments: Environments) -> Self:
        """The same route, with what represents each of these environments in it."""

    @abstractmethod
    def given(self, weights: Mapping[str, int], stickiness_seconds: int | None = None) -> Self:
        """The same route with these weights, by what it itself names, and with nothing else in it."""

    def as_data(self) -> dict[str, Any]:
        return {"title": self.title, "weights": rounded(shares_of(self.weights))}

    # -- what only some kinds have

    @property
    def load_balancer(self) -> str:
        """The ARN of the load balancer that it is of."""
        return ""

    @property
    def call(self) -> ApiCall | None:
        """The call of AWS's API that sets everything of the route as it is here, whatever it has by then."""
        return None

    @property
    def target_groups(self) -> Collection[str]:
        """The ARNs that it names."""
        return ()

    @property
    def ttl(self) -> int:
        """For how many seconds a client keeps the answer that led it to an environment."""
        return 0

    @property
    def sticky(self) -> bool:
        """Whether a client stays with the environment that answered it, as long as the route names that."""
        return False

    @property
    def stickiness_seconds(self) -> int:
        """For how long; 0 where that is not known."""
        return 0

    @property
    def by_request(self) -> bool:
        """Whether each request is routed by the weights, not only each connection."""
        return False

    # -- what follows for all of them

    @property
    def title(self) -> str:
        return self.definition.title

    @property
    def in_front(self) -> bool:
        return self.definition.in_front

    def by_color(self) -> dict[str, int]:
        """The weights; what represents no environment is under its own name."""
        colors = {its: color for color, its in self.own.items()}
        return {colors.get(its, its): weight for its, weight in self.weights.items()}

    def shares(self) -> dict[str, Fraction]:
        """The percents of everything that gets traffic, by color as above."""
        return {color: share for color, share in shares_of(self.by_color()).items() if share}

    def carries(self, percents: Percents) -> bool:
        """Whether the traffic splits this way already, and each environment is in the route (also those at 0)."""
        return set(percents) <= set(self.by_color()) and self.shares() == positive(percents)

    def name(self, color: str) -> str:
        """What represents it, by its name in the definition."""
        return name_of(self.own.get(color, color))

    def describe(self, shares: Mapping[str, Fraction | int] | None = None) -> str:
        """``web-blue 90 %, web-green 10 %``; of these shares by color, or its own."""
        chosen = self.shares() if shares is None else shares
        return describe({self.own.get(color, color): share for color, share in chosen.items()})

    def for_diff(self) -> dict[str, Any]:
        """One side of a diff of Ansible."""
        return {"weights": {name_of(its): percent for its, percent in rounded(shares_of(self.weights)).items()}}

    def plan(self, weights: Mapping[str, int], stickiness_seconds: int | None = None) -> Change[Self]:
        """These weights by color, and nothing else in the route."""
        named = {self.own.get(color, color): weight for color, weight in weights.items()}
        return Change(self, self.given(named, stickiness_seconds))


R_co = TypeVar("R_co", bound=Route, covariant=True)


@dataclass(frozen=True)
class Change(Generic[R_co]):
    """One route before and after."""

    before: R_co
    after: R_co

    @property
    def needed(self) -> bool:
        return self.before != self.after

    def undone(self) -> Change[R_co]:
        return Change(self.after, self.before)

    @property
    def done(self) -> str:
        """How it stands then, as a sentence."""
        return f"{self.after.title} splits {describe(shares_of(self.after.weights))}"


AnyChange = Change[Route]


def reached(routes: Collection[Route], color: str, target_groups: Sequence[str]) -> list[str]:
    """Which of an environment's target groups these routes lead to: all of them, where a route does not name target
    groups.

    The targets of one that no route leads to may be unused, and say nothing of what the environment can carry.
    """
    if not all(route.target_groups for route in routes):
        return list(target_groups)
    named = {route.own[color] for route in routes}
    return [arn for arn in target_groups if arn in named]


def diff_of(changes: Collection[AnyChange]) -> dict[str, Any]:
    return {
        "before": {change.before.title: change.before.for_diff() for change in changes},
        "after": {change.after.title: change.after.for_diff() for change in changes},
    }
