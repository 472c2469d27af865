# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of adoption_info."""

from __future__ import annotations

from ..base.spec import ROUTES, SERVICE, Spec
from ..traffic.test_route import RouteToTest

ADOPTION_INFO = Spec(
    {
        **SERVICE,
        **ROUTES,
        "group": {"type": "str"},
        "test_route": {"type": "dict", "options": RouteToTest.argument_spec(), **RouteToTest.rules},
        "stickiness_seconds": {"type": "int"},
        "known": {"type": "list", "elements": "str", "default": []},
    }
)
