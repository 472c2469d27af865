# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs of what sets the weights of routes."""

from __future__ import annotations

from ..._core.traffic.record_sets import SYNC_SECONDS
from ..base.spec import ROUTES, SERVICE, Spec

WEIGHTS = {
    "weights": {"type": "dict", "required": True},
    "expected": {"type": "dict"},
    "stickiness_seconds": {"type": "int"},
    "require": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            "target_group": {"type": "str", "required": True},
            "minimum_healthy": {"type": "int", "default": 1},
            "healthy_percent": {"type": "int", "default": 0},
            "group": {"type": "str"},
            "run": {"type": "str"},
            "image_id": {"type": "str"},
        },
        "required_by": {"run": ["group"], "image_id": ["group"]},
    },
}

LISTENER_WEIGHTS = Spec(
    {
        "routes": {"type": "list", "elements": "str", "required": True},
        **WEIGHTS,
    }
)

ROUTE_WEIGHTS = Spec(
    {
        **ROUTES,
        "target_groups": SERVICE["target_groups"],
        **WEIGHTS,
        "wait_timeout": {"type": "int", "default": SYNC_SECONDS},
    }
)
