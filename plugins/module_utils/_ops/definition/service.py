# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the definition of a service, or refuses it."""

from __future__ import annotations

from typing import Any

from ..._args.definition.service import DefinitionOptions
from ..._core.base.findings import refuse
from ..base.run import Run


def definition(options: DefinitionOptions, _run: Run) -> dict[str, Any]:
    """The work of module definition."""
    refuse("This cannot be done", options.findings, {"warnings": options.remarks})
    return {"changed": False, "definition": options.definition, "warnings": options.remarks}
