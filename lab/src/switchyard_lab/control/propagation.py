# SPDX-License-Identifier: GPL-3.0-or-later
"""How a change of the API's state reaches the data plane: in order, and, as on AWS, some time later."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from ..clock import Clock
from .configuration import Configuration


class Propagation:
    def __init__(self, clock: Clock, delay_seconds: float, send: Callable[[dict[str, Any]], None]) -> None:
        self._clock = clock
        self._delay = delay_seconds
        self._send = send
        self._latest: Configuration = {"groups": {}, "listeners": {}}
        self._waiting: deque[tuple[float, dict[str, Any]]] = deque()
        self._generation = 0

    @property
    def latest(self) -> Configuration:
        return self._latest

    def publish(self, configuration: Configuration) -> None:
        self._latest = configuration
        self._generation += 1
        self._waiting.append((self._clock.now(), {"op": "config", "generation": self._generation, **configuration}))
        self.send_due()

    def send_due(self) -> None:
        while self._waiting and self._clock.passed(self._waiting[0][0], self._delay):
            self._send(self._waiting.popleft()[1])
