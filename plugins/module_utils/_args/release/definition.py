# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of definition: what is said of a service, as an action plugin has read it."""

from __future__ import annotations

from typing import Any

from ..base.spec import Spec

WORKS = ["rollback", "roll", "adopt", "status", "approve", "freeze", "unfreeze"]

# What the controller fills in.
READ: dict[str, Any] = {
    "definition": {"type": "dict", "required": True},
    "findings": {"type": "list", "elements": "str", "default": []},
    "remarks": {"type": "list", "elements": "str", "default": []},
}

DEFINITION = Spec({"work": {"type": "str", "choices": WORKS, "required": True}, **READ}, aws=False)
