# SPDX-License-Identifier: GPL-3.0-or-later
"""A clock that is put forward by sleeping."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.clock import Clock


class FakeClock(Clock):
    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.time += seconds
