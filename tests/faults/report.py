# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/faults.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from .cells import COLUMNS, DOORS, KILLS, Cell, FaultCell, KillCell
from .seen import Seen

ABOUT = """\
# When AWS fails, and when a run dies

Written by `make faults`: whole releases of a canary with a return role on the [lab](../tests/lab), under requests of
users, with 20 ms for each API call. A cell says how the run has ended ([end states](outcome.md)) and after how many
seconds. Each release is a good one, so a cell is **a fault** when a request of a user fails, when the outcome is
missing, when a lease, a pinned capacity or a schedule of the [return by AWS](return-by-aws.md) stays behind, or when
the traffic is not where the end state says. At a split that nobody could return, the schedule and the pins stay: AWS
returns the traffic.

{played} of {every} cells were played, {current} of them in this state of the product, and those with a ° in an
earlier one: {faults}.
"""
FAULTS = """\
## Faults of API calls during {door}

{beginning} The fault comes with the first call of the
operation, once. *Denied* refuses the operation and *expired* every call until the end of the run; their second end
state is that of the same playbook run again. *500* is an error of AWS, *reset* breaks the connection before anything
is done, *answer lost* after it is done, *hangs* never answers a call that is done, and *HTML* is a page of a proxy with
status 200.
"""
KILLED = """\
## {door}, killed

Killed at each of its tasks: the whole *family* of processes as the task begins, the *parent* only in the midst of it,
so that the task lives on, and by *SIGTERM* in the midst of it. The next playbook begins at once, and is the one whose
end state is shown. A teardown that finds nothing due leaves what a dead run has left to the next deploy or rollback.
"""
BEGINNINGS = {
    "deploy": "A first canary, 10 % and 100 %.",
    "rollback": "A run died at 10 %, and has left its lease, its schedule and both groups pinned.",
    "teardown": "The release has settled, and the previous environment is due for removal.",
}


def report(every: Sequence[Cell], known: Mapping[str, Seen], current: Collection[str]) -> str:
    here = {cell.id: known[cell.id] for cell in every if cell.id in known}
    bad = sum(bool(seen.faults) for seen in here.values())
    faults = "no cell is a fault" if not bad else "1 cell is a fault" if bad == 1 else f"{bad} cells are faults"
    fresh = sum(each in current for each in here)
    shown = {each: _cell(seen) + ("" if each in current else " °") for each, seen in here.items()}
    parts = [ABOUT.format(played=len(here), every=len(every), current=fresh, faults=faults)]
    for door in DOORS:
        if rows := list(_fault_rows([cell for cell in every if isinstance(cell, FaultCell)], door, shown)):
            parts += [FAULTS.format(door=door, beginning=BEGINNINGS[door]), _table(["operation", *COLUMNS], rows)]
    for door in DOORS:
        if rows := list(_kill_rows([cell for cell in every if isinstance(cell, KillCell)], door, shown)):
            head = [f"{kill}, then {then}" for kill in KILLS for then in DOORS]
            parts += [KILLED.format(door=door.capitalize()), _table(["task", *head], rows)]
    return "\n".join(parts)


def _fault_rows(cells: Sequence[FaultCell], door: str, shown: Mapping[str, str]) -> Iterator[list[str]]:
    for operation in dict.fromkeys(cell.operation for cell in cells if cell.door == door):
        row = [shown.get(FaultCell(door, operation, column).id, "") for column in COLUMNS]
        if any(row):
            yield [f"{operation.service} {operation.name}", *row]


def _kill_rows(cells: Sequence[KillCell], door: str, shown: Mapping[str, str]) -> Iterator[list[str]]:
    tasks = sorted({(cell.task, cell.title) for cell in cells if cell.door == door})
    for task, title in tasks:
        row = [shown.get(KillCell(door, task, title, kill, then).id, "") for kill in KILLS for then in DOORS]
        if any(row):
            yield [f"{task}. {title.rpartition(' : ')[2]}", *row]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(seen: Seen) -> str:
    said = f"{', then '.join(seen.ends)}, {seen.seconds:.0f} s"
    if seen.faults:
        return f"**{said}: {'; '.join(seen.faults)}**"
    return f"{said}; left: {', '.join(seen.left)}" if seen.left else said
