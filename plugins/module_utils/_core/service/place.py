# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a service is: its routes, and the target groups of its environments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..traffic.kinds import parse_routes
from ..traffic.pairs import Named, read_pairs
from ..traffic.route import RouteDefinition


@dataclass(frozen=True)
class Place:
    """As a user sets it. Target groups are names or ARNs, the nth of blue and the nth of green being a pair."""

    name: str
    routes: Sequence[RouteDefinition]
    target_groups: Named
    test_route: RouteDefinition | None = None

    @classmethod
    def parse(cls, name: str, routes: Sequence[Any], target_groups: Mapping[str, Any]) -> Place:
        return cls(name, parse_routes(routes), read_pairs(target_groups))

    def check(self) -> None:
        if not self.routes:
            raise BluegreenError(
                f"{self.name} has no route; give the ARN of a listener or of a listener rule, or a DNS record."
            )
