# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the pattern to a stand-in of a controller, twice, and shows what was made: ``python -m tests.controller``.

Before, it writes the pattern's definition for Ansible's pattern service, and shows what becomes of answers to surveys.
"""

from __future__ import annotations

import sys
from collections import Counter

from .apply import Applied, apply_twice
from .data import DEFINITION, definition, said
from .surveys import asked, example, found

ROW = "{:<38}{:>10}{:>10}{:>10}"
NONSENSE = "{what?"


def table(runs: list[Applied]) -> str:
    first, second = runs
    kinds = Counter(each.endpoint for each in first.made if each.endpoint != "organizations")
    rows = [
        ROW.format(kind, count, first.writes.get(kind, 0), second.writes.get(kind, 0)) for kind, count in kinds.items()
    ]
    return "\n".join([ROW.format("", "made", "writes", "again"), *rows])


def answers() -> str:
    """What the parser of definitions makes of answers. A refusal names the variable, as the question does."""
    rows = []
    for work, variable in asked(said()):
        typed = ("", example(variable), NONSENSE)
        taken = ["refused" if any(each.refuses for each in found(work, variable, each)) else "taken" for each in typed]
        rows.append(ROW.format(f"{work}: {variable}", *taken))
    return "\n".join([ROW.format("answer", "empty", "example", NONSENSE), *rows, ""])


def main() -> int:
    DEFINITION.write_text(definition(), encoding="utf-8")
    print(answers(), flush=True)
    runs = apply_twice()
    print(table(runs))
    for number, run in enumerate(runs, 1):
        print(f"run {number}: exit code {run.returncode}, {run.changed} tasks changed something")
    failed = [run.output for run in runs if run.returncode]
    print(*failed, sep="\n")
    return 1 if failed or runs[1].changed or runs[1].writes else 0


if __name__ == "__main__":
    sys.exit(main())
