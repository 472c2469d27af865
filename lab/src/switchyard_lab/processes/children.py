# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's child processes: they speak JSON lines over a socket, and end when its other end is closed."""

from __future__ import annotations

import gc
import json
import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.context import ForkContext, ForkServerContext
from typing import Any

from .limits import open_more_files

END_SECONDS = 10.0

Message = dict[str, Any]
Main = Callable[[socket.socket, float], None]


class Child:
    """``main(line, speed)`` in a process of its own, started by ``forks``: the fork server, where there are threads."""

    def __init__(self, forks: ForkContext | ForkServerContext, main: Main, speed: float) -> None:
        self._line, far_end = socket.socketpair()
        self._process = forks.Process(
            target=_live, args=(main, self._line, far_end, speed), name=main.__module__, daemon=True
        )
        self._process.start()
        far_end.close()
        self._closing = False

    def listen(self, hear: Callable[[Message], None]) -> None:
        """From now on, what it says is passed to ``hear``, in a thread of its own."""
        self._listener = threading.Thread(target=self._listen, args=(hear,), daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    def send(self, message: Message) -> None:
        with suppress(ConnectionError):  # it has ended; what it left unsaid cannot matter any more
            self._line.sendall(json.dumps(message).encode() + b"\n")

    def close(self) -> None:
        self._closing = True
        with suppress(OSError):  # it has ended
            self._line.shutdown(socket.SHUT_WR)
        self._process.join(END_SECONDS)
        self._process.kill()
        self._process.join()
        self._listener.join(END_SECONDS)
        self._line.close()

    def _listen(self, hear: Callable[[Message], None]) -> None:
        with suppress(ConnectionError), self._line.makefile(encoding="utf-8") as lines:
            for line in lines:
                hear(json.loads(line))
        if not self._closing:
            print(f"{self._process.name} has ended: this lab is of no use any more", file=sys.stderr)


def _live(main: Main, near_end: socket.socket, line: socket.socket, speed: float) -> None:
    near_end.close()  # the parent's: as long as anybody has it open, the line does not end
    gc.freeze()  # keeps the collector from touching, and so copying, the pages that forks share
    open_more_files()
    main(line, speed)
