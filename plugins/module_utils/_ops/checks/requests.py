# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP requests, each on a connection of its own, answered whatever the status."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from http.client import HTTPException, HTTPResponse
from time import monotonic
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    ProxyHandler,
    Request,
    build_opener,
    proxy_bypass,
)

from ..._core.base.errors import BluegreenError
from ..._core.base.urls import loopback, url_problem
from ..._core.checks.expectations import MEBIBYTE
from ..._core.checks.replies import Reply
from ..._core.checks.sent import Sent
from .bodies import read_body
from .connections import Plain, Secure

# The other side went away, or is about to; every other failure of TLS is one of how the two are set up.
PASSING = (ssl.SSLEOFError, ssl.SSLZeroReturnError, ssl.SSLSyscallError)


class _EveryAnswer(HTTPErrorProcessor):
    """Hands every answer over as it is: no exception for an error status, no request to where a redirect points, which
    might be another host than the one that the headers are for."""

    def http_response(self, request: Request, response: HTTPResponse) -> HTTPResponse:  # noqa: ARG002 (urllib's)
        return response

    https_response = http_response


class _Proxies(ProxyHandler):
    """Those of the environment."""

    def proxy_open(self, req: Request, proxy: str, type: str) -> object:  # noqa: A002 (urllib's)
        if loopback(urlsplit(req.full_url)) or proxy_bypass(req.host):  # as in Go's net/http; and no_proxy
            return None
        parts = urlsplit(proxy if "//" in proxy else f"http://{proxy}")
        if url_problem(f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"):
            raise UselessProxyError(
                f"the environment's {type}_proxy is not a URL such as http://proxy.example.com:3128"
            )
        return super().proxy_open(req, proxy, type)


class UselessProxyError(Exception):
    """A proxy that no request can be sent to; its URL may have a password in it."""


class _Http(HTTPHandler):
    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(Plain, req)


class _Https(HTTPSHandler):
    def __init__(self, context: ssl.SSLContext) -> None:
        super().__init__(context=context)
        self._trusts = context

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(Secure, req, context=self._trusts)


class Http:
    """``timeout`` is for all of a request, from the look-up of the host's name to the end of the body. urllib closes
    each connection after its answer, so a load balancer chooses again for each request."""

    def __init__(self, timeout: float, validate_certs: bool, ca_path: str | None = None) -> None:
        handlers = (_EveryAnswer, _Proxies, _Http, _Https(trust(validate_certs, ca_path)))
        self._opener = build_opener(*handlers)
        self._timeout = timeout

    def __call__(
        self, method: str, url: str, headers: Mapping[str, str], body: str | None = None, most: int = MEBIBYTE
    ) -> Reply:
        """At most ``most`` bytes of the answer's body are read."""
        sent = Sent(url, headers, body)
        request = Request(url, None if body is None else body.encode(), dict(headers), method=method)
        start = monotonic()
        try:
            with self._opener.open(request, timeout=self._timeout) as response:
                text, unread = read_body(response, most)
        except (OSError, HTTPException, ValueError, UselessProxyError) as error:
            reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
            said = self._described(reason, sent)
            final = isinstance(reason, UselessProxyError) or _is_final(reason)
            return Reply(_since(start), error=said, final=final, sent=sent)
        names = {name.lower(): value for name, value in response.headers.items()}
        return Reply(_since(start), response.status, names, text, unread=unread, sent=sent)

    def _described(self, error: Exception, sent: Sent) -> str:
        """Only an answer can repeat what was sent: the words of the operating system stay as they are."""
        if isinstance(error, TimeoutError):
            return f"the answer was not complete after {self._timeout:g} s"
        if isinstance(error, ssl.SSLCertVerificationError):
            return (
                f"the server's certificate is not valid: {error.verify_message}. If its authority is your own, set "
                "ca_path to that authority's certificate"
            )
        if isinstance(error, ssl.SSLError) and not isinstance(error, PASSING):
            return f"TLS failed ({(error.reason or 'no reason given').replace('_', ' ').lower()})"
        return getattr(error, "strerror", None) or sent.hide(str(error)) or type(error).__name__


def trust(validate_certs: bool, ca_path: str | None) -> ssl.SSLContext:
    """``ca_path`` in place of the system's own authorities."""
    try:
        context = ssl.create_default_context(cafile=ca_path)
    except OSError as error:  # ssl.SSLError is one
        why = "it has no certificate in PEM format" if isinstance(error, ssl.SSLError) else error.strerror
        raise BluegreenError(f"ca_path {ca_path} cannot be read: {why}.") from None
    if not validate_certs:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _is_final(error: Exception) -> bool:
    """Whether the next request would fail the same way. A port that refuses, and a name that is not found, may be those
    of a route that was just made."""
    return isinstance(error, ssl.SSLError) and not isinstance(error, PASSING)


def _since(start: float) -> float:
    return (monotonic() - start) * 1000
