# SPDX-License-Identifier: GPL-3.0-or-later
"""Beats that a run keeps up while it waits."""

from __future__ import annotations

from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError

from tests.unit.clock import FakeClock


class Pulse:
    """A beat that notes when it came."""

    def __init__(self, clock: FakeClock, every: float) -> None:
        self.clock, self.every = clock, every
        self.times: list[float] = []

    def beat(self) -> None:
        self.times.append(self.clock.time)


class Lost(Pulse):
    """A beat that fails, as that of a lease which somebody else has taken."""

    def beat(self) -> None:
        raise BluegreenError("The lease was taken.")
