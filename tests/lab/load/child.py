# SPDX-License-Identifier: GPL-3.0-or-later
"""``python -m tests.lab.load.child OPTIONS``: load until standard input ends, then its result; both as JSON.

The end of the parent, however it came, ends the input too.
"""

import asyncio
import json
import signal
import sys
from typing import Any

from ..limits import open_more_files
from .generator import Load
from .resolving import Resolving


async def run(resolving: dict[str, Any] | None, **options: Any) -> None:
    async with Load(**options, resolving=Resolving(**resolving) if resolving else None) as load:
        print("started", flush=True)
        await asyncio.to_thread(sys.stdin.read)
    print(load.result.to_json())


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then ends this input
    open_more_files()
    asyncio.run(run(**json.loads(sys.argv[1])))
