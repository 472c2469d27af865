# SPDX-License-Identifier: GPL-3.0-or-later
"""A load in a process of its own, for synchronous code."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from .generator import TIMEOUT_SECONDS
from .resolving import Resolving
from .result import LoadResult

ROOT = Path(__file__).parents[3]


class BackgroundLoad:
    """``with BackgroundLoad(url, rate=300) as load: …``, then ``load.result``."""

    result: LoadResult

    def __init__(self, url: str, rate: float, *, keep_alive: bool = True, resolving: Resolving | None = None) -> None:
        asked = {"url": url, "rate": rate, "keep_alive": keep_alive, "resolving": resolving and asdict(resolving)}
        self._command = [sys.executable, "-m", "tests.lab.load.child", json.dumps(asked)]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        if self._process.stdout.readline() != "started\n":
            raise RuntimeError(f"the load did not start: exit code {self._process.wait()}")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            output, _errors = self._process.communicate(timeout=TIMEOUT_SECONDS + 5)
        finally:
            self._process.kill()
            self._process.wait()
        self.result = LoadResult.from_json(output)
