# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's child processes: they speak JSON lines, and end when their standard input ends."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

END_SECONDS = 10.0

Message = dict[str, Any]


class Child:
    """Runs `python -m MODULE`; what it says is passed to `hear`, in a thread of its own."""

    def __init__(self, module: str, environment: dict[str, str], hear: Callable[[Message], None]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )
        self._module = module
        self._closing = False
        self._listener = threading.Thread(target=self._listen, args=(hear,), daemon=True)
        self._listener.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, message: Message) -> None:
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it has ended; what it left unsaid cannot matter any more
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()

    def close(self) -> None:
        self._closing = True
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._listener.join(END_SECONDS)

    def _listen(self, hear: Callable[[Message], None]) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            hear(json.loads(line))
        if not self._closing:
            print(f"{self._module} has ended: this lab is of no use any more", file=sys.stderr)
