# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person says of a service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..traffic.record import RecordDefinition, parse_routes
from .environments import Color, check_colors


@dataclass(frozen=True)
class Definition:
    """``routes`` are ARNs of listeners and rules; target groups are named or given by ARN."""

    name: str
    routes: Sequence[str]
    records: Sequence[RecordDefinition]
    target_groups: Mapping[Color, str]
    test_route: str | None

    @classmethod
    def parse(
        cls, name: str, routes: Sequence[Any], target_groups: Mapping[Color, str], test_route: str | None = None
    ) -> Definition:
        return cls(name, *parse_routes(routes), target_groups, test_route)

    def check(self) -> None:
        if not self.routes and not self.records:
            raise BluegreenError(
                f"{self.name} has no route; give the ARN of a listener or of a listener rule, or a DNS record."
            )
        if self.test_route in self.routes:
            raise BluegreenError(
                f"The test route of {self.name}, {self.test_route}, is one of its routes: users would get the "
                "candidate before it is verified. Give a listener or a listener rule that they do not come by."
            )
        check_colors(self.target_groups)
