# SPDX-License-Identifier: GPL-3.0-or-later
"""How an HTTP request becomes the name of an API operation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs

import botocore.session
from botocore.model import OperationModel

READ_PREFIXES = ("Describe", "Get", "Head", "List", "BatchGet", "Query", "Scan", "Lookup", "Test", "Simulate")
# By whoever has no keys yet ("Requesting temporary security credentials" in the IAM User Guide).
UNSIGNED = ("AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")


@dataclass(frozen=True)
class Operation:
    service: str
    name: str

    @property
    def kind(self) -> str:
        return "read" if self.name.startswith(READ_PREFIXES) else "write"


def operation_of(environ: Mapping[str, Any], body: bytes) -> Operation:
    """Name the operation that a signed request asks for, in whichever protocol it came."""
    service = _service(environ.get("HTTP_AUTHORIZATION", ""))
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return Operation(service, target.rpartition(".")[2])
    if service == "s3":  # what is stored may be anything
        return Operation(service, _rest_operation(service, environ))
    if action := parse_qs(body.decode(errors="replace")).get("Action"):
        if action[0] in UNSIGNED:
            return Operation("sts", action[0])
        version2 = service == "elasticloadbalancing" and b"Version=2015-12-01" in body
        return Operation("elbv2" if version2 else service, action[0])
    path = environ.get("PATH_INFO", "")
    if "/operation/" in path:
        return Operation(service, path.rpartition("/")[2])
    return Operation(service, _rest_operation(service, environ))


def access_key(authorization: str) -> str:
    """Of who signed the request; empty where nobody did."""
    found = re.search(r"Credential=([^/]+)/", authorization)
    return found[1] if found else ""


def _service(authorization: str) -> str:
    scope = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", authorization)
    return {"monitoring": "cloudwatch"}.get(scope[1], scope[1]) if scope else "unknown"


@dataclass(frozen=True)
class Pattern:
    """``marks`` are names of its query and headers: every request for the operation has them."""

    name: str
    method: str
    path: re.Pattern[str]
    marks: frozenset[str]


def _rest_operation(service: str, environ: Mapping[str, Any]) -> str:
    """Of those that fit, the one that says most: S3 has several with one method and one path."""
    method, path = environ.get("REQUEST_METHOD", ""), environ.get("PATH_INFO", "").rstrip("/")
    marks = {*parse_qs(environ.get("QUERY_STRING", ""), keep_blank_values=True)}
    marks |= {name.removeprefix("HTTP_").replace("_", "-").lower() for name in environ if name.startswith("HTTP_")}
    fitting = [
        each
        for each in _rest_patterns(service)
        if each.method == method and each.marks <= marks and each.path.fullmatch(path)
    ]
    return max(fitting, key=lambda each: len(each.marks)).name if fitting else "Unknown"


@cache
def _rest_patterns(service: str) -> list[Pattern]:
    session = botocore.session.get_session()
    if service not in session.get_available_services():
        return []
    model = session.get_service_model(service)
    operations = [model.operation_model(name) for name in model.operation_names]
    return [_pattern(each) for each in operations if not each.deprecated]


def _pattern(operation: OperationModel) -> Pattern:
    path, _mark, query = operation.http["requestUri"].partition("?")
    shape = operation.input_shape
    required = [shape.members[name].serialization for name in shape.required_members] if shape else []
    said = [each for each in required if each.get("location") in ("querystring", "header")]
    marks = {each["name"].lower() if each["location"] == "header" else each["name"] for each in said}
    marks |= {*parse_qs(query, keep_blank_values=True)}
    text = re.escape(path.rstrip("/"))
    text = re.sub(r"\\\{[^}]*\\\+\\\}", ".+", text)
    text = re.sub(r"\\\{[^}]*\\\}", "[^/]+", text)
    return Pattern(operation.name, operation.http["method"], re.compile(text), frozenset(marks))
