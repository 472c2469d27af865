# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of approval."""

from __future__ import annotations

from ..base.spec import Spec

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
