# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the definition of a service, or refuses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._core.base.findings import refuse
from ..base.run import Run

Options = Mapping[str, Any]


def definition(options: Options, _run: Run) -> dict[str, Any]:
    """The work of module definition."""
    refuse("This cannot be done", options["findings"], {"warnings": options["remarks"]})
    said = {**options["definition"], "target_groups": as_written(options["definition"]["target_groups"])}
    return {"changed": False, "definition": said, "warnings": options["remarks"]}


def as_written(named: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Target groups as a person writes them: a single one is no list."""
    return {color: names[0] if len(names) == 1 else list(names) for color, names in named.items()}
