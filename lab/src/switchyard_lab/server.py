# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's HTTP face: the AWS API (moto, behind the lab's lock) and /_lab/*."""

from __future__ import annotations

import io
import json
import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server

from .address import Net
from .aws import zonal_shifts
from .aws.ec2.limits import Ec2Limits
from .calls import Call, CallLog, access_key
from .control import Control
from .faults import ApiFault, ApiFaults, api_fault, instance_fault
from .iam.guard import Permitted, permitted
from .imitated.guard import refusal
from .request import Request
from .settings import REGION, Settings
from .stale import Stale
from .starting_line import StartingLine
from .throttle import Throttle
from .tokens import Tokens

HOST = "127.0.0.1"
# Every answer of AWS names its request ("Common response headers" in the Amazon S3 API reference; of other services the
# SDKs read the other header, as _populate_response_metadata in botocore.parsers does). moto does so for some services.
REQUEST_ID, REQUEST_IDS = "x-amzn-RequestId", {"s3": "x-amz-request-id"}

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Api:
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


class Face:
    """/_lab/info, /_lab/calls, /_lab/fault, /_lab/start."""

    def __init__(
        self,
        settings: Settings,
        net: Net,
        control: Control,
        faults: ApiFaults,
        limits: Ec2Limits,
        log: CallLog,
        line: StartingLine,
        stale: Stale,
    ) -> None:
        self._settings = settings
        self._net = net
        self._control = control
        self._faults = faults
        self._limits = limits
        self._log = log
        self._line = line
        self._stale = stale
        self.endpoint = ""

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        status, answer = self._answer(environ)
        start_response(f"{status} {HTTPStatus(status).phrase}", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    def _answer(self, environ: Environ) -> tuple[int, Any]:
        match (environ["REQUEST_METHOD"], environ["PATH_INFO"]):
            case ("GET", "/_lab/info"):
                return 200, self._info()
            case ("GET", "/_lab/calls"):
                since = parse_qs(environ.get("QUERY_STRING", "")).get("since", ["0"])
                return 200, [asdict(call) for call in self._log.since(float(since[0]))]
            case ("POST", "/_lab/fault"):
                return self._fault(self._asked(environ))
            case ("POST", "/_lab/start"):
                self._line.draw(self._asked(environ))
                return 200, {}
        return 404, {"error": f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} is not of the lab's face"}

    @staticmethod
    def _asked(environ: Environ) -> Any:
        return json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))

    def _info(self) -> dict[str, Any]:
        with self._control.lock:
            return {
                "endpoint": self.endpoint,
                "region": REGION,
                "account": DEFAULT_ACCOUNT_ID,
                "cidr": self._net.cidr,
                "dns": "{}:{}".format(*self._net.resolver),
                "speed": self._settings.speed,
                "load_balancers": self._control.load_balancers(),
                "instances": {
                    instance_id: {
                        "pid": machine.pid,
                        "address": machine.instance.private_ip,
                        "image_id": machine.instance.image_id,
                        "state": "running" if machine.pid else "booted" if machine.booted else "booting",
                    }
                    for instance_id, machine in self._control.machines.all.items()
                },
                "pids": [*self._control.pids, *self._stale.pids],
            }

    def _fault(self, request: dict[str, Any]) -> tuple[int, Any]:
        with self._control.lock:
            if operation := request.get("operation"):
                times, after = (int(request.get(key, default)) for key, default in (("times", 1), ("after", 0)))
                self._faults.add(operation, times, api_fault(request), after)
                return 200, {}
            if request.keys() & {"capacity", "quota"}:
                self._limits.change(request)
                return 200, {}
            if "stale_ms" in request:
                self._stale.lag(float(request["stale_ms"]) / 1000)
                return 200, {}
            if shift := request.get("zonal_shift"):
                try:
                    zonal_shifts.change(shift)
                except ValueError as error:
                    return 400, {"error": str(error)}
                return 200, {}
            if request.get("instance") not in self._control.machines.all:
                return 404, {"error": f"no running instance {request.get('instance')!r}"}
            try:
                self._control.machines.apply(request["instance"], instance_fault(request))
            except ValueError as error:
                return 400, {"error": str(error)}
            return 200, {}


class QuietHandler(MotoRequestHandler):
    def log_request(self, *_: Any) -> None:
        """The call log has it."""


class Server:
    """Serves in a thread until it is ended."""

    def __init__(self, settings: Settings, net: Net, control: Control, faults: ApiFaults, limits: Ec2Limits) -> None:
        log, line = CallLog(), StartingLine()
        api = Api(settings, control, faults, log, line)
        self.stale = api.stale
        face = Face(settings, net, control, faults, limits, log, line, api.stale)

        def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            return (face if environ["PATH_INFO"].startswith("/_lab/") else api)(environ, start_response)

        self._server: BaseWSGIServer = make_server(
            HOST, settings.port, application, threaded=True, request_handler=QuietHandler
        )
        self.endpoint = face.endpoint = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.stale.close()
