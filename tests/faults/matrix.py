# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays the cells, the most likely trouble first, and writes what they have shown into docs/faults.md."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from itertools import product

from tests.journal import AT_ONCE, Journal, play_all
from tests.playing import ROOT
from tests.plays import controller, forked

from .cells import DOORS, WAYS, Cell, Recording, cells
from .playing_cells import play, record
from .report import report
from .seen import Seen

DOCUMENT, JOURNAL = ROOT / "docs/faults.md", ROOT / "build/faults.jsonl"


def main(texts: Sequence[str]) -> int:
    """The exit code: 1 when a cell is a fault."""
    journal = Journal(JOURNAL)
    every = cells(_recordings(journal))
    wanted = [cell for cell in every if all(text in cell.words for text in texts)]
    for started in [controller().submit(os.getpid) for _one in range(AT_ONCE)]:
        started.result()  # Ansible is imported before any time is taken
    try:
        for cell, shown in play_all(journal, wanted, _play, _id):
            _say(cell, Seen.read(shown))
    finally:  # also when it is interrupted
        known = {row: Seen.read(shown) for row, shown in journal.latest().items() if not row.startswith("record")}
        DOCUMENT.write_text(report(every, known, journal.current().keys()), encoding="utf-8")
    return int(any(known[cell.id].faults for cell in wanted if cell.id in known))


def _id(cell: Cell) -> str:
    return cell.id


def _play(cell: Cell) -> object:
    return play(cell, forked).as_data()


def _recordings(journal: Journal) -> list[Recording]:
    """Of each playbook in each way: what there is to fail, and where to kill."""
    runs = list(product(DOORS, WAYS))
    for _recorded in play_all(journal, runs, _record, _record_id):
        pass
    known = journal.current()
    return [Recording.read(known[_record_id(run)]) for run in runs]


def _record(run: tuple[str, str]) -> object:
    return record(*run, forked).as_data()


def _record_id(run: tuple[str, str]) -> str:
    return f"record {', '.join(run)}"


def _say(cell: Cell, seen: Seen) -> None:
    print(cell.id, *seen.ends, f"{seen.seconds} s", *seen.left, *seen.faults, sep=" | ", file=sys.stderr, flush=True)
    if seen.faults:
        print(json.dumps(seen.as_data(), indent=1), file=sys.stderr, flush=True)
