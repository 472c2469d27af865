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
    named = options["definition"]["target_groups"]
    refuse("This cannot be done", [*options["findings"], *find_several(named)], {"warnings": options["remarks"]})
    said = {**options["definition"], "target_groups": first_of_each(named)}
    return {"changed": False, "definition": said, "warnings": options["remarks"]}


def first_of_each(named: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {color: names[0] for color, names in named.items() if names}


def find_several(named: Mapping[str, Sequence[str]]) -> list[str]:
    if all(len(names) <= 1 for names in named.values()):
        return []
    return ["bluegreen_target_groups names several target groups of a color; a release has one of each."]
