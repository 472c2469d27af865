# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument specs of plan and outcome: how a run begins and how it ends."""

from __future__ import annotations

from ..base.spec import Spec
from .definition import READ
from .preflight import STAGES

PLAN = Spec(
    {
        "stages": {"type": "list", "elements": "str", "choices": STAGES, "default": STAGES},
        **READ,
        "user_data": {"type": "str", "no_log": True},
        "shown": {"type": "dict", "required": True},
        "services": {"type": "int", "default": 1},
        "forks": {"type": "int"},
        "others": {"type": "list", "elements": "str", "default": []},
        "failed": {"type": "list", "elements": "str", "default": []},
        "max_failed": {"type": "int"},
        "run": {"type": "str"},
    }
)

OUTCOME = Spec(
    {
        "service": {"type": "str"},
        "plan": {"type": "dict"},
        "failure": {"type": "dict"},
        "returned": {"type": "bool", "default": False},
        "returned_at": {"type": "float"},
        "paused": {"type": "str"},
        "refused": {"type": "str"},
        "ended": {"type": "dict"},
    },
    rules={
        "required_one_of": [("plan", "refused", "ended")],
        "required_by": {"refused": ["service"], "ended": ["service"]},
    },
)
