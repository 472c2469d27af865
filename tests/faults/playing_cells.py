# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays a cell on a lab of its own, under load, and looks at what it leaves."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

from switchyard_lab.client import LabProcess
from tests.playing import Played, Run
from tests.unserved import unserved

from .cells import COLUMNS, LASTING, Cell, FaultCell, KillCell, Recording
from .killing import killed
from .leftovers import leftovers, weight
from .scene import Scene, begin
from .seen import MISSING, Seen

RATE = 40.0  # requests per second
AFTERWARDS = 0.5  # seconds for which users continue asking
SETTINGS = {"seed": False, "speed": 20, "latency_ms": 20, "propagation_ms": 5000}
FIRST, NEXT = "first", "next"  # access keys, by which the lab tells the runs
OURS = "switchyard.bluegreen"


@dataclass
class Course:
    """The runs of a cell so far."""

    doors: list[str] = field(default_factory=list)
    ends: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def note(self, door: str, played: Played) -> None:
        outcome = next(iter(played.outcomes.values()), {})
        self.doors.append(door)
        self.ends.append(outcome.get("end_state", MISSING))
        self.messages.append(str(outcome.get("message") or played.messages)[:600])


def record(door: str, way: str, run: Run) -> Recording:
    with LabProcess(**SETTINGS) as lab:
        scene = begin(lab, door, way)
        since = time.time()
        with _users(scene, RATE):
            played = scene.open(door, run, FIRST)
        if played.returncode:
            raise RuntimeError(f"{door}, {way}: {played.messages}")
        ours = [call for call in lab.calls(since) if OURS in call["user_agent"]]
        calls = dict.fromkeys((call["service"], call["operation"], call["kind"]) for call in ours)
        return Recording(door, way, list(calls), [result["task"] for result in played.results])


def play(cell: Cell, run: Run, rate: float = RATE, quick: bool = False) -> Seen:
    with LabProcess(**SETTINGS) as lab:
        scene = begin(lab, cell.door, cell.way, quick)
        course, began = Course(), time.monotonic()
        with _users(scene, rate) as loads:
            if isinstance(cell, FaultCell):
                _fail(scene, cell, run, course)
            else:
                _kill(scene, cell, run, course)
            seconds = time.monotonic() - began
            time.sleep(AFTERWARDS)
        results = [load.result for load in loads]
        failures = [f"{each.status} {each.error} {each.release}" for result in results for each in result.failures]
        return Seen(
            tuple(course.doors),
            tuple(course.ends),
            tuple(course.messages),
            weight(scene.standing.sample),
            sum(result.requests for result in results),
            sum(result.failed for result in results),
            failures[:5],
            leftovers(scene),
            unserved(scene.standing.sample),
            round(seconds, 1),
            course.problems,
        )


def _fail(scene: Scene, cell: FaultCell, run: Run, course: Course) -> None:
    """What a lasting fault has left is checked once the same playbook has run again without it."""
    name = cell.operation.name
    scene.lab.fault(operation=name, **COLUMNS[cell.column])
    course.note(cell.door, scene.open(cell.door, run, FIRST))
    scene.lab.fault(operation=name, times=0)
    if cell.column in LASTING:
        course.note(cell.door, scene.open(cell.door, run, NEXT))


def _kill(scene: Scene, cell: KillCell, run: Run, course: Course) -> None:
    """The next run begins at once, while tasks of the dead one may live."""
    dead = killed(scene, cell, FIRST)
    course.note(cell.then, scene.open(cell.then, run, NEXT))
    course.problems += dead.problems(scene)


@contextmanager
def _users(scene: Scene, rate: float) -> Iterator[Sequence[Any]]:
    with ExitStack() as stack:
        yield [stack.enter_context(load) for load in scene.standing.users(rate)]
