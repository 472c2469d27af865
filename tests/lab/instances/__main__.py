# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.lab.instances``: JSON lines in, JSON lines out, until standard input ends."""

import os

from ..limits import open_more_files
from .zygote import Zygote

if __name__ == "__main__":
    open_more_files()
    Zygote(speed=float(os.environ.get("LAB_SPEED", "1"))).serve()
