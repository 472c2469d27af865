# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.lab.load.child URL RATE KEEP_ALIVE``: load until standard input ends, then its result as JSON.

The end of the parent, however it came, ends the input too.
"""

import asyncio
import signal
import sys

from ..limits import open_more_files
from .generator import Load


async def run(url: str, rate: float, keep_alive: bool) -> None:
    async with Load(url, rate, keep_alive=keep_alive) as load:
        print("started", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    print(load.result.to_json())


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this input
    open_more_files()
    asyncio.run(run(sys.argv[1], float(sys.argv[2]), sys.argv[3] == "1"))
