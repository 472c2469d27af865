# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights as a person gives them: by color, or by target group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..base.errors import BluegreenError
from .route import Environments
from .weights import Percents


def by_environment(percents: Percents, environments: Environments, arns: Mapping[str, str]) -> dict[str, int]:
    """Percents by color. ``arns``: of target groups, by what the person wrote; either is a key."""
    colors = {group: color for color, groups in environments.items() for group in groups}
    found: dict[str, int] = {}
    for name, percent in percents.items():
        color = name if name in environments else colors.get(arns.get(name, name))
        if color is None:
            raise BluegreenError(
                f"The weights name {name}, which is neither a color nor one of the target groups "
                f"{_listed(environments)}."
            )
        if found.setdefault(color, percent) != percent:
            raise BluegreenError(f"{color} is given {found[color]} % and {percent} %; give it one weight.")
    return found


def by_target_group(percents: Percents, environments: Environments) -> dict[str, int]:
    """Percents by the ARN of each target group; by color where none is named."""
    return {each: percent for color, percent in percents.items() for each in environments[color] or [color]}


def _listed(environments: Environments) -> str:
    groups: Iterable[str] = (group for groups in environments.values() for group in groups)
    return ", ".join(groups) or "none"
