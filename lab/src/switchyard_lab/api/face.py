# SPDX-License-Identifier: GPL-3.0-or-later
"""/_lab/info, /_lab/calls, /_lab/fault, /_lab/start: what whoever has started the lab asks it for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from .call_log import CallLog
from .fault_requests import FaultRequests, UnknownInstanceError
from .starting_line import StartingLine
from .wsgi import Environ, StartResponse


class Face:
    def __init__(
        self, info: Callable[[], dict[str, Any]], faults: FaultRequests, log: CallLog, line: StartingLine
    ) -> None:
        self._info = info
        self._faults = faults
        self._log = log
        self._line = line

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
                return self._fault(_asked(environ))
            case ("POST", "/_lab/start"):
                self._line.draw(_asked(environ))
                return 200, {}
        return 404, {"error": f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} is not of the lab's face"}

    def _fault(self, request: dict[str, Any]) -> tuple[int, Any]:
        try:
            self._faults.make(request)
        except UnknownInstanceError as error:
            return 404, {"error": str(error)}
        except ValueError as error:
            return 400, {"error": str(error)}
        return 200, {}


def _asked(environ: Environ) -> Any:
    return json.loads(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
