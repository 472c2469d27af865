# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that end at a deadline, whatever the other side does.

A socket's own timeout is for each wait: a server that sends one byte a second would keep a request for ever.
"""

from __future__ import annotations

import io
import socket
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any


class _Reads(io.RawIOBase):
    """What comes from a socket until the deadline."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._socket, self._deadline = sock, deadline
        self._file = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._socket.settimeout(_left(self._deadline))
        return self._file.readinto(buffer)

    def close(self) -> None:
        self._file.close()
        super().close()


class _Response(HTTPResponse):
    """A response of the server, and before it one of a proxy that is asked for a tunnel."""

    def __init__(self, sock: socket.socket, *arguments: Any, deadline: float, **named: Any) -> None:
        super().__init__(sock, *arguments, **named)
        self.fp.close()
        self.fp = io.BufferedReader(_Reads(sock, deadline))


class _UntilDeadline(HTTPConnection):
    def __init__(self, host: str, *, timeout: float = 60.0, **named: Any) -> None:
        super().__init__(host, timeout=timeout, **named)
        self._deadline = monotonic() + timeout
        self.response_class = partial(_Response, deadline=self._deadline)  # type: ignore[assignment]
        self._create_connection = partial(_connect, self._deadline)

    def send(self, data: Any) -> None:
        if self.sock:
            self.sock.settimeout(_left(self._deadline))
        super().send(data)


class Plain(_UntilDeadline):
    """HTTP."""


class Secure(_UntilDeadline, HTTPSConnection):
    """HTTPS. The handshake has what is left when the connection stands (Python's ssl counts it as one wait)."""


def _connect(deadline: float, address: tuple[str, int], *_others: Any) -> socket.socket:
    """To the first address of the host that answers; one that does not leaves time for the others."""
    places = _lookup(*address, deadline)
    for number, place in enumerate(places, 1):
        try:
            sock = socket.create_connection(place, _left(deadline) / (len(places) - number + 1))
        except OSError:
            if number == len(places):
                raise
            continue
        sock.settimeout(_left(deadline))
        return sock
    raise OSError("the host has no address")


def _lookup(host: str, port: int, deadline: float) -> list[tuple[str, int]]:
    """In a thread, as nothing bounds the time of a name server."""
    answers: SimpleQueue[list[tuple[str, int]] | Exception] = SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answers.put([(str(place[0]), int(place[1])) for *_kind, place in found])
        except (OSError, ValueError) as error:  # ValueError: a name that no name server is asked for
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(deadline))
    except Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _left(deadline: float) -> float:
    left = deadline - monotonic()
    if left <= 0:
        raise TimeoutError
    return left
