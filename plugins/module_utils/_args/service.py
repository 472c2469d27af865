# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs of what reads a service, declares its stable color, and looks at or returns its traffic."""

from __future__ import annotations

from .spec import COLORS, ROUTES, SERVICE, Spec

# What a person says of a service whose tags were lost.
STABLE = {"type": "str", "choices": COLORS}

SERVICE_INFO = Spec(
    {
        **SERVICE,
        **ROUTES,
        "gather": {
            "type": "list",
            "elements": "str",
            "choices": ["routes", "health", "groups"],
            "default": ["routes", "health", "groups"],
        },
        "as_found": {"type": "bool", "default": False},
        "stable": STABLE,
    }
)

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

TRAFFIC_RETURN = Spec(
    {
        **SERVICE,
        **ROUTES,
        "headroom_percent": {"type": "int", "default": 0},
        "wait_timeout": {"type": "int", "default": 300},
        "stable": STABLE,
        "run": {"type": "str"},
    }
)

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
