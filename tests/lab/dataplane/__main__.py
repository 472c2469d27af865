# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.lab.dataplane``: runs until standard input ends."""

import asyncio
import os
from random import Random

from ..limits import open_more_files
from .child import DataPlane


async def main() -> None:
    speed = float(os.environ.get("LAB_SPEED", "1"))
    await DataPlane(speed, Random(1)).run()  # the same draws in every run: a test that passes once passes again


if __name__ == "__main__":
    open_more_files()
    asyncio.run(main())
