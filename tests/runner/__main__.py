# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.runner [TEXT]`` plays every row whose playbook has TEXT in its name; all rows: docs/runner.md."""

from __future__ import annotations

import sys

if __name__ == "__main__":  # labs are forked from a process that imports this file and must not import more
    from .matrix import main

    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
