# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person says of a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..traffic.kinds import parse_route, parse_routes
from ..traffic.pairs import Named, read_pairs
from ..traffic.route import RouteDefinition


@dataclass(frozen=True)
class Definition:
    """Target groups are named or given by ARN, the nth of blue and the nth of green being a pair."""

    name: str
    routes: Sequence[RouteDefinition]
    target_groups: Named
    test_route: RouteDefinition | None

    @classmethod
    def parse(
        cls, name: str, routes: Sequence[Any], target_groups: Mapping[str, Any], test_route: str | None = None
    ) -> Definition:
        tested = parse_route(test_route) if test_route else None
        return cls(name, parse_routes(routes), read_pairs(target_groups), tested)

    def check(self) -> None:
        if not self.routes:
            raise BluegreenError(
                f"{self.name} has no route; give the ARN of a listener or of a listener rule, or a DNS record."
            )
        if self.test_route and self.test_route in self.routes:
            raise BluegreenError(
                f"The test route of {self.name}, {self.test_route.title}, is one of its routes: users would get the "
                "candidate before it is verified. Give a listener or a listener rule that they do not come by."
            )
