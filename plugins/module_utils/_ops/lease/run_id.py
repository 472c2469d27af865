# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The ids of runs."""

from __future__ import annotations

from secrets import token_hex

from ..._core.base.timestamps import utc


def new_run(now: float) -> str:
    """Sorted by time; no two are the same, also of services that begin together. ``now`` in seconds since the epoch."""
    return f"{utc(now):%Y%m%dT%H%M%SZ}-{token_hex(2)}"
