# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds back the first calls of several clients, so that they begin at chosen moments of one another.

Two playbooks that are started at once reach their first API calls at moments that the machine decides. A client is told
from the others by its access key.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

PATIENCE_SECONDS = 60.0  # a client that never comes does not hold the others for ever


@dataclass
class StartingLine:
    """``_awaited``: by access key, this many seconds after the moment when all of them are there."""

    _awaited: dict[str, float] = field(default_factory=dict)
    _arrived: set[str] = field(default_factory=set)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def draw(self, seconds: Mapping[str, float]) -> None:
        with self._changed:
            self._awaited, self._arrived = dict(seconds), set()
            self._changed.notify_all()

    def wait(self, key: str) -> None:
        """Return when the client with this access key may continue."""
        if key not in self._awaited:
            return
        with self._changed:
            awaited = self._awaited
            self._arrived.add(key)
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._arrived >= awaited.keys(), PATIENCE_SECONDS)
        self._go(key, awaited)

    def _go(self, key: str, awaited: dict[str, float]) -> None:
        """Once; what else the client calls meanwhile waits as long."""
        threading.Event().wait(awaited.get(key, 0.0))
        awaited.pop(key, None)
