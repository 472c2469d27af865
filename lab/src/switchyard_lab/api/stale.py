# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads that do not see the latest writes yet, and names that AWS does not know yet.

"The result of an API command you run that affects your Amazon EC2 resources might not be immediately visible to all
subsequent commands you run", and of a new ID it says "you will get an error responding that the resource does not
exist" (Eventual consistency in the Amazon EC2 API, in its developer guide). The same of IAM: "Changes that I make are
not always immediately visible", in its user guide. Reports about the others, in hashicorp/terraform-provider-aws: pull
40088 of Auto Scaling groups, issue 20454 and pull 18634 of target groups, pull 5633 of an instance profile in a launch
template.
"""

from __future__ import annotations

import io
import os
import pickle
import signal
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Any

from ..calls.request import Request

# Amazon S3 and the listings of Route 53 show at once what was written; of the others AWS says nothing.
LAGGING = ("autoscaling", "ec2", "elbv2", "iam")
# Front ends take turns, and some of them lag: of the calls of one operation after a write the first reads what was
# before it, the next one the present, the two after that what was before it, and so on.
LAGS = (True, False, True)
REPLICAS = 8  # at most; writes that follow each other more closely than an eighth of the window share one
PATIENCE_SECONDS = 10.0  # for the answer of a replica, which takes milliseconds

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


@dataclass(frozen=True)
class Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def refuses(self) -> bool:
        return self.status.startswith("4")


class Stale:
    """``seconds``: for how long after a write answers may be from before it. Whoever calls holds the lab's lock."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._seconds = 0.0
        self._replicas: deque[Replica] = deque()
        self._turns: Counter[str] = Counter()

    def lag(self, seconds: float) -> None:
        """From now on."""
        self._seconds = seconds
        self.close()

    @property
    def pids(self) -> list[int]:
        return [replica.pid for replica in self._replicas]

    def answer(self, request: Request, environ: Environ) -> Answer | None:
        """From before the last writes; None where the present is to answer.

        A write is not done in the past, of course, but it may be refused there: it may name what is new.
        """
        self._drop_old()
        if not self._replicas or request.service not in LAGGING or not self._lags(request):
            return None
        try:
            answer = self._replicas[0].ask(environ, dry=request.kind == "write")
        except (OSError, EOFError):  # a late answer would be taken for that of the next request
            self._replicas.popleft().end()
            return None
        return answer if answer and (request.kind == "read" or answer.refuses) else None

    def remember(self, request: Request) -> None:
        """Before a write."""
        if not self._seconds or request.kind == "read" or request.service not in LAGGING:
            return
        self._turns.clear()
        if not self._replicas or time.monotonic() - self._replicas[-1].made >= self._seconds / REPLICAS:
            self._replicas.append(Replica(self._application))

    def close(self) -> None:
        while self._replicas:
            self._replicas.popleft().end()

    def _drop_old(self) -> None:
        while self._replicas and time.monotonic() - self._replicas[0].made >= self._seconds:
            self._replicas.popleft().end()

    def _lags(self, request: Request) -> bool:
        turn = self._turns[request.operation]
        self._turns[request.operation] += 1
        return LAGS[turn % len(LAGS)]


class Replica:
    """The lab as it is when this is made: a fork of its process, which does nothing but answer."""

    def __init__(self, application: Application) -> None:
        self.made = time.monotonic()
        self._line, far_end = Pipe()
        self.pid = os.fork()
        if not self.pid:
            _serve(application, far_end)
        far_end.close()

    def ask(self, environ: Environ, *, dry: bool) -> Answer | None:
        """``dry``: nothing of it stays done. None where the request fails: the present is to show how."""
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        plain = {key: value for key, value in environ.items() if isinstance(value, str | tuple | bool | int)}
        self._line.send_bytes(pickle.dumps((plain, body, dry)))
        if not self._line.poll(PATIENCE_SECONDS):
            raise TimeoutError
        answer: Answer | None = pickle.loads(self._line.recv_bytes())
        return answer

    def end(self) -> None:
        self._line.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _serve(application: Application, line: Connection) -> None:
    """In the fork, until the other end is closed: nothing else of the lab's stays open here."""
    try:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        os.closerange(3, line.fileno())
        os.closerange(line.fileno() + 1, os.sysconf("SC_OPEN_MAX"))
        while True:
            environ, body, dry = pickle.loads(line.recv_bytes())
            if dry and (pid := os.fork()):
                os.waitpid(pid, 0)
                continue
            line.send_bytes(pickle.dumps(_perform(application, environ, body)))
            if dry:
                break
    finally:
        os._exit(0)


def _perform(application: Application, environ: Environ, body: bytes) -> Answer | None:
    started: list[tuple[str, list[tuple[str, str]]]] = []

    def start(status: str, headers: list[tuple[str, str]], *_more: Any) -> None:
        started.append((status, headers))

    with suppress(Exception):
        with closing(application({**environ, "wsgi.input": io.BytesIO(body)}, start)) as chunks:  # type: ignore[type-var]
            answered = b"".join(chunks)
        return Answer(*started[0], answered)
    return None
