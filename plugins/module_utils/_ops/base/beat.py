# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is to be done again and again while a task runs, so that others know that it lives."""

from __future__ import annotations

from typing import Protocol


class Beat(Protocol):
    """``every``: after how many seconds it is due again. One that raises ends the task."""

    @property
    def every(self) -> float: ...

    def beat(self) -> None: ...


class Heart:
    """The beats of a task."""

    def __init__(self) -> None:
        self._due: dict[int, float] = {}
        self.beats: list[Beat] = []

    def add(self, beat: Beat, now: float, *, soon: bool = False) -> None:
        """It is due for the first time after its period, or ``soon``: in the next wait."""
        self.beats.append(beat)
        self._due[id(beat)] = now if soon else now + beat.every

    def rest(self, now: float) -> float | None:
        """For how many seconds nothing is due; None where nothing ever is."""
        return max(0.0, min(self._due.values()) - now) if self._due else None

    def beat(self, now: float) -> None:
        """Everything that is due."""
        for beat in self.beats:
            if self._due[id(beat)] <= now:
                self._due[id(beat)] = now + beat.every
                beat.beat()
