# SPDX-License-Identifier: GPL-3.0-or-later
"""The health checkers of Route 53: they look at the endpoint of each health check, over real connections.

Waits are those of "How Amazon Route 53 determines whether a health check is healthy" in the developer guide.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any, cast

from moto.route53.models import route53_backends

from ..aws.route53.backend import LabRoute53
from ..clock import Clock
from .control import Control
from .ticking import Ticking

TICK_SECONDS = 0.2
CONNECT_SECONDS, ANSWER_SECONDS = 4.0, 2.0
PORTS = {"HTTP": 80, "HTTPS": 443, "TCP": 80}


@dataclass
class Looks:
    """What one health check has seen: how often in a row the endpoint was as it is not taken for."""

    due: float = 0.0
    contrary: int = 0

    def note(self, passed: bool, failing: bool, threshold: int) -> bool:
        """Whether the endpoint is taken for failing now."""
        self.contrary = self.contrary + 1 if passed == failing else 0
        if self.contrary < threshold:
            return failing
        self.contrary = 0
        return not passed


class HealthCheckers(Ticking):
    def __init__(self, control: Control, clock: Clock) -> None:
        self._control, self._clock = control, clock
        self._looks: dict[str, Looks] = {}
        super().__init__("health checkers", TICK_SECONDS)

    def tick(self) -> None:
        with self._control.lock:
            due = list(self._due())
        for backend, check in due:
            threading.Thread(target=self._look, args=(backend, check), daemon=True).start()

    def _due(self) -> Iterator[tuple[LabRoute53, Any]]:
        """Checks that are disabled are not made (HealthCheckConfig in the API reference)."""
        for _account, _partition, backend in route53_backends.iter_backends():
            for check in cast(LabRoute53, backend).health_checks.values():
                looks = self._looks.setdefault(check.id, Looks())
                if check.type_ in PORTS and not check.disabled and self._clock.now() >= looks.due:
                    looks.due = self._clock.now() + self._clock.real(check.request_interval)
                    yield cast(LabRoute53, backend), check

    def _look(self, backend: LabRoute53, check: Any) -> None:
        passed = answers(check.type_, check.ip_address or check.fqdn, check.port, check.resource_path or "/")
        with self._control.lock:
            failing = check.id in backend.failing_checks
            if self._looks[check.id].note(passed, failing, check.failure_threshold):
                backend.failing_checks.add(check.id)
            else:
                backend.failing_checks.discard(check.id)


def answers(kind: str, host: str, port: int | None, path: str) -> bool:
    """A connection within four seconds, and with HTTP a status of 2xx or 3xx within two more."""
    address = host, int(port or PORTS[kind])
    try:
        with closing(socket.create_connection(address, CONNECT_SECONDS)) as connection:
            return kind == "TCP" or _status(kind, connection, host, path) in range(200, 400)
    except (OSError, http.client.HTTPException):
        return False


def _status(kind: str, connection: socket.socket, host: str, path: str) -> int:
    """Route 53 does not validate certificates."""
    connection.settimeout(ANSWER_SECONDS)
    asking = http.client.HTTPConnection(host)
    asking.sock = ssl._create_unverified_context().wrap_socket(connection) if kind == "HTTPS" else connection
    asking.request("GET", path, headers={"User-Agent": "Amazon-Route53-Health-Check-Service"})
    return asking.getresponse().status
