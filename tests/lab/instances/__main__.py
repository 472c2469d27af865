# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.lab.instances``: JSON lines in, JSON lines out, until standard input ends."""

import os

from ..limits import lift
from .zygote import Zygote

if __name__ == "__main__":
    lift()
    Zygote(speed=float(os.environ.get("LAB_SPEED", "1"))).serve()
