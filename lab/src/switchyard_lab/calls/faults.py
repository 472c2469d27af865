# SPDX-License-Identifier: GPL-3.0-or-later
"""API operations that fail, on request."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

THROTTLES = ("Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException")
ANY_WRITE = "*"
# HTTP's codes, where they are not 400: "Common errors" of each API, "Error responses" of Amazon S3, and UpdateSchedule
# and DeleteSchedule of EventBridge Scheduler, which AWS refuses shortly after another write
# (github.com/alchemy-run/distilled/pull/248).
STATUS = {
    "RequestLimitExceeded": 503,
    "ServiceUnavailable": 503,
    "InternalFailure": 503,
    "SlowDown": 503,
    "InternalError": 500,
    "AccessDenied": 403,
    "PreconditionFailed": 412,
    "ConditionalRequestConflict": 409,
    "OperationAborted": 409,
    "ConflictException": 409,
    "NoSuchKey": 404,
    "NoSuchBucket": 404,
}
# What is asked for by what it is, each API has a code of its own for, with its HTTP status; None: those of the others.
# "Common errors" of each API; for EC2 "Error codes for the Amazon EC2 API", for S3 "Error responses", for EventBridge
# Scheduler the errors of each operation. Credentials that expired: github.com/aws/aws-sdk-go/pull/253 names the three
# codes, github.com/hellofresh/eks-rolling-update/issues/103 and github.com/miquella/vaulted/issues/107 show two.
WORDS: dict[str, dict[str | None, tuple[str, int]]] = {
    "throttled": {
        None: ("Throttling", 400),
        "ec2": ("RequestLimitExceeded", 503),
        "s3": ("SlowDown", 503),
        "scheduler": ("ThrottlingException", 429),
        "ssm": ("ThrottlingException", 400),
    },
    "internal": {
        None: ("InternalFailure", 500),
        "ec2": ("InternalError", 500),
        "s3": ("InternalError", 500),
        "scheduler": ("InternalServerException", 500),
        "ssm": ("InternalServerError", 500),
    },
    "denied": {
        None: ("AccessDenied", 403),
        "ec2": ("UnauthorizedOperation", 403),
        "scheduler": ("AccessDeniedException", 403),
        "servicequotas": ("AccessDeniedException", 400),
        "sns": ("AuthorizationError", 403),
        "ssm": ("AccessDeniedException", 400),
    },
    "expired": {
        None: ("ExpiredToken", 403),
        "ec2": ("RequestExpired", 400),
        "s3": ("ExpiredToken", 400),
        "scheduler": ("ExpiredTokenException", 403),
        "servicequotas": ("ExpiredTokenException", 400),
        "ssm": ("ExpiredTokenException", 400),
    },
    "unknown": {
        None: ("InvalidClientTokenId", 403),
        "ec2": ("AuthFailure", 401),
        "s3": ("InvalidAccessKeyId", 403),
        "scheduler": ("UnrecognizedClientException", 403),
        "servicequotas": ("UnrecognizedClientException", 400),
        "ssm": ("UnrecognizedClientException", 400),
    },
}
JSON_SERVICES = ("scheduler", "servicequotas", "ssm")  # also where a request has no body, and so no type of it
EXPIRED, UNKNOWN = "expired", "unknown"  # of credentials
XML = "text/xml"
JSON = "application/x-amz-json-1.1"
PAGE = b"<!DOCTYPE html><html><head><meta charset=utf-8><title>Sign in</title></head><body><br>Sign in</body></html>"


@dataclass(frozen=True)
class ApiFault:
    """``silent``: the call is done, and its answer never comes. ``lost``: it is done, and then the connection breaks,
    so that the SDK makes the call again. ``reset``: the connection breaks, and nothing is done. ``html``: somebody else
    answers, as proxies with a page to sign in do. ``error`` is a code, or a word for which each API has its own."""

    error: str = "Throttling"
    message: str = "Rate exceeded"
    status: int = 400
    silent: bool = False
    lost: bool = False
    reset: bool = False
    html: bool = False

    @property
    def is_done(self) -> bool:
        """Whether AWS does what it was asked for."""
        return self.silent or self.lost

    def response(self, service: str, json_protocol: bool) -> tuple[int, str, bytes]:
        """Status, content type and body, as the service's protocol spells an error."""
        if self.html:
            return 200, "text/html", PAGE
        words = WORDS.get(self.error, {})
        code, status = words.get(service) or words.get(None) or (self.error, self.status)
        error = f"<Code>{escape(code)}</Code><Message>{escape(self.message)}</Message>"
        if service == "s3":  # "REST error responses" in the Amazon S3 API reference; what is stored may be JSON
            return status, "application/xml", f"<Error>{error}<RequestId>lab</RequestId></Error>".encode()
        if json_protocol or service in JSON_SERVICES:
            return status, JSON, json.dumps({"__type": code, "message": self.message}).encode()
        if service == "ec2":
            body = f"<Response><Errors><Error>{error}</Error></Errors><RequestID>lab</RequestID></Response>"
        else:
            body = f"<ErrorResponse><Error><Type>Sender</Type>{error}</Error><RequestId>lab</RequestId></ErrorResponse>"
        return status, XML, body.encode()


@dataclass
class ApiFaults:
    """Faults waiting for their operation, or for any write: each is used up by the call that it hits."""

    _pending: dict[str, list[ApiFault | None]] = field(default_factory=dict)
    _expired: set[str] = field(default_factory=set)  # access keys

    def add(self, operation: str, times: int, fault: ApiFault, after: int = 0) -> None:
        """``after``: how many calls are passed before. No times: those that still wait are forgotten."""
        waiting = self._pending.get(operation, [])
        self._pending[operation] = [*waiting, *[None] * after, *[fault] * times] if times else []

    def take(self, operation: str, kind: str = "read", key: str = "") -> ApiFault | None:
        """``key``: the access key that signed the call. One that has expired is refused whatever it asks for."""
        if key in self._expired:
            return api_fault({"error": EXPIRED})
        waiting = self._pending.get(operation) or (self._pending.get(ANY_WRITE) if kind == "write" else None)
        fault = waiting.pop(0) if waiting else None
        if fault and fault.error == EXPIRED:
            self._expired.add(key)
        return fault


def api_fault(request: Mapping[str, Any]) -> ApiFault:
    error = str(request.get("error", "Throttling"))
    default = "Rate exceeded" if error in (*THROTTLES, "throttled") else f"The lab was asked to fail with {error}"
    ways = {key: bool(request.get(key, False)) for key in ("silent", "lost", "reset", "html")}
    message = str(request.get("message", default))
    return ApiFault(error, message, int(request.get("status", STATUS.get(error, 400))), **ways)
