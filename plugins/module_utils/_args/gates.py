# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs of the gates: a freeze, a person's approval, and marks on environments."""

from __future__ import annotations

from .spec import SERVICE, Spec

FREEZE = Spec(
    {
        **SERVICE,
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "reason": {"type": "str"},
        "by": {"type": "str"},
        "until": {"type": "str"},
    },
    rules={"required_if": [("state", "present", ["reason"])]},
)

APPROVAL = Spec(
    {
        "group": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["asked", "given", "absent"], "default": "given"},
        "weight": {"type": "int"},
        "seconds": {"type": "int"},
        "by": {"type": "str", "default": "somebody"},
    },
    rules={"required_if": [("state", "asked", ["weight", "seconds"])]},
)

ENVIRONMENT_MARK = Spec(
    {
        "group": {"type": "str", "required": True},
        "mark": {"type": "str", "choices": ["run", "rejected", "leaving"], "required": True},
        "value": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    },
    rules={"required_if": [("state", "present", ["value"])]},
)
