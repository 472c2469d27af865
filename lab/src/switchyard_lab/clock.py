# SPDX-License-Identifier: GPL-3.0-or-later
"""The one clock of the lab. Every timer goes through it, so LAB_SPEED divides all of them or none."""

from __future__ import annotations

import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    speed: float = 1.0

    def now(self) -> float:
        """Wall time, as AWS reports it (epoch seconds)."""
        return time.time()

    def passed(self, since: float, seconds: float) -> bool:
        """Whether that many lab seconds have gone by."""
        return self.now() >= since + self.real(seconds)

    def real(self, seconds: float) -> float:
        """How long lab seconds last for somebody who waits for them."""
        return seconds / self.speed
