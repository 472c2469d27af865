# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of settle."""

from __future__ import annotations

from ..base.spec import COLORS, SERVICE, Spec

SETTLE = Spec(
    {
        **SERVICE,
        "groups": {"type": "dict", "required": True},
        "stable": {"type": "str", "choices": COLORS, "required": True},
        "retain_seconds": {"type": "int"},
        "run": {"type": "str"},
        "override": {"type": "raw"},
        "release": {"type": "str"},
    }
)
