# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock that work uses."""

from __future__ import annotations

import time


class Clock:
    """The machine's; tests hand in one of their own."""

    def now(self) -> float:
        """Seconds since the epoch, for timestamps."""
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)
