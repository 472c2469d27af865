# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the controller still lives that this process works for.

Since ansible-core 2.19 each task's process leads a session of its own, so that it outlives a controller that is killed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import parent_process

from ..._core.base.errors import StoppedError


def _alive() -> bool:
    return True


def controller() -> int:
    """The process of ansible-playbook, which has forked this one for a task; also if it has died since, and the system
    has given its orphan another parent."""
    parent = parent_process()
    return parent.pid or 0 if parent else os.getppid()


class OrphanError(StoppedError):
    """Nobody waits for the result any more, and the next run may have begun."""


class Parent:
    """``pid`` is the controller, by default who is the parent now. ``lives`` says it of a controller that is not this
    process's own parent."""

    def __init__(self, lives: Callable[[], bool] = _alive, pid: int | None = None) -> None:
        self._pid, self._lives = os.getppid() if pid is None else pid, lives

    def check(self) -> None:
        if os.getppid() != self._pid or not self._lives():
            raise OrphanError("ansible-playbook has ended, so this task stops without another call.")
