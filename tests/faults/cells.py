# SPDX-License-Identifier: GPL-3.0-or-later
"""Which cells there are: faults of the operations of a release, and kills at its tasks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from typing import Any

DOORS = ("deploy", "rollback", "teardown")
WAYS = ("listener", "store", "records")  # a listener, the same with a store, DNS records
ALWAYS = 10_000  # calls

# The fault as the lab is asked for it. One that does not pass by itself lasts until the run has ended.
COLUMNS: dict[str, Mapping[str, Any]] = {
    "throttled": {"error": "throttled"},
    "500": {"error": "internal"},
    "reset": {"reset": True},
    "answer lost": {"lost": True},
    "hangs": {"silent": True},
    "HTML": {"html": True},
    "denied": {"error": "denied", "times": ALWAYS},
    "expired": {"error": "expired"},
}
LASTING = ("denied", "expired")
KILLS = ("family", "parent", "SIGTERM")


@dataclass(frozen=True)
class Operation:
    """Of an API, as a whole run calls it. ``way``: the first of WAYS in which it does."""

    service: str
    name: str
    kind: str
    way: str


@dataclass(frozen=True)
class Recording:
    """``calls``: its operations, each once, in the order of their first calls. ``tasks``: their names."""

    door: str
    way: str
    calls: Sequence[tuple[str, str, str]]
    tasks: Sequence[str]

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> Recording:
        return cls(**data)


@dataclass(frozen=True)
class FaultCell:
    door: str
    operation: Operation
    column: str

    @property
    def id(self) -> str:
        return f"{self.door}, {self.operation.service} {self.operation.name}, {self.column}"

    @property
    def words(self) -> str:
        """By which it is found."""
        return f"{self.id}, {self.operation.kind}"

    @property
    def way(self) -> str:
        return self.operation.way


@dataclass(frozen=True)
class KillCell:
    """``task``: its number in the run, from 1."""

    door: str
    task: int
    title: str
    kill: str
    then: str

    @property
    def id(self) -> str:
        return f"kill {self.door}, {self.task} {self.title}, {self.kill}, then {self.then}"

    @property
    def words(self) -> str:
        return self.id

    @property
    def way(self) -> str:
        return WAYS[0]


Cell = FaultCell | KillCell


def operations(recordings: Sequence[Recording], door: str) -> list[Operation]:
    found: dict[tuple[str, str], Operation] = {}
    for recording in (each for way in WAYS for each in recordings if (each.way, each.door) == (way, door)):
        for service, name, kind in recording.calls:
            found.setdefault((service, name), Operation(service, name, kind, recording.way))
    return list(found.values())


def cells(recordings: Sequence[Recording]) -> list[Cell]:
    """Those first that are the most likely to show trouble."""
    return sorted([*_faults(recordings), *_kills(recordings)], key=_urgency)


def _faults(recordings: Sequence[Recording]) -> Iterator[FaultCell]:
    for door, column in product(DOORS, COLUMNS):
        for operation in operations(recordings, door):
            yield FaultCell(door, operation, column)


def _kills(recordings: Sequence[Recording]) -> Iterator[KillCell]:
    for recording in (each for each in recordings if each.way == WAYS[0]):
        for number, title in enumerate(recording.tasks, 1):
            for kill, then in product(KILLS, DOORS):
                yield KillCell(recording.door, number, title, kill, then)


def _urgency(cell: Cell) -> tuple[int, int]:
    door = DOORS.index(cell.door)
    if isinstance(cell, KillCell):
        return (1 if cell.kill == "parent" else 3, door)
    if cell.operation.kind == "write":
        return (0 if cell.column in ("answer lost", "hangs") else 2, door)
    return (4 if cell.column in ("hangs", "HTML", *LASTING) else 5, door)
