# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tasks of a play call AWS in turn, where many services are released at the same time.

Each task is a process of its own, so that none can know how often the others call. A throttled call is tried again
with a growing pause; where fifty services do so together, some lose a call for good, and with it their release.
"""

from __future__ import annotations

import fcntl
import json
import time
from collections.abc import Callable
from pathlib import Path

from ..._core.base.own_writes import is_read
from ..._core.base.rates import Rate, rate_of


class Turns:
    """``file``: of the play. ``account``: whose calls they are. ``waits``: whether the reads of the task wait for their
    turn, as those of a bake do; what is about to write only takes its turns, so that the others wait for longer."""

    def __init__(
        self, file: Path, account: str, waits: bool = True, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._file, self._account, self._waits, self._sleep = file, account, waits, sleep

    def take(self, service: str, region: str, operation: str) -> None:
        """Return when ``operation`` may be called. Without a place for the file nobody waits."""
        rate = rate_of(service, operation)
        if rate is None:
            return
        try:
            seconds = self._reserve(rate, f"{rate.name} {self._account} {region}")
        except OSError:
            return
        if self._waits and is_read(operation):
            self._sleep(seconds)

    def _reserve(self, rate: Rate, key: str) -> float:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a+", encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # ends with the file
            file.seek(0)
            last = _read(file.read())
            # The same for all processes of a machine, and never set back.
            seconds, last[key] = rate.turn(last.get(key, 0.0), time.monotonic())
            file.seek(0)
            file.truncate()
            file.write(json.dumps(last))
        return seconds


def _read(text: str) -> dict[str, float]:
    """Empty where the task that wrote last was killed meanwhile."""
    try:
        return dict(json.loads(text))
    except ValueError:
        return {}
