# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays until a task begins, and kills the play there. This runs in the process that plays are forked from."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Mapping, Sequence
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.plays import run
from tests.processes import descendants, end

MIDST = 0.3  # seconds from a task's begin into the midst of it
GRACE = 5.0  # seconds for who was asked to end
FORKS = multiprocessing.get_context("fork")


def play_until(
    arguments: Sequence[str], environment: Mapping[str, str], task: int, kill: str
) -> tuple[list[int], float]:
    """The processes of its tasks, and when it was killed: the ``family`` before the task begins, its ``parent`` only,
    or by ``SIGTERM``, in the midst of it."""
    near, far = FORKS.Pipe()
    play = FORKS.Process(target=_announce, args=(near, far, task, arguments, environment))
    play.start()
    far.close()
    try:
        near.recv()
        if kill != "family":
            near.send("continue")
            time.sleep(MIDST)
        tasks = descendants(play.pid or 0)
        os.kill(play.pid or 0, signal.SIGTERM if kill == "SIGTERM" else signal.SIGKILL)
        killed = time.time()
        if kill == "family":
            end(tasks)
        play.join(GRACE)
        return tasks, killed
    finally:
        play.kill()
        play.join()


def _announce(
    near: Connection, far: Connection, task: int, arguments: Sequence[str], environment: Mapping[str, str]
) -> None:
    """Play, and wait for word when the task is about to begin."""
    from ansible.executor.task_queue_manager import TaskQueueManager

    near.close()
    numbers, send = count(1), TaskQueueManager.send_callback

    def announced(self: Any, name: str, *given: Any, **more: Any) -> None:
        send(self, name, *given, **more)
        if name == "v2_runner_on_start" and next(numbers) == task:
            far.send("here")
            far.recv()

    TaskQueueManager.send_callback = announced
    run(arguments, environment, [Path(os.devnull), Path(os.devnull)])
