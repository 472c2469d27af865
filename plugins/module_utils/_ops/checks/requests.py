# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP requests, each on a connection of its own, answered whatever the status."""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse, IncompleteRead
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPErrorProcessor, HTTPSHandler, Request, build_opener

from ..._core.base.errors import BluegreenError
from ..._core.checks.replies import Reply

PIECE = 65536  # bytes


class _EveryAnswer(HTTPErrorProcessor):
    """Hands every answer over as it is: no exception for an error status, no request to where a redirect points."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:  # noqa: ARG002 (urllib's)
        return response

    https_response = http_response


class Http:
    """urllib closes each connection after its answer, so a load balancer chooses again for each request."""

    def __init__(self, timeout: float, validate_certs: bool) -> None:
        context = ssl.create_default_context()
        if not validate_certs:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        self._opener = build_opener(_EveryAnswer, HTTPSHandler(context=context))
        self._timeout = timeout

    def __call__(self, method: str, url: str, headers: Mapping[str, str], body: str | None = None) -> Reply:
        request = Request(url, None if body is None else body.encode(), dict(headers), method=method)
        start = time.monotonic()
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                text = self._read(response, start + self._timeout)
        except (OSError, HTTPException, ValueError) as error:  # ValueError: a header that HTTP can't carry
            reason = error.reason if isinstance(error, URLError) else error
            return Reply(_since(start), error=getattr(reason, "strerror", None) or str(reason) or type(error).__name__)
        names = {name.lower(): value for name, value in response.headers.items()}
        return Reply(_since(start), response.status, names, text)

    def _read(self, response: HTTPResponse, deadline: float) -> str:
        """The body. A socket's timeout is for each wait; an answer that comes in drops must end as well."""
        body = bytearray()
        while piece := response.read1(PIECE):
            body += piece
            if time.monotonic() > deadline:
                raise TimeoutError(f"the answer was not complete after {self._timeout:g} s")
        if response.length:  # bytes that were announced and did not come; read1 does not mind
            raise IncompleteRead(bytes(body), response.length)
        try:
            return body.decode(response.headers.get_content_charset() or "utf-8", errors="replace")
        except LookupError:  # an encoding that Python does not know
            return body.decode(errors="replace")


def check_url(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise BluegreenError(f"The URL of a route begins with http:// or https:// and a host; given: {url}.")


def _since(start: float) -> float:
    return (time.monotonic() - start) * 1000
