# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of traffic_check."""

from __future__ import annotations

from ..base.spec import COLORS, ROUTES, SERVICE, Spec

TRAFFIC_CHECK = Spec(
    {
        **SERVICE,
        **ROUTES,
        "color": {"type": "str", "choices": COLORS, "required": True},
        "test_route": {"type": "str"},
        "quiet_seconds": {"type": "int", "default": 180},
        "ttl_margin_seconds": {"type": "int", "default": 60},
        "wait_timeout": {"type": "int", "default": 900},
    }
)
