# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of preflight, which is told all that a release will be."""

from __future__ import annotations

from ..._core.release.strategies import FINAL_BAKE_SECONDS
from ..bake.metrics import MetricOptions
from ..base.spec import ALARMS, Spec

FIRST_GROUP = {name: {"type": "dict", "required": True} for name in ("launch_template", "autoscaling_group")}

STAGES = ["provision", "verify", "swap", "teardown"]

PREFLIGHT = Spec(
    {
        "service": {"type": "str"},
        "routes": {"type": "list", "elements": "raw", "default": []},
        "target_groups": {"type": "dict"},
        "test_route": {"type": "str"},
        "group": {"type": "dict", "options": FIRST_GROUP},
        "image_id": {"type": "str"},
        "release": {"type": "str"},
        "user_data": {"type": "str", "no_log": True},
        "stages": {"type": "list", "elements": "str", "choices": STAGES, "default": STAGES},
        "source": {"type": "str"},
        "candidate": {"type": "str"},
        "shape_change": {"type": "str", "choices": ["show", "refuse"], "default": "show"},
        "headroom_percent": {"type": "int", "default": 0},
        "alarms": ALARMS,
        "strategy": {"type": "raw", "default": "all_at_once"},
        "final_bake_seconds": {"type": "int", "default": FINAL_BAKE_SECONDS},
        "shift_timeout": {"type": "int", "default": 0},
        "stickiness_seconds": {"type": "int"},
        "metrics": {"type": "list", "elements": "dict", "default": [], "options": MetricOptions.argument_spec()},
        "services": {"type": "int", "default": 1},
        "forks": {"type": "int"},
        "hooks": {"type": "dict", "default": {}},
        "windows": {"type": "list", "elements": "dict", "default": []},
        "override": {"type": "raw", "default": ""},
    },
    rules={
        "required_together": [("service", "target_groups")],
        "required_by": {"group": ["service"]},
        "mutually_exclusive": [("service", "source"), ("service", "candidate")],
    },
)
