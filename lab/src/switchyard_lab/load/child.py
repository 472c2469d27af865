# SPDX-License-Identifier: GPL-3.0-or-later
"""Load in a process of its own, until the parent asks for the result."""

import asyncio
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from ..processes.limits import open_more_files
from .generator import Load


def main(line: Connection, options: dict[str, Any]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then asks for the result
    open_more_files()
    with suppress(EOFError, BrokenPipeError):  # the parent has ended
        asyncio.run(_run(line, options))


async def _run(line: Connection, options: dict[str, Any]) -> None:
    async with Load(**options) as load:
        line.send("started")
        await asyncio.to_thread(line.recv)
    line.send(load.result)
