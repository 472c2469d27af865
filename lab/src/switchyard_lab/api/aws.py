# SPDX-License-Identifier: GPL-3.0-or-later
"""The API of AWS: moto, behind the lab's lock."""

from __future__ import annotations

import io
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import closing
from http import HTTPStatus
from typing import Any

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from ..calls.faults import ApiFault, ApiFaults
from ..calls.operations import access_key
from ..calls.request import Request
from ..control.control import Control
from ..iam.guard import Permitted, permitted
from ..imitated.guard import refusal
from ..settings import Settings
from .call_log import Call, CallLog
from .stale import Stale
from .starting_line import StartingLine
from .throttle import Throttle
from .tokens import Tokens
from .wsgi import Environ, StartResponse

# Every answer of AWS names its request ("Common response headers" in the Amazon S3 API reference; of other services the
# SDKs read the other header, as _populate_response_metadata in botocore.parsers does). moto does so for some services.
REQUEST_ID, REQUEST_IDS = "x-amzn-RequestId", {"s3": "x-amz-request-id"}


class Aws:
    """moto as a WSGI application: one call at a time, logged, delayed and failed on request."""

    def __init__(
        self, settings: Settings, control: Control, faults: ApiFaults, log: CallLog, line: StartingLine
    ) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._latency = settings.latency_ms / 1000
        self._control = control
        self._faults = faults
        self._throttle = Throttle(settings.speed)
        self._tokens = Tokens(settings.token_seconds)
        self.stale = Stale(self._moto)
        self._log = log
        self._line = line

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        key = access_key(environ.get("HTTP_AUTHORIZATION", ""))
        self._line.wait(key)
        began = time.time()
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        request = Request.of(environ, body)
        statuses: list[str] = []
        fault: ApiFault | None = None

        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            statuses.append(status)
            own = [] if fault and fault.html else [(REQUEST_IDS.get(request.service, REQUEST_ID), f"lab-{began}")]
            return start_response(status, [*headers, *own], *more)

        time.sleep(self._latency)  # outside the lock: calls wait side by side
        with self._control.lock:
            fault = self._tokens.refuse(key, time.time(), temporary="HTTP_X_AMZ_SECURITY_TOKEN" in environ)
            fault = fault or refusal(request)
            guarded = Permitted() if fault else permitted(request, key)
            fault = fault or guarded.fault or self._faults.take(request.operation, request.kind, key)
            fault = fault or self._throttle.take(request.service, time.time())
            chunks = self._perform(request, fault, environ, start)
        agent = environ.get("HTTP_USER_AGENT", "")
        status = int(statuses[0].split()[0])
        self._log.add(Call(began, request.service, request.operation, request.kind, status, agent, guarded.asked))
        if fault and fault.silent:
            threading.Event().wait()  # as long as the lab lives; the server's threads are daemons
        if fault and (fault.lost or fault.reset):
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
        return chunks

    def _perform(self, request: Request, fault: ApiFault | None, environ: Environ, start: StartResponse) -> list[bytes]:
        self._control.check()
        if fault and not fault.is_done:
            return self._fail(fault, request, environ, start)
        if not fault and (old := self.stale.answer(request, environ)):
            start(old.status, old.headers)
            return [old.body]
        self.stale.remember(request)
        try:
            with closing(self._moto(environ, start)) as answer:
                chunks = list(answer)
        except NotImplementedError as error:  # moto's; as a server error it would be tried again and again
            return self._fail(ApiFault("InvalidAction", str(error)), request, environ, start)
        if request.kind == "write":
            self._control.changed()
        return chunks

    @staticmethod
    def _fail(fault: ApiFault, request: Request, environ: Environ, start: StartResponse) -> list[bytes]:
        status, content_type, body = fault.response(request.service, "json" in environ.get("CONTENT_TYPE", ""))
        start(f"{status} {HTTPStatus(status).phrase}", [("Content-Type", content_type)])
        return [body]
