# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How production traffic was split when a run began, so that a record can say later which weight was whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self


@dataclass(frozen=True)
class Traffic:
    """``stable`` is a color, ``routes`` are titles. By color: ``target_groups``, ARNs, and ``weights``, percents."""

    stable: str
    routes: Sequence[str]
    target_groups: Mapping[str, Sequence[str]]
    weights: Mapping[str, int]

    @classmethod
    def of_service(cls, service: Mapping[str, Any]) -> Self | None:
        """``service`` is as service_info returns it. None where too little of it is known."""
        try:
            return cls(
                service["stable"],
                [each["title"] for each in service["routes"]],
                {color: its["target_group_arns"] for color, its in service["environments"].items()},
                {color: its["weight"] for color, its in service["environments"].items()},
            )
        except (KeyError, TypeError):
            return None

    @classmethod
    def from_data(cls, data: Mapping[str, Any] | None) -> Self | None:
        return cls(**data) if data else None

    def is_of(self, result: Mapping[str, Any]) -> bool:
        """Whether the weights in the result of a task are of production; a test route has weights, too."""
        return any(each["title"] in self.routes for each in result.get("routes", []))

    def by_color(self, weights: Mapping[str, int]) -> dict[str, int]:
        """Weights by color. ``weights`` are by the ARN of a target group, or by color."""
        colors = {arn: color for color, arns in self.target_groups.items() for arn in arns}
        return {colors.get(name, name): percent for name, percent in weights.items()}
