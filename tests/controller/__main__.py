# SPDX-License-Identifier: GPL-3.0-or-later
"""Gives the pattern to a stand-in of a controller, twice, and shows what was made: ``python -m tests.controller``.

Writes the pattern's definition for Ansible's pattern service before.
"""

from __future__ import annotations

import sys
from collections import Counter

from .apply import Applied, apply_twice
from .data import DEFINITION, definition

ROW = "{:<32}{:>8}{:>8}{:>8}"


def table(runs: list[Applied]) -> str:
    first, second = runs
    kinds = Counter(each.endpoint for each in first.made if each.endpoint != "organizations")
    rows = [
        ROW.format(kind, count, first.writes.get(kind, 0), second.writes.get(kind, 0)) for kind, count in kinds.items()
    ]
    return "\n".join([ROW.format("", "made", "writes", "again"), *rows])


def main() -> int:
    DEFINITION.write_text(definition(), encoding="utf-8")
    runs = apply_twice()
    print(table(runs))
    for number, run in enumerate(runs, 1):
        print(f"run {number}: exit code {run.returncode}, {run.changed} tasks changed something")
    failed = [run.output for run in runs if run.returncode]
    print(*failed, sep="\n")
    return 1 if failed or runs[1].changed or runs[1].writes else 0


if __name__ == "__main__":
    sys.exit(main())
