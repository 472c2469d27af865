# SPDX-License-Identifier: GPL-3.0-or-later
"""A load in a process of its own, for synchronous code."""

from pathlib import Path
from types import TracebackType
from typing import Self

from ..processes.forks import FORKS
from . import child
from .generator import TIMEOUT_SECONDS
from .resolving import Resolving
from .result import LoadResult


class BackgroundLoad:
    """``with BackgroundLoad(url, rate=300) as load: …``, then ``load.result``."""

    result: LoadResult

    def __init__(
        self,
        url: str,
        rate: float,
        *,
        keep_alive: bool = True,
        resolving: Resolving | None = None,
        ca: Path | None = None,
    ) -> None:
        self._options = {"url": url, "rate": rate, "keep_alive": keep_alive, "resolving": resolving, "ca": ca}

    def __enter__(self) -> Self:
        self._line, far_end = FORKS.Pipe()
        self._process = FORKS.Process(target=child.main, args=(far_end, self._options), daemon=True)
        self._process.start()
        far_end.close()
        try:
            self._line.recv()
        except EOFError:
            raise RuntimeError("the load did not start; its traceback is on standard error") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with self._line:
            self._line.send("stop")
            answered = self._line.poll(TIMEOUT_SECONDS + 5)
            if answered:
                self.result = self._line.recv()
        self._process.kill()
        self._process.join()
        assert answered, f"the load did not report its result within {TIMEOUT_SECONDS + 5} s"
