# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What this run has written of late, which a read may not show yet.

EC2 "follows an eventual consistency model" (Eventual consistency in the Amazon EC2 API, in its developer guide), and so
do Auto Scaling, Elastic Load Balancing and IAM (pull 40088 and issue 20454 of hashicorp/terraform-provider-aws). Reads
do not even get newer one after the other, for different front ends answer them. So a read is made again that does not
show what this run itself wrote seconds ago, and so is a call that names what AWS does not know, but may be new.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ..._core.base.own_writes import Facts, is_older, is_read, is_unknown, promised

SECONDS = 5.0  # for how long a read may lag; AWS names no figure
PAUSE, LONGEST_PAUSE = 0.25, 2.0  # before another attempt; each pause is twice the one before

Params = Mapping[str, Any]


class Written:
    """``notes``: a file of the run, for one service, in which its next tasks find what this one writes, for each works
    in a process of its own. Without it, ``unsure`` is a task before which another one may have written something."""

    def __init__(
        self, notes: Path | None = None, *, unsure: bool = False, now: Callable[[], float] = time.time
    ) -> None:
        self._file, self._now = notes, now
        self._own: list[tuple[float, Facts]] = [(now(), {})] if unsure else []

    def note(self, operation: str, asked: Params) -> None:
        """Keep that ``operation`` was made with ``asked``. Where there is no place for the note, this task alone
        knows it."""
        if is_read(operation):
            return
        noted = self._now(), promised(operation, asked)
        if self._file is None:
            self._own.append(noted)
            return
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("a", encoding="utf-8") as file:
                file.write(f"{json.dumps(noted)}\n")
        except OSError:
            self._own.append(noted)

    def pause(self, operation: str, asked: Params, answer: Params, attempts: int = 1) -> float | None:
        """After how many seconds the call is made again, which was made this many times; None for an answer that is
        believed."""
        error = answer.get("Error")
        if error and not is_unknown(error.get("Code", ""), error.get("Message", "")):
            return None
        if not error and not is_read(operation):
            return None
        facts = self._recent()
        is_old = facts is not None and (error or is_older(operation, asked, answer, facts))
        return min(PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE) if is_old else None

    def _recent(self) -> Facts | None:
        """What was promised in the last seconds; None where nothing was written. What seems to be of the future is from
        before the clock was set back."""
        now = self._now()
        noted = [facts for at, facts in self._noted(now - SECONDS) if now - SECONDS < at <= now]
        return {key: value for facts in noted for key, value in facts.items()} if noted else None

    def _noted(self, since: float) -> list[tuple[float, Facts]]:
        if self._file is None:
            return self._own
        try:
            if self._file.stat().st_mtime < since:
                return self._own
            lines = self._file.read_text(encoding="utf-8").splitlines()
            return self._own + [json.loads(line) for line in lines]
        except (OSError, ValueError):  # nothing was written, or another thread is writing just now
            return self._own
