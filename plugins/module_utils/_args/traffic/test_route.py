# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of test_route, and what of it is asked before an adoption."""

from __future__ import annotations

from typing import Any

from ..base.spec import Spec

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
