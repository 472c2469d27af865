# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance does, given by the tags of its image and changed at run time by faults."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from random import Random
from typing import Any, Self

FLAP_RUN = 3
"""Health checks that pass, then fail, in a flapping instance: enough of each to cross the seed's thresholds of 2."""

QUEUE_SECONDS = 3
"""For how many seconds of answers an instance with a limit keeps requests that come at once."""


@dataclass(frozen=True)
class Behavior:
    release: str = ""
    error_percent: float = 0
    noise_percent: float = 0  # of its answers fail as well, by chance
    hang_percent: float = 0  # of its requests are never answered
    reset_percent: float = 0  # of its requests end with a closed connection instead of an answer
    latency_ms: float = 0
    error_path: str = ""  # what lies below this path fails always
    requests_per_second: float = 0  # beyond which it answers 503; 0: no limit
    tls_port: int = 0  # on which it speaks TLS, with a certificate that it signed itself; 0: on none
    http2_port: int = 0  # on which it speaks HTTP/2, and gRPC, and nothing else; 0: on none
    crash_seconds: float = 0  # after which the process ends; 0: never
    health: str = "ok"
    boot_seconds: float = 0

    def changed(self, changes: Mapping[str, Any]) -> Self:
        known = {field.name for field in fields(self)}
        return replace(self, **{name: value for name, value in changes.items() if name in known})


class Conduct:
    """Decides each answer of one instance.

    Errors are spread by an accumulator, not by a coin: exactly ``error_percent`` of any hundred requests fail, so that
    a test or an alarm over a few dozen requests sees the share it was promised, in every run. Noise is for those who
    must not take chance for a fault; each instance throws a coin of its own.
    """

    def __init__(self, behavior: Behavior, seed: str = "") -> None:
        self.behavior = behavior
        self._random = Random(seed)
        self._owed: dict[str, float] = defaultdict(float)
        self._spare = behavior.requests_per_second * QUEUE_SECONDS
        self._filled = 0.0
        self._health_checks = 0

    def status_of(self, path: str, now: float) -> int:
        if self._is_overloaded(now):
            return 503
        broken = self.behavior.error_path and path.startswith(self.behavior.error_path)
        return 500 if broken or self._owes("error", self.behavior.error_percent) or self._is_noisy() else 200

    def hangs(self) -> bool:
        return self._owes("hang", self.behavior.hang_percent)

    def resets(self) -> bool:
        return self._owes("reset", self.behavior.reset_percent)

    def _is_overloaded(self, now: float) -> bool:
        """As many as it answers in QUEUE_SECONDS may come at once: what a busy machine held back is no overload."""
        limit = self.behavior.requests_per_second
        self._spare = min(limit * QUEUE_SECONDS, self._spare + limit * (now - self._filled))
        self._filled = now
        if limit and self._spare < 1:
            return True
        self._spare -= 1
        return False

    def _owes(self, fault: str, percent: float) -> bool:
        self._owed[fault] += percent
        if self._owed[fault] < 100:
            return False
        self._owed[fault] -= 100
        return True

    def _is_noisy(self) -> bool:
        return 100 * self._random.random() < self.behavior.noise_percent

    def health_check_passes(self) -> bool:
        run = self._health_checks // FLAP_RUN
        self._health_checks += 1
        return self.behavior.health == "ok" or (self.behavior.health == "flap" and run % 2 == 0)
