# SPDX-License-Identifier: GPL-3.0-or-later
"""http_check against a route of its own, whose answers the test gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Lock, Thread
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.checks.verify import CheckingOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.checks.verify import http_check

from tests.unit.clock import FakeClock

RELEASE = {"header": "X-Release", "value": "1.1.0"}
INSTANCES = {"header": "X-Instance-Id", "expected": ["i-1", "i-2", "i-3"]}


@dataclass(frozen=True)
class Request:
    """``number`` counts the requests of the route from 0."""

    number: int
    method: str
    path: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    status: int = 200
    release: str = "1.1.0"
    instance: str = "i-1"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""


@dataclass(frozen=True)
class Route:
    url: str
    requests: list[Request]


@contextmanager
def route(answer: Callable[[Request], Answer]) -> Iterator[Route]:
    numbers, lock, requests = count(), Lock(), []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            with lock:
                request = Request(next(numbers), self.command, self.path, dict(self.headers), body)
                requests.append(request)
            said = answer(request)
            self.send_response(said.status)
            marks = {"X-Release": said.release, "X-Instance-Id": said.instance, "Content-Length": str(len(said.body))}
            for name, value in (marks | dict(said.headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said.body.encode())

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_arguments: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        request_queue_size = 64  # the requests of a check come side by side

    server = Server(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield Route(f"http://127.0.0.1:{server.server_port}", requests)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def prove(url: str, *, check_mode: bool = False, clock: FakeClock | None = None, **options: Any) -> dict[str, Any]:
    return prove_in(Run(client=no_aws, check_mode=check_mode, clock=clock or FakeClock()), url, **options)


def prove_in(run: Run, url: str, **options: Any) -> dict[str, Any]:
    validated = ArgumentSpecValidator(CheckingOptions.argument_spec()).validate({"url": url, **options})
    assert not validated.error_messages
    return http_check(CheckingOptions.read(validated.validated_parameters), run)


def in_turn(request: Request) -> Answer:
    return Answer(instance=f"i-{request.number % 3 + 1}")


def in_turn_of_two(request: Request) -> Answer:
    return Answer(instance=f"i-{request.number % 2 + 1}")
