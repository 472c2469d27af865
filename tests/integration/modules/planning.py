# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of module plan, as its action plugin makes them from the variables of a host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.definition.finding import (
    of_identity,
    refusals,
    warnings,
)

from tests.unit.plugins.module_utils._core.definition.reading import read


def options_of(stages: list[str] | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """``said`` by the names of the variables without the prefix."""
    work = stages[0] if stages and len(stages) == 1 else "deploy"
    values, findings = read({f"bluegreen_{name}": value for name, value in said.items()}, work)
    blocking = of_identity(findings) if work == "watch" else findings
    return {
        **({} if stages is None else {"stages": stages}),
        "definition": {**values, "user_data": None},
        "user_data": values["user_data"],
        "findings": refusals(blocking),
        "doubts": refusals(each for each in findings if each not in blocking),
        "remarks": warnings(findings),
    }
