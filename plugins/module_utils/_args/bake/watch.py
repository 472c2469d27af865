# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of bake."""

from __future__ import annotations

from typing import Any

from ..base.spec import ALARMS, Spec
from .metrics import METRICS

COLOR: dict[str, Any] = {
    "type": "dict",
    "options": {"target_group": {"type": "str", "required": True}, "placeholders": {"type": "dict", "default": {}}},
}

BAKE = Spec(
    {
        "seconds": {"type": "int", "required": True},
        "interval": {"type": "float", "default": 5.0},
        "deadline": {"type": "float"},
        "approval": {
            "type": "dict",
            "options": {"group": {"type": "str", "required": True}, "weight": {"type": "int", "required": True}},
        },
        "routes": {"type": "list", "elements": "raw", "default": []},
        "propagation_timeout": {"type": "int", "default": 300},
        "alarms": ALARMS,
        "quiet_timeout": {"type": "int", "default": 0},
        "judge_stable": {"type": "bool", "default": True},
        "target_groups": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "target_group": {"type": "str", "required": True},
                "minimum_healthy": {"type": "int"},
                "group": {"type": "str"},
                "capacity": {"type": "str", "choices": ["desired", "minimum"], "default": "desired"},
            },
            "required_one_of": [("minimum_healthy", "group")],
        },
        "metrics": METRICS,
        "metrics_interval": {"type": "float", "default": 15.0},
        "candidate": COLOR,
        "stable": COLOR,
        "baseline": {"type": "str", "choices": ["same_minutes", "before"], "default": "same_minutes"},
        "significance": {"type": "float", "default": 0.01},
    }
)
