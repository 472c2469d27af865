# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs, shared by each module and its action plugin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Spec:
    """What a module takes.

    ``options`` are AnsibleModule's argument_spec. ``rules`` say which of them go together, as AnsibleModule's arguments
    of these names. With ``aws`` the options of amazon.aws's fragments come along, and clients can be made from them.
    """

    options: Mapping[str, Any]
    rules: Mapping[str, Any] = field(default_factory=dict)
    aws: bool = True


LISTENER_WEIGHTS = Spec(
    {
        "routes": {"type": "list", "elements": "str", "required": True},
        "weights": {"type": "dict", "required": True},
        "expected": {"type": "dict"},
        "stickiness_seconds": {"type": "int"},
    }
)

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
        "wait_timeout": {"type": "int", "default": 600},
        "healthy_reads": {"type": "int", "default": 3},
    },
    rules={
        "mutually_exclusive": [("targets", "autoscaling_group")],
        "required_one_of": [("targets", "autoscaling_group")],
        "required_if": [("purge", True, ["targets"])],
    },
)

TARGET_GROUP_CLONE = Spec({"source": {"type": "str", "required": True}, "name": {"type": "str", "required": True}})

ROUTE_TO_TEST: dict[str, Any] = {
    "header": {
        "type": "dict",
        "options": {"name": {"type": "str", "required": True}, "value": {"type": "str", "required": True}},
    },
    "priority": {"type": "int"},
    "port": {"type": "int"},
    "protocol": {"type": "str", "choices": ["HTTP", "HTTPS", "TCP", "TLS"]},
    "host": {"type": "str"},
}
RULE_OR_LISTENER: dict[str, Any] = {
    "required_together": [("header", "priority")],
    "mutually_exclusive": [("header", "port"), ("header", "protocol")],
    "required_one_of": [("header", "port")],
}

TEST_ROUTE = Spec(
    {
        "route": {"type": "str", "required": True},
        "weights": {"type": "dict", "required": True},
        **ROUTE_TO_TEST,
    },
    rules=RULE_OR_LISTENER,
)

COLORS = ["blue", "green"]

# Which service a task is about (the doc fragment of this name).
SERVICE: Mapping[str, Any] = {
    "service": {"type": "str", "required": True},
    "routes": {"type": "list", "elements": "str", "required": True},
    "target_groups": {"type": "dict", "required": True},
}

SERVICE_INFO = Spec(
    {
        **SERVICE,
        "gather": {
            "type": "list",
            "elements": "str",
            "choices": ["routes", "health", "groups"],
            "default": ["routes", "health", "groups"],
        },
    }
)

ADOPTION_INFO = Spec(
    {
        **SERVICE,
        "group": {"type": "str"},
        "test_route": {"type": "dict", "options": ROUTE_TO_TEST, **RULE_OR_LISTENER},
        "stickiness_seconds": {"type": "int"},
        "known": {"type": "list", "elements": "str", "default": []},
    }
)

TRAFFIC_CHECK = Spec(
    {
        **SERVICE,
        "color": {"type": "str", "choices": COLORS, "required": True},
        "quiet_seconds": {"type": "int", "default": 180},
        "wait_timeout": {"type": "int", "default": 900},
    }
)

SETTLE = Spec(
    {
        "service": {"type": "str", "required": True},
        "target_groups": {"type": "dict", "required": True},
        "groups": {"type": "dict", "required": True},
        "stable": {"type": "str", "choices": COLORS, "required": True},
        "retain_seconds": {"type": "int"},
    }
)

AUTOSCALING_CLONE = Spec(
    {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "service": {"type": "str", "required": True},
        "color": {"type": "str", "choices": COLORS},
        "source": {"type": "str"},
        "name": {"type": "str"},
        "image_id": {"type": "str"},
        "release": {"type": "str"},
        "target_groups": {"type": "list", "elements": "str"},
        "headroom_percent": {"type": "int", "default": 0},
        "user_data": {"type": "str", "no_log": True},
        "spread_seconds": {"type": "int", "default": 0},
        "keep_versions": {"type": "int"},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "int", "default": 600},
    },
    rules={
        "required_if": [
            ("state", "present", ["source", "color", "image_id", "target_groups"]),
            ("state", "absent", ["name"]),
        ],
    },
)

TRAFFIC_RETURN = Spec(
    {
        **SERVICE,
        "headroom_percent": {"type": "int", "default": 0},
        "wait_timeout": {"type": "int", "default": 300},
    }
)

AUTOSCALING_CAPACITY = Spec(
    {
        "group": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["pinned", "released"], "default": "pinned"},
        "match": {"type": "str"},
        "wait_timeout": {"type": "int", "default": 300},
    }
)

ALARMS = {"type": "list", "elements": "str", "default": []}

HEADER_OR_JSON: dict[str, Any] = {"mutually_exclusive": [("header", "json")], "required_one_of": [("header", "json")]}

HTTP_CHECK = Spec(
    {
        "url": {"type": "str", "required": True},
        "headers": {"type": "dict"},
        "checks": {
            "type": "list",
            "elements": "dict",
            "default": [],
            "options": {
                "name": {"type": "str"},
                "path": {"type": "str", "default": "/"},
                "method": {"type": "str", "default": "GET"},
                "headers": {"type": "dict"},
                "body": {"type": "json"},
                "status": {"type": "list", "elements": "int", "default": [200]},
                "body_pattern": {"type": "str"},
                "json": {"type": "dict"},
                "max_ms": {"type": "int"},
                "repetitions": {"type": "int", "default": 1},
            },
        },
        "release": {
            "type": "dict",
            "options": {"header": {"type": "str"}, "json": {"type": "str"}, "value": {"type": "str", "required": True}},
            **HEADER_OR_JSON,
        },
        "instances": {
            "type": "dict",
            "options": {
                "header": {"type": "str"},
                "json": {"type": "str"},
                "expected": {"type": "list", "elements": "str", "required": True},
            },
            **HEADER_OR_JSON,
        },
        "timeout": {"type": "float", "default": 10.0},
        "validate_certs": {"type": "bool", "default": True},
        "settle_seconds": {"type": "int", "default": 30},
        "coverage_timeout": {"type": "int", "default": 30},
    },
    aws=False,
)
