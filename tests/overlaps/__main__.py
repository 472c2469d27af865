# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.overlaps [TEXT]`` plays every row whose name contains TEXT and writes docs/overlaps.md.

What was played is kept in build/overlaps.jsonl; rows that were played with this version are not played again.
"""

from __future__ import annotations

import sys

if __name__ == "__main__":  # plays are forked from spawned processes, which import this file and must not import more
    from .matrix import main

    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
