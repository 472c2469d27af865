# SPDX-License-Identifier: GPL-3.0-or-later
"""docs/faults.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from tests.journal import coverage

from .cells import COLUMNS, DOORS, KILLS, Cell, FaultCell, KillCell
from .seen import Seen

ABOUT = """\
# When AWS fails, and when a run dies

Written by `make faults`: whole canary releases with a return role on the [lab](../lab), under requests of users,
with 20 ms for each API call. A cell shows how the run has ended ([end states](outcome.md)) and after how many
seconds. Every release is a good one. A cell is **a fault** in each of these cases:

- a request of a user fails
- the outcome is missing
- a lease, a pinned capacity or a schedule of the [return by AWS](return-by-aws.md) stays behind
- the traffic does not agree with the end state

If nobody could return a split, the schedule and the pins stay, because AWS then returns the traffic.

{coverage}: {faults}.
"""
FAULTS = """\
## Faults of API calls during {door}

{beginning} The fault happens once, at the first call of the
operation:

- *Throttled*, *500*: AWS answers with an error.
- *Reset* breaks the connection before the call has an effect, *answer lost* after it.
- *Hangs*: the call has its effect, but is never answered.
- *HTML*: a proxy answers with a page and status 200.
- *Denied* refuses the operation, and *expired* every call, until the end of the run. The second end state is that of
  the same playbook when it is run again.
"""
KILLED = """\
## {door}, killed

The run is killed at each of its tasks: the *family* is all its processes, when the task starts; the *parent* is killed
alone in the middle of the task, so that the task continues; *SIGTERM* is sent in the middle of the task. The next
playbook starts at once, and its end state is shown. A teardown that finds nothing due names the run that died, and
leaves what it left to the next deploy, rollback or watch.
"""
BEGINNINGS = {
    "deploy": "A first canary, 10 % and 100 %.",
    "rollback": "A run died at 10 % and left its lease, its schedule and both groups pinned.",
    "teardown": "The release has settled, and the previous environment is due for removal.",
}


def report(every: Sequence[Cell], known: Mapping[str, Seen], current: Collection[str]) -> str:
    here = {cell.id: known[cell.id] for cell in every if cell.id in known}
    bad = sum(bool(seen.faults) for seen in here.values())
    faults = "no cell is a fault" if not bad else "1 cell is a fault" if bad == 1 else f"{bad} cells are faults"
    fresh = sum(each in current for each in here)
    shown = {each: _cell(seen) + ("" if each in current else " °") for each, seen in here.items()}
    parts = [ABOUT.format(coverage=coverage("cells", len(here), len(every), fresh), faults=faults)]
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
