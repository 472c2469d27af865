# SPDX-License-Identifier: GPL-3.0-or-later
"""Every row of the table: what its jobs did, and what of that is wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.lab.client import LabProcess
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

Written by `make runner`: every playbook as a job of AWX 24.6 runs it, on the [lab](../tests/lab). The collection is
built and installed; ansible-runner plays the playbooks that it has for a project, with the answers of a survey as text,
AWX's own variables, an inventory script and the fact cache. A cell shows the end state in the job's one artifact,
`{key}`, or what has become of the job where it has none. A cell that is wrong is bold.

| column | the job |
|---|---|
| good | with all that it needs |
| refused | with an answer that is wrong |
| unreachable | AWS does not answer |
| failed | AWS denies a write (of playbooks that only read: a read), or the candidate does not pass its checks |
| canceled early | AWX cancels it, by SIGKILL, when Ansible has begun |
| canceled midway | while the traffic is split, or after a write whose answer never comes, or while it reads |
| resumed | the next one after each of the two: it goes on, and the service ends as after a good one |

{rows} playbooks, {took} minutes: {faults}.

| playbook | {columns} |
|---|{dashes}
"""


@dataclass(frozen=True)
class Cell:
    column: str
    text: str
    wrong: str = ""

    def __str__(self) -> str:
        return f"**{self.text}: {self.wrong}**" if self.wrong else self.text


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


def _played(installed: Installed, row: Row) -> list[Cell]:
    cells = [cell for part in (_good, _early, _midway, _failed) for cell in _in_a_lab(installed, row, part)]
    stand = dict.fromkeys(cell.text for cell in cells if cell.column == "stands")
    resumed = [cell for cell in cells if cell.column == "resumed"]
    if len(stand) > 1:
        resumed.append(Cell("resumed", "the service ends otherwise", " or ".join(stand)))
    texts = ", ".join(dict.fromkeys(cell.text for cell in resumed))
    merged = Cell("resumed", texts, "; ".join(cell.wrong for cell in resumed if cell.wrong))
    found = {cell.column: cell for cell in [*cells, merged]}
    ordered = [found[column] for column in COLUMNS]
    print(f"| {row.playbook} | {' | '.join(map(str, ordered))} |", file=sys.stderr, flush=True)
    return ordered


def problems(installed: Installed, row: Row) -> list[str]:
    return [f"{cell.column}: {cell}" for cell in _played(installed, row) if cell.wrong]


def _in_a_lab(installed: Installed, row: Row, part: Callable[[Scene], Iterator[Cell]]) -> list[Cell]:
    with LabProcess(seed=False, speed=20) as lab:
        return list(part(begin(lab, installed, row)))


def _good(scene: Scene) -> Iterator[Cell]:
    """What is refused and what reaches nobody touches nothing."""
    before = scene.stands()
    yield _ended("refused", scene.refused(), "failed", ["refused"])
    yield _ended("unreachable", scene.unreachable(), "failed", ["refused", "halted"])
    if scene.stands() != before:
        yield Cell("refused", "refused", f"{before} became {scene.stands()}")
    yield _ended("good", scene.good(), "successful", [scene.row.good])
    yield Cell("stands", str(scene.stands()))


def _early(scene: Scene) -> Iterator[Cell]:
    yield _canceled("canceled early", scene.canceled_early())
    yield from _resumed(scene)


def _midway(scene: Scene) -> Iterator[Cell]:
    yield _canceled("canceled midway", scene.canceled_midway())
    yield from _resumed(scene)


def _failed(scene: Scene) -> Iterator[Cell]:
    yield _ended("failed", scene.failed(), "failed", [scene.row.failed])


def _resumed(scene: Scene) -> Iterator[Cell]:
    yield _ended("resumed", scene.good(), "successful", [scene.row.good, scene.row.again])
    yield Cell("stands", str(scene.stands()))


def _ended(column: str, done: Done, status: str, states: Sequence[str]) -> Cell:
    """A job has one artifact, whatever its end."""
    state = done.ends.get(KEY, "no outcome")
    if (done.status, list(done.ends)) == (status, [KEY]) and state in states:
        return Cell(column, state)
    print(done.output, file=sys.stderr)
    return Cell(column, state, f"{done.status}, {' and '.join(done.ends) or 'no artifact'}; expected: {states[0]}")


def _canceled(column: str, done: Done) -> Cell:
    return Cell(column, done.status, "" if done.status == "canceled" else "it ended before")


def _write(played: Sequence[Sequence[Cell]], took: int, wrong: int) -> None:
    said = f"{wrong} cells are wrong" if wrong else "no cell is wrong"
    head: dict[str, Any] = {"columns": " | ".join(COLUMNS), "dashes": "---|" * len(COLUMNS), "key": KEY}
    text = ABOUT.format(rows=len(ROWS), took=took, faults=said, **head)
    lines = [
        f"| `{row.playbook}.yml` | {' | '.join(map(str, cells))} |\n" for row, cells in zip(ROWS, played, strict=True)
    ]
    DOCUMENT.write_text(text + "".join(lines), encoding="utf-8")
