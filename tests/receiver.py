# SPDX-License-Identifier: GPL-3.0-or-later
"""A receiver of webhooks on loopback."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Received:
    """``headers`` by their names in lower case; ``at`` in seconds since the epoch."""

    at: float
    path: str
    headers: Mapping[str, str]
    body: str

    @property
    def data(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """``with Receiver() as receiver:``; ``status`` is what it answers, and ``hangs`` that it never does."""

    def __init__(self, status: int = 200, *, hangs: bool = False) -> None:
        self.received: list[Received] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self, status, hangs))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @property
    def events(self) -> list[str]:
        """Of what was signed."""
        return [each.headers["x-bluegreen-event"] for each in self.received]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, receiver: Receiver, status: int, hangs: bool, *connection: Any) -> None:
        self._receiver, self._status, self._hangs = receiver, status, hangs
        super().__init__(*connection)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        headers = {name.lower(): value for name, value in self.headers.items()}
        self._receiver.received.append(Received(time.time(), self.path, headers, body))
        if self._hangs:
            threading.Event().wait()
        self.send_response(self._status)
        if self._status == 302:
            self.send_header("Location", f"{self._receiver.url}/elsewhere")
        self.end_headers()

    do_GET = do_POST  # noqa: N815 (the name that http.server calls)

    def log_message(self, *_: Any) -> None:
        """The tests have it."""
