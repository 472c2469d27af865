# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the data plane follows the weights, by the requests that each target group has answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any

from ..base.arns import target_group_name
from ..traffic.route import Route
from ..traffic.weights import shares_of
from .metric_data import read
from .request_counts import counted_group

TOLERANCE = 0.05  # that a share may be away: requests through a test route are counted too
DEVIATIONS = 4  # standard ones: chance alone is further away once in 16,000 times


@dataclass(frozen=True)
class Split:
    """Requests by target group ARN, of the latest whole period. ``before``: how many each has answered until then."""

    requests: Mapping[str, int]
    before: Mapping[str, int]

    @classmethod
    def read(cls, results: Sequence[Mapping[str, Any]], groups: Sequence[str], since: datetime) -> Split:
        """From GetMetricData's results for ``request_queries`` of these groups.

        A period counts when it began since then, and another has begun after it.
        """
        found = read(results)
        begun = sorted({time for points in found.values() for time in points if time >= since})
        latest = begun[-2] if len(begun) > 1 else None
        requests, before = dict.fromkeys(groups, 0), dict.fromkeys(groups, 0)
        for key, points in found.items():
            group = counted_group(key, groups)
            requests[group] += int(points.get(latest, 0)) if latest else 0
            before[group] += int(sum(value for time, value in points.items() if time < since))
        return cls(requests if latest else {}, before)

    def of(self, route: Route) -> Split:
        """The part of it that is of the target groups of this route."""
        requests, before = self.requests, self.before
        return Split(*({arn: its[arn] for arn in its if arn in route.weights} for its in (requests, before)))

    def traffic(self, stable: Collection[str] = ()) -> bool:
        """Whether one of these target groups, by name or ARN, had some; a candidate has answered the test route."""
        named = [each for each in self.before if not stable or {each, target_group_name(each)} & set(stable)]
        return any(self.before[group] for group in named)

    def astray(self, route: Route) -> list[str]:
        """What each target group has answered that has not got its share."""
        total, shares = sum(self.requests.values()), shares_of(route.weights)
        found = []
        for group, count in self.requests.items():
            share = float(shares[group]) / 100
            if abs(count - share * total) > max(TOLERANCE * total, DEVIATIONS * sqrt(total * share * (1 - share))):
                found.append(f"{target_group_name(group)} has answered {count} of {total} requests, not {share:.0%}")
        return found


def by_target_groups(routes: Sequence[Route]) -> list[Route]:
    """One of those that lead to the same target groups: these count the requests of all of them."""
    return list({frozenset(route.shares()): route for route in reversed(routes)}.values())


def countable(routes: Sequence[Route]) -> bool:
    """Whether requests show the weights: those of a sticky route follow its cookies."""
    return not any(route.sticky for route in routes)
