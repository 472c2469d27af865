# SPDX-License-Identifier: GPL-3.0-or-later
"""Request rates that a release can meet."""

from __future__ import annotations

from collections import defaultdict, deque

from ..calls.faults import ApiFault

# "Five requests per second per AWS account. If you submit more than five requests per second, Amazon Route 53 returns
# an HTTP 400 error (Bad request)", with Throttling and Rate exceeded (Quotas, in the developer guide of Route 53).
PER_SECOND = {"route53": 5}


class Throttle:
    """In a lab whose clocks are faster there may be as many more requests: what waits between them waits less."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._recent: defaultdict[str, deque[float]] = defaultdict(deque)

    def take(self, service: str, now: float) -> ApiFault | None:
        """The fault of a request that is one too many in the last second; it does not count itself."""
        if service not in PER_SECOND:
            return None
        recent = self._recent[service]
        while recent and recent[0] <= now - 1:
            recent.popleft()
        if len(recent) >= PER_SECOND[service] * self._speed:
            return ApiFault()
        recent.append(now)
        return None
