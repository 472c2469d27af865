# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of target_registration."""

from __future__ import annotations

from ..base.spec import Spec

TARGET_REGISTRATION = Spec(
    {
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
        "wait_timeout": {"type": "int"},
        "healthy_reads": {"type": "int", "default": 3},
    },
    rules={
        "mutually_exclusive": [("targets", "autoscaling_group")],
        "required_one_of": [("targets", "autoscaling_group")],
        "required_if": [("purge", True, ["targets"])],
    },
)
