# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of autoscaling_capacity."""

from __future__ import annotations

from ..base.spec import Spec

AUTOSCALING_CAPACITY = Spec(
    {
        "group": {"type": "str", "required": True},
        "state": {"type": "str", "choices": ["pinned", "released"], "default": "pinned"},
        "match": {"type": "str"},
        "run": {"type": "str"},
        "wait_timeout": {"type": "int", "default": 300},
    }
)
