# SPDX-License-Identifier: GPL-3.0-or-later
"""The call log, and how an HTTP request becomes the name of an API operation."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import botocore.session

READ_PREFIXES = ("Describe", "Get", "List", "BatchGet", "Query", "Scan", "Lookup", "Test", "Simulate")
KEPT_CALLS = 100_000


@dataclass(frozen=True)
class Operation:
    service: str
    name: str

    @property
    def kind(self) -> str:
        return "read" if self.name.startswith(READ_PREFIXES) else "write"


@dataclass(frozen=True)
class Call:
    time: float
    service: str
    operation: str
    kind: str
    status: int
    user_agent: str


class CallLog:
    def __init__(self) -> None:
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)

    def add(self, call: Call) -> None:
        self._calls.append(call)

    def since(self, time: float) -> list[Call]:
        return [call for call in list(self._calls) if call.time >= time]


def operation_of(environ: Mapping[str, Any], body: bytes) -> Operation:
    """Name the operation that a signed request asks for, in whichever protocol it came."""
    service = _service(environ.get("HTTP_AUTHORIZATION", ""))
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return Operation(service, target.rpartition(".")[2])
    if action := parse_qs(body.decode(errors="replace")).get("Action"):
        version2 = service == "elasticloadbalancing" and b"Version=2015-12-01" in body
        return Operation("elbv2" if version2 else service, action[0])
    path = environ.get("PATH_INFO", "")
    if "/operation/" in path:
        return Operation(service, path.rpartition("/")[2])
    return Operation(service, _rest_operation(service, environ.get("REQUEST_METHOD", ""), path))


def _service(authorization: str) -> str:
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", authorization)
    return {"monitoring": "cloudwatch"}.get(scope[1], scope[1]) if scope else "unknown"


def _rest_operation(service: str, method: str, path: str) -> str:
    for name, verb, pattern in _rest_patterns(service):
        if verb == method and pattern.fullmatch(path.rstrip("/")):
            return name
    return "Unknown"


@cache
def _rest_patterns(service: str) -> list[tuple[str, str, re.Pattern[str]]]:
    session = botocore.session.get_session()
    if service not in session.get_available_services():
        return []
    model = session.get_service_model(service)
    http = {name: model.operation_model(name).http for name in model.operation_names}
    return [
        (
            name,
            spec["method"],
            re.compile(re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(spec["requestUri"].partition("?")[0].rstrip("/")))),
        )
        for name, spec in http.items()
    ]
