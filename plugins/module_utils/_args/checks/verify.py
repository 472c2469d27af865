# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of http_check."""

from __future__ import annotations

from typing import Any

from ..base.spec import Spec

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
                "others": {"type": "bool", "default": False},
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
