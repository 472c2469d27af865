# SPDX-License-Identifier: GPL-3.0-or-later
"""What the lab does again and again, beside its API."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod


class Ticking(ABC):
    """``tick`` is called every ``seconds`` in a thread of its own, until this is closed. A subclass calls ``__init__``
    last, once it is ready."""

    def __init__(self, name: str, seconds: float) -> None:
        self._seconds = seconds
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._loop, name=name, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    @abstractmethod
    def tick(self) -> None: ...

    def _loop(self) -> None:
        while not self._ended.wait(self._seconds):
            self.tick()
