# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Weights: whole percents that sum to 100, and the shares that weights amount to."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from ..base.arns import is_arn, target_group_name
from ..base.errors import BluegreenError

Percents = Mapping[str, int]


def parse_percents(given: Mapping[str, Any]) -> dict[str, int]:
    """A survey's answers arrive as strings."""
    try:
        return {name: int(str(percent)) for name, percent in given.items()}
    except ValueError:
        raise BluegreenError(f"Weights are whole percents from 0 to 100; given: {_listed(given)}.") from None


def joins(percents: Percents) -> bool:
    """Whether environments are only put into the routes, without traffic."""
    return bool(percents) and not any(percents.values())


def check_whole(percents: Percents) -> None:
    """Refuse what is not a split of all traffic.

    All-zero is refused with the rest: an ALB answers 503 then, and Route 53 would split equally.
    """
    if any(percent < 0 for percent in percents.values()) or sum(percents.values()) != 100:
        raise BluegreenError(f"Weights are whole percents from 0 to 100 that sum to 100; given: {_listed(percents)}.")


def shares_of(weights: Mapping[str, int]) -> dict[str, Fraction]:
    """In percent; all zero when none has weight (an ALB answers 503 then)."""
    total = sum(weights.values())
    return {name: Fraction(100 * weight, total or 1) for name, weight in weights.items()}


def positive(percents: Percents) -> dict[str, Fraction]:
    return {name: Fraction(percent) for name, percent in percents.items() if percent}


def rounded(shares: Mapping[str, Fraction]) -> dict[str, int]:
    return {name: round(share) for name, share in shares.items()}


def describe(shares: Mapping[str, Fraction | int]) -> str:
    """``web-blue 90 %, web-green 10 %``"""
    return ", ".join(f"{name_of(each)} {float(share):g} %" for each, share in shares.items()) or "nothing"


def name_of(each: str) -> str:
    """A target group's name, of its ARN; anything else is a name."""
    return target_group_name(each) if is_arn(each) else each


def _listed(given: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {percent}" for name, percent in given.items()) or "none"
