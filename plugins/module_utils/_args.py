# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs, shared by each module and its action plugin. The AWS fragments' options are added by both."""

from __future__ import annotations

from typing import Any

Spec = dict[str, Any]
Rules = dict[str, Any]  # which options go together, as AnsibleModule's arguments of these names

NO_RULES: Rules = {}

LISTENER_WEIGHTS: Spec = {
    "routes": {"type": "list", "elements": "str", "required": True},
    "weights": {"type": "dict", "required": True},
    "expected": {"type": "dict"},
    "stickiness_seconds": {"type": "int"},
}

TARGET_REGISTRATION: Spec = {
    "target_group": {"type": "str", "required": True},
    "targets": {
        "type": "list",
        "elements": "dict",
        "options": {
            "id": {"type": "str", "required": True},
            "port": {"type": "int"},
            "availability_zone": {"type": "str"},
        },
    },
    "autoscaling_group": {"type": "str"},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "purge": {"type": "bool", "default": False},
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "int", "default": 600},
    "healthy_reads": {"type": "int", "default": 3},
}
TARGET_REGISTRATION_RULES: Rules = {
    "mutually_exclusive": [("targets", "autoscaling_group")],
    "required_one_of": [("targets", "autoscaling_group")],
    "required_if": [("purge", True, ["targets"])],
}

COLORS = ["blue", "green"]

SERVICE_INFO: Spec = {
    "service": {"type": "str", "required": True},
    "routes": {"type": "list", "elements": "str", "required": True},
    "target_groups": {"type": "dict", "required": True},
    "gather": {
        "type": "list",
        "elements": "str",
        "choices": ["routes", "health", "groups"],
        "default": ["routes", "health", "groups"],
    },
}

SETTLE: Spec = {
    "service": {"type": "str", "required": True},
    "target_groups": {"type": "dict", "required": True},
    "groups": {"type": "dict", "required": True},
    "stable": {"type": "str", "choices": COLORS, "required": True},
    "retain_seconds": {"type": "int"},
}
