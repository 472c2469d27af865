# SPDX-License-Identifier: GPL-3.0-or-later
"""Serves the API of AWS and the lab's face from one port."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import BaseWSGIServer, make_server

from ..address import Net
from ..aws.ec2.limits import Ec2Limits
from ..calls.faults import ApiFaults
from ..control.control import Control
from ..settings import REGION, Settings
from .aws import Aws
from .call_log import CallLog
from .face import Face
from .fault_requests import FaultRequests
from .starting_line import StartingLine
from .wsgi import Environ, StartResponse

HOST = "127.0.0.1"


class QuietHandler(MotoRequestHandler):
    def log_request(self, *_: Any) -> None:
        """The call log has it."""


class Server:
    """Serves in a thread until it is ended."""

    def __init__(self, settings: Settings, net: Net, control: Control, faults: ApiFaults, limits: Ec2Limits) -> None:
        log, line = CallLog(), StartingLine()
        aws = Aws(settings, control, faults, log, line)
        face = Face(self._info, FaultRequests(control, faults, limits, aws.stale), log, line)
        self._settings = settings
        self._net = net
        self._control = control
        self.stale = aws.stale

        def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
            return (face if environ["PATH_INFO"].startswith("/_lab/") else aws)(environ, start_response)

        self._server: BaseWSGIServer = make_server(
            HOST, settings.port, application, threaded=True, request_handler=QuietHandler
        )
        self.endpoint = f"http://{HOST}:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="server", daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.stale.close()

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
                "instances": self._control.machines.as_data(),
                "pids": [*self._control.pids, *self.stale.pids],
            }
