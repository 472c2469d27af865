# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what is planned for routes, whichever kind they are, and sees that it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..._core.base.errors import BluegreenError, StoppedError
from ..._core.traffic.record_sets import SYNC_SECONDS
from ..._core.traffic.route import AnyChange
from ..base.run import Run, together
from ..base.writes import write_all
from .kinds import changes_by_kind

FRESH = 0.5  # seconds for which reading the lease before a write counts for those that follow it


class RouteWrites:
    """Changes of routes."""

    def __init__(self, run: Run, changes: Sequence[AnyChange]) -> None:
        self._run = run
        self._parts = changes_by_kind([change for change in changes if change.needed])
        self._answers: list[list[Any]] = []
        self._lease_read_at = float("-inf")

    @property
    def needed(self) -> bool:
        return bool(self._parts)

    def write(self) -> None:
        """All of them, or none. The lease is read before, also where there is nothing to write, and on the way."""
        self._require_lease()
        writes = [kind.writes(self._run, changes) for kind, changes in self._parts]
        answers = iter(write_all([write for its in writes for write in its], self._require_lease))
        self._answers = [[next(answers) for _write in its] for its in writes]

    def write_each(self, warn: Callable[[str], None]) -> tuple[int, list[str]]:
        """Each for itself: how many were made, and why others were refused. What was made is confirmed later."""
        refused: list[str] = []
        parts, self._parts, self._answers = self._parts, [], []
        for kind, changes in parts:
            made: list[tuple[AnyChange, Any]] = []
            for change in changes:
                try:
                    made.append((change, kind.write_alone(self._run, change, warn)))
                except StoppedError:
                    raise
                except BluegreenError as error:
                    refused.append(str(error))
            if made:
                self._parts.append((kind, [change for change, _answer in made]))
                self._answers.append([answer for _change, answer in made])
        return sum(map(len, self._answers)), refused

    def confirm(self, seconds: float = SYNC_SECONDS) -> None:
        """Wait until AWS reports what was written, and say so when it reports something else."""
        parts = zip(self._parts, self._answers, strict=True)
        together(*[partial(kind.confirm, self._run, its, answers, seconds) for (kind, its), answers in parts])

    def _require_lease(self) -> None:
        now = self._run.clock.monotonic()
        if now - self._lease_read_at >= FRESH:
            self._run.before_write()
            self._lease_read_at = now
