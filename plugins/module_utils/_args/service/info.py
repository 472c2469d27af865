# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The argument spec of service_info."""

from __future__ import annotations

from ..base.spec import COLORS, ROUTES, SERVICE, Spec

# What a person says of a service whose tags were lost.
STABLE = {"type": "str", "choices": COLORS}

SERVICE_INFO = Spec(
    {
        **SERVICE,
        **ROUTES,
        "gather": {
            "type": "list",
            "elements": "str",
            "choices": ["routes", "health", "groups"],
            "default": ["routes", "health", "groups"],
        },
        "as_found": {"type": "bool", "default": False},
        "stable": STABLE,
    }
)
