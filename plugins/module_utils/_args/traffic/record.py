# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of record_weights."""

from __future__ import annotations

from ..._core.traffic.record_sets import SYNC_SECONDS
from ..base.spec import Spec

RECORD_WEIGHTS = Spec(
    {
        "zone": {"type": "str", "required": True},
        "private_zone": {"type": "bool"},
        "record": {"type": "str", "required": True},
        "type": {"type": "str", "choices": ["A", "AAAA", "CNAME"], "default": "A"},
        "weights": {"type": "dict", "required": True},
        "expected": {"type": "dict"},
        "targets": {"type": "dict", "default": {}},
        "wait_timeout": {"type": "int", "default": SYNC_SECONDS},
    }
)
