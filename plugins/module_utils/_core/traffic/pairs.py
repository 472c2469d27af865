# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The target groups of a service's two environments, as a person names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.errors import BluegreenError

COLORS = ("blue", "green")

Color = str
Named = Mapping[Color, Sequence[str]]  # names or ARNs; the nth of blue and the nth of green are a pair


def other(color: Color) -> Color:
    return COLORS[1 - COLORS.index(color)]


def read_pairs(given: Mapping[str, Any]) -> dict[Color, list[str]]:
    """A color has one target group or a list of them."""
    named = {color: [its] if isinstance(its, str) else list(its or []) for color, its in given.items()}
    every = [each for its in named.values() for each in its]
    counts = {len(its) for its in named.values()}
    if set(named) != set(COLORS) or len(counts) > 1 or 0 in counts or len(set(every)) != len(every):
        said = ", ".join(f"{color}: {', '.join(its) or 'none'}" for color, its in named.items()) or "none"
        raise BluegreenError(
            "target_groups names one target group for blue and another for green, or as many for blue as for green; "
            f"given: {said}."
        )
    return {color: named[color] for color in COLORS}
