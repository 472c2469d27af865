# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The language of metrics, which is checked before a release and spoken in each bake."""

from __future__ import annotations

from typing import Any

from ..._core.bake.histogram import UNITS
from ..._core.bake.metrics import TAKES

QUERIES: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "options": {
        "id": {"type": "str", "required": True},
        "namespace": {"type": "str"},
        "metric_name": {"type": "str"},
        "dimensions": {"type": "dict"},
        "statistic": {"type": "str"},
        "expression": {"type": "str"},
    },
    "required_together": [("namespace", "metric_name")],
}

METRICS: dict[str, Any] = {
    "type": "list",
    "elements": "dict",
    "default": [],
    "options": {
        "name": {"type": "str", "required": True},
        "compare": {"type": "str", "choices": list(TAKES)},
        "queries": QUERIES,
        "numerator": {"type": "list", "elements": "str"},
        "denominator": {"type": "str"},
        "answered": {"type": "list", "elements": "str"},
        "value": {"type": "str"},
        "period": {"type": "int", "default": 60},
        "unit": {"type": "str", "choices": list(UNITS), "default": "seconds"},
        "threshold": {
            "type": "dict",
            "options": {
                "above": {"type": "float"},
                "below": {"type": "float"},
                "allowed": {"type": "int", "default": 0},
            },
            "required_one_of": [("above", "below")],
        },
        "effect": {
            "type": "dict",
            "options": {"ratio": {"type": "float"}, "difference": {"type": "float"}},
        },
        "minimum_samples": {"type": "int"},
        "worse": {"type": "str", "choices": ["higher", "lower"], "default": "higher"},
        "dry_run": {"type": "bool", "default": False},
    },
}
