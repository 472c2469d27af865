# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that are killed, and what their tasks still do."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from switchyard_lab.client import is_alive
from tests.playing import ASKED, BIN, ROOT
from tests.plays import controller

from .cells import KillCell
from .scene import Scene, identity
from .victim import play_until

LONGEST = 40.0  # seconds until a task has noticed that nobody waits for it: one that waits looks each 15
UNDER_WAY = 1.0  # seconds for a call that was being made


@dataclass(frozen=True)
class Dead:
    """``tasks``: the processes of the tasks that it had."""

    key: str
    tasks: Sequence[int]
    killed: float

    def problems(self, scene: Scene) -> Iterator[str]:
        deadline = time.monotonic() + LONGEST
        while alive := [pid for pid in self.tasks if is_alive(pid)]:
            if time.monotonic() > deadline:
                yield f"{len(alive)} tasks of the dead run live on"
                break
            time.sleep(0.1)
        calls = scene.lab.calls(self.killed + UNDER_WAY)
        made = [call["operation"] for call in calls if f"app/{self.key}" in call["user_agent"]]
        if made:
            yield f"the dead run has called {', '.join(made)}"


def killed(scene: Scene, cell: KillCell, key: str) -> Dead:
    environment = os.environ | scene.lab.env | identity(key) | ASKED | {"PATH": f"{BIN}:{os.environ['PATH']}"}
    arguments = [str(ROOT / f"playbooks/{cell.door}.yml"), "-i", str(scene.lab.inventory)]
    arguments += ["-e", json.dumps(scene.variables(cell.door))]
    tasks, at = controller().submit(play_until, arguments, dict(environment), cell.task, cell.kill).result()
    return Dead(key, tasks, at)
