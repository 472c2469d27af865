# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of module plan, as its action plugin makes them from the variables of a host."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.switchyard.bluegreen.plugins.plugin_utils.planning import plan_inputs

from tests.unit.plugins.module_utils._core.definition.reading import read


def options_of(stages: list[str] | None, said: Mapping[str, Any]) -> dict[str, Any]:
    """``said`` by the names of the variables without the prefix."""
    work = stages[0] if stages and len(stages) == 1 else "deploy"
    values, findings = read({f"bluegreen_{name}": value for name, value in said.items()}, work)
    return {**({} if stages is None else {"stages": stages}), **plan_inputs(values, findings, work)}
