# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What module plan is given of a definition that was read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..module_utils._core.definition.finding import Finding, of_identity, refusals, warnings
from ..module_utils._core.definition.parser import Values
from ..module_utils._core.definition.service import concealed


def plan_inputs(values: Values, findings: Sequence[Finding], work: str) -> dict[str, Any]:
    """Options of module plan; ``work`` is the playbook. What is secret, the plan does not need."""
    # What a watch returns does not wait until every variable of a release is corrected.
    blocking = of_identity(findings) if work == "watch" else findings
    return {
        "definition": {**concealed(values), "user_data": None, "notify": []},
        "user_data": values["user_data"],
        "findings": refusals(blocking),
        "doubts": refusals(each for each in findings if each not in blocking),
        "remarks": warnings(findings),
    }
