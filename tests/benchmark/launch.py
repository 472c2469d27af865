# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a command, and says what it took, as a last line of JSON. ``python launch.py COMMAND ARGUMENTS``

A small process of its own: the kernel takes the memory of whoever starts a command for the command's own peak.
"""

from __future__ import annotations

import json
import os
import sys
import time


def main() -> None:
    began = time.time()
    process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
    _pid, status, usage = os.wait4(process, 0)  # of the command, and of its children that it waited for
    took = {
        "began": began,
        "wall_ms": (time.time() - began) * 1000,
        "cpu_ms": (usage.ru_utime + usage.ru_stime) * 1000,
        "memory_mb": usage.ru_maxrss / 1024,
        "returncode": os.waitstatus_to_exitcode(status),
    }
    sys.stdout.write(f"\n{json.dumps(took)}\n")


if __name__ == "__main__":
    main()
