# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of instance_refresh."""

from __future__ import annotations

from ..base.spec import ALARMS, Spec

INSTANCE_REFRESH = Spec(
    {
        "state": {"type": "str", "choices": ["present", "canceled", "rolled_back"], "default": "present"},
        "group": {"type": "str", "required": True},
        "service": {"type": "str"},
        "image_id": {"type": "str"},
        "release": {"type": "str"},
        "min_healthy_percentage": {"type": "int", "default": 100},
        "max_healthy_percentage": {"type": "int", "default": 110},
        "instance_warmup": {"type": "int"},
        "checkpoints": {"type": "list", "elements": "int", "default": []},
        "checkpoint_delay": {"type": "int", "default": 3600},
        "bake_time": {"type": "int", "default": 0},
        "skip_matching": {"type": "bool", "default": True},
        "scale_in_protected": {"type": "str", "choices": ["refresh", "ignore", "wait"], "default": "wait"},
        "standby": {"type": "str", "choices": ["terminate", "ignore", "wait"], "default": "wait"},
        "alarms": ALARMS,
        "auto_rollback": {"type": "bool", "default": True},
        "id": {"type": "str"},
        "until_percentage": {"type": "int"},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 3600},
    },
    rules={"required_if": [("state", "present", ["service", "image_id"]), ("state", "rolled_back", ["service"])]},
)
