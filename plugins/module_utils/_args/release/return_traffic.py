# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of traffic_return."""

from __future__ import annotations

from ..base.spec import ROUTES, SERVICE, Spec
from ..service.info import STABLE

TRAFFIC_RETURN = Spec(
    {
        **SERVICE,
        **ROUTES,
        "headroom_percent": {"type": "int", "default": 0},
        "wait_timeout": {"type": "int", "default": 300},
        "stable": STABLE,
        "run": {"type": "str"},
    }
)
