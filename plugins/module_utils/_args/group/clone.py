# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of autoscaling_clone."""

from __future__ import annotations

from ..base.spec import COLORS, Spec

AUTOSCALING_CLONE = Spec(
    {
        "state": {"type": "str", "choices": ["present", "leaving", "absent"], "default": "present"},
        "service": {"type": "str", "required": True},
        "color": {"type": "str", "choices": COLORS},
        "source": {"type": "str"},
        "name": {"type": "str"},
        "image_id": {"type": "str"},
        "release": {"type": "str"},
        "run": {"type": "str"},
        "target_groups": {"type": "list", "elements": "str"},
        "headroom_percent": {"type": "int", "default": 0},
        "user_data": {"type": "str", "no_log": True},
        "user_data_sha256": {"type": "str"},
        "routes": {"type": "list", "elements": "raw", "default": []},
        "test_route": {"type": "str"},
        "retain_until": {"type": "str"},
        "reason": {"type": "str", "default": "It is being removed."},
        "drain_timeout": {"type": "int"},
        "spread_seconds": {"type": "int", "default": 0},
        "keep_versions": {"type": "int"},
        "force": {"type": "bool", "default": False},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int"},
    },
    rules={
        "required_if": [
            ("state", "present", ["source", "color", "image_id", "target_groups"]),
            ("state", "leaving", ["name"]),
            ("state", "absent", ["name"]),
        ],
    },
)
