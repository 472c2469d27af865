# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of listener_weights."""

from __future__ import annotations

from .spec import Spec

LISTENER_WEIGHTS = Spec(
    {
        "routes": {"type": "list", "elements": "str", "required": True},
        "weights": {"type": "dict", "required": True},
        "expected": {"type": "dict"},
        "stickiness_seconds": {"type": "int"},
    }
)
