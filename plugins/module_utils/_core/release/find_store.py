# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Finders: whether what is done can be written down where a person wants it."""

from __future__ import annotations

from ..base.errors import BluegreenError
from .case import Case


def find_unreachable_store(case: Case) -> list[str]:
    problem = "" if case.definition.gates.override.allows("store") else _problem(case)
    return [f"{problem} To release without it, set bluegreen_override with a reason and store in allow."] * bool(
        problem
    )


def find_passed_store(case: Case) -> list[str]:
    override = case.definition.gates.override
    problem = _problem(case) if override.allows("store") else ""
    return [f"{problem} The release continues without it: {override.reason}"] * bool(problem)


def _problem(case: Case) -> str:
    try:
        if case.facts.store:
            case.facts.store()
    except BluegreenError as error:
        return str(error)
    return ""
