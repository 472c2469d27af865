# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance does, given by the tags of its image and changed at run time by faults."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Self

FLAP_RUN = 3
"""Health checks that pass, then fail, in a flapping instance: enough of each to cross the seed's thresholds of 2."""


@dataclass(frozen=True)
class Behavior:
    release: str = ""
    error_percent: float = 0
    latency_ms: float = 0
    health: str = "ok"
    boot_seconds: float = 0

    def changed(self, changes: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(self)}
        return replace(self, **{name: value for name, value in changes.items() if name in known})


class Conduct:
    """Decides each answer of one instance.

    Errors are spread by an accumulator, not by a coin: exactly ``error_percent`` of any hundred requests fail, so that
    a test or an alarm over a few dozen requests sees the share it was promised, in every run.
    """

    def __init__(self, behavior: Behavior) -> None:
        self.behavior = behavior
        self._owed = 0.0
        self._health_checks = 0

    def request_fails(self) -> bool:
        self._owed += self.behavior.error_percent
        if self._owed < 100:
            return False
        self._owed -= 100
        return True

    def health_check_passes(self) -> bool:
        run = self._health_checks // FLAP_RUN
        self._health_checks += 1
        return self.behavior.health == "ok" or (self.behavior.health == "flap" and run % 2 == 0)
