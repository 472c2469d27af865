# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of the table: what its jobs did, and what of that is wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from switchyard_lab.client import LabProcess
from tests.playing import ROOT

from .cells import ROWS, Row
from .installed import Installed, install
from .job import Done
from .scene import Scene, begin

DOCUMENT = ROOT / "docs/runner.md"
AT_ONCE = 2  # labs, on a machine of two cores
KEY = "bluegreen_outcome_demo"
COLUMNS = ("good", "refused", "unreachable", "failed", "canceled early", "canceled midway", "resumed")
ABOUT = """\
# Jobs of AWX

Written by `make runner`: every playbook as a job of AWX 24.6 runs it, on the [lab](../lab). The collection is
built and installed; ansible-runner plays the playbooks that it has for a project, with the answers of a survey as text,
AWX's own variables, an inventory script and the fact cache. A cell shows the end state in the job's one artifact,
`{key}`, or what has become of the job where it has none. A cell that is wrong is bold.

| column | the job |
|---|---|
| good | with everything that it needs |
| refused | with an answer that is wrong |
| unreachable | AWS does not answer |
| failed | AWS denies a write (of playbooks that only read: a read), or the candidate does not pass its checks |
| canceled early | AWX cancels it, by SIGKILL, when Ansible has begun |
| canceled midway | while the traffic is split, or after a write whose answer never comes, or while it reads |
| resumed | the next one after each of the two: it continues, and the service ends as after a good one |

{rows} playbooks, {took} minutes: {faults}.

| playbook | {columns} |
|---|{dashes}
"""


@dataclass(frozen=True)
class Cell:
    text: str
    wrong: str = ""

    def __str__(self) -> str:
        return f"**{self.text}: {self.wrong}**" if self.wrong else self.text


@dataclass(frozen=True)
class Part:
    """The cells of one lab, and how the service stands at its end."""

    cells: Mapping[str, Cell]
    stands: Mapping[str, Any]


def main(text: str) -> int:
    """The exit code: 1 when a cell is wrong."""
    began, wanted = time.monotonic(), [row for row in ROWS if text in row.playbook]
    with TemporaryDirectory() as folder, ThreadPoolExecutor(AT_ONCE) as pool:
        installed = install(Path(folder))
        missing = installed.playbooks ^ {row.playbook for row in ROWS}
        assert not missing, f"of the project and the table, only one has {missing}"
        played = list(pool.map(lambda row: _played(installed, row), wanted))
    wrong = [cell for cells in played for cell in cells if cell.wrong]
    if wanted == list(ROWS):
        _write(played, round((time.monotonic() - began) / 60), len(wrong))
    return int(bool(wrong))


def problems(installed: Installed, row: Row) -> list[str]:
    return [str(cell) for cell in _played(installed, row) if cell.wrong]


def _played(installed: Installed, row: Row) -> list[Cell]:
    """In the order of the columns."""
    good, early, midway, failed = (_in_a_lab(installed, row, part) for part in (_good, _early, _midway, _failed))
    cells = {**good.cells, **failed.cells, **early.cells, **midway.cells}
    cells["resumed"] = _resumed(good, early, midway)
    ordered = [cells[column] for column in COLUMNS]
    print(f"| {row.playbook} | {' | '.join(map(str, ordered))} |", file=sys.stderr, flush=True)
    return ordered


def _in_a_lab(installed: Installed, row: Row, part: Callable[[Scene], Mapping[str, Cell]]) -> Part:
    with LabProcess(seed=False, speed=20) as lab:
        scene = begin(lab, installed, row)
        return Part(part(scene), scene.stands())


def _good(scene: Scene) -> dict[str, Cell]:
    """What is refused, and what reaches nobody, touches nothing."""
    before = scene.stands()
    cells = {
        "refused": _ended(scene.refused(), "failed", "refused"),
        "unreachable": _ended(scene.unreachable(), "failed", "refused", "halted"),
    }
    if scene.stands() != before:
        cells["refused"] = Cell("refused", f"{before} became {scene.stands()}")
    return {**cells, "good": _ended(scene.good(), "successful", scene.row.good)}


def _early(scene: Scene) -> dict[str, Cell]:
    return {"canceled early": _canceled(scene.canceled_early()), "resumed": _next(scene)}


def _midway(scene: Scene) -> dict[str, Cell]:
    return {"canceled midway": _canceled(scene.canceled_midway()), "resumed": _next(scene)}


def _failed(scene: Scene) -> dict[str, Cell]:
    return {"failed": _ended(scene.failed(), "failed", scene.row.failed)}


def _next(scene: Scene) -> Cell:
    return _ended(scene.good(), "successful", scene.row.good, scene.row.again)


def _resumed(good: Part, *parts: Part) -> Cell:
    """Of both jobs that were taken on."""
    cells = [part.cells["resumed"] for part in parts]
    wrong = [cell.wrong for cell in cells if cell.wrong]
    wrong += [f"{good.stands} became {part.stands}" for part in parts if part.stands != good.stands]
    return Cell(", ".join(dict.fromkeys(cell.text for cell in cells)), "; ".join(wrong))


def _ended(done: Done, status: str, *states: str) -> Cell:
    """A job has one artifact, whatever its end."""
    state = done.ends.get(KEY, "no outcome")
    if (done.status, list(done.ends)) == (status, [KEY]) and state in states:
        return Cell(state)
    print(done.output, file=sys.stderr)
    return Cell(state, f"the job {done.status}; expected: {' or '.join(filter(None, states))}")


def _canceled(done: Done) -> Cell:
    return Cell(done.status, "" if done.status == "canceled" else "it ended before")


def _write(played: Sequence[Sequence[Cell]], took: int, wrong: int) -> None:
    said = f"{wrong} cells are wrong" if wrong else "no cell is wrong"
    head: dict[str, Any] = {"columns": " | ".join(COLUMNS), "dashes": "---|" * len(COLUMNS), "key": KEY}
    text = ABOUT.format(rows=len(ROWS), took=took, faults=said, **head)
    lines = [
        f"| `{row.playbook}.yml` | {' | '.join(map(str, cells))} |\n" for row, cells in zip(ROWS, played, strict=True)
    ]
    DOCUMENT.write_text(text + "".join(lines), encoding="utf-8")
