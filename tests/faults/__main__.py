# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.faults [TEXT…]`` plays every cell whose name contains each TEXT and writes docs/faults.md.
A TEXT may also be read or write, for faults of such operations.

Cells that were played in this state of the product are kept in build/faults.jsonl and are not played again.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # plays are forked from spawned processes, which import this file and must not import more
    from .matrix import main

    sys.exit(main(sys.argv[1:]))
