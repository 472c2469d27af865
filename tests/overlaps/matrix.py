# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole matrix, row by row, into docs/overlaps.md."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from tests.journal import Journal, coverage, play_all
from tests.playing import ROOT
from tests.plays import forked
from tests.standing import RATE

from .cells import APART, KINDS, POSITIONS, Row, rows
from .overlap import overlap

DOCUMENT, JOURNAL = ROOT / "docs/overlaps.md", ROOT / "build/overlaps.jsonl"

ABOUT = """\
# Two playbooks at once

Written by `make overlaps`: two playbooks for one service that overlap, each against each, on the [lab](../lab)
under {rate} requests per second, with 20 ms for each API call. The columns are the seconds between their first API
calls. A cell shows failed requests of all requests, and in brackets the exit codes of the two playbooks. A playbook
that finds the other one at work may refuse, so exit codes other than 0 are no fault. A cell is a fault when a request
fails, or when an environment has traffic in the end that nobody can serve; then it is bold.

At 10 % a release of 1.1.0 stands at 10 % of the traffic, and its run is gone. At 100 % it has settled, and the previous
environment is due for removal; next to a roll, which wants one environment only, nothing has been released yet. Steps
bake for a second, and nothing is retained. Half of the users keep their connections; those of DNS records and of a
Network Load Balancer keep none ([what becomes of such connections](connections.md)).

{coverage}: {faults}.
"""
HEAD = "| first | second |" + "".join(f" {apart:g} s |" for apart in APART) + "\n|---|---|" + "---|" * len(APART)


def main(text: str) -> int:
    """The exit code: 1 when a cell is a fault."""
    journal = Journal(JOURNAL)
    wanted = [row for row in rows() if text in row.id]
    for row, cells in play_all(journal, wanted, _play, lambda row: row.id):
        print(row.id, *map(_cell, cells), sep=" | ", file=sys.stderr, flush=True)
        for cell in cells:
            if not _harmless(cell):
                print(json.dumps(cell, indent=1), file=sys.stderr, flush=True)
    known = journal.latest()
    DOCUMENT.write_text(_report(known, journal.current().keys()), encoding="utf-8")
    return int(_faults({row.id: known[row.id] for row in wanted if row.id in known}) > 0)


def _play(row: Row) -> list[dict[str, Any]]:
    return [overlap(row, apart, forked).as_data() for apart in APART]


def _harmless(cell: Mapping[str, Any]) -> bool:
    return cell["failed"] == 0 and not cell["empty"]


def _faults(known: Mapping[str, Sequence[Mapping[str, Any]]]) -> int:
    return sum(not _harmless(cell) for cells in known.values() for cell in cells)


def _report(known: Mapping[str, Sequence[Mapping[str, Any]]], now: Collection[str]) -> str:
    """``now``: the rows that were played with this version."""
    every, faults = list(rows()), _faults(known)
    said = f"{faults} of their cells are faults" if faults else "no cell is a fault"
    parts = [ABOUT.format(rate=RATE, coverage=coverage("rows", len(known), len(every), len(now)), faults=said)]
    for kind in KINDS:
        for position in POSITIONS:
            here = [row for row in every if (row.kind, row.position) == (kind, position) and row.id in known]
            lines = [_line(row, known[row.id], "" if row.id in now else " °") for row in here]
            if lines:
                parts.append("\n".join([f"## {kind.capitalize()}, at {position} %\n", HEAD, *lines]) + "\n")
    return "\n".join(parts)


def _line(row: Row, cells: Sequence[Mapping[str, Any]], mark: str) -> str:
    return f"| {row.first}{mark} | {row.second} | {' | '.join(map(_cell, cells))} |"


def _cell(cell: Mapping[str, Any]) -> str:
    codes = ", ".join(end.split()[1] for end in cell["ends"])
    said = f"{cell['failed']} of {cell['requests']:,} ({codes})"
    if cell["empty"]:
        said += " and traffic on an empty environment"
    return said if _harmless(cell) else f"**{said}**"
