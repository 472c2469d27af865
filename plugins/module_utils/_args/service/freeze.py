# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of freeze."""

from __future__ import annotations

from ..base.spec import SERVICE, Spec

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
