# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of environment_mark."""

from __future__ import annotations

from ..base.spec import Spec

ENVIRONMENT_MARK = Spec(
    {
        "group": {"type": "str", "required": True},
        "mark": {"type": "str", "choices": ["run", "rejected", "leaving"], "required": True},
        "value": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    rules={"required_if": [("state", "present", ["value"])]},
)
