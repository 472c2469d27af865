# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one request from the load balancer to a target, and of the response back to the client."""

from collections.abc import AsyncIterable
from typing import Protocol, Self

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ClientWebSocketResponse,
    DummyCookieJar,
    TCPConnector,
    WSServerHandshakeError,
    web,
)
from multidict import CIMultiDict, MultiMapping
from yarl import URL

from .config import ListenerConfig, TargetConfig
from .tls import UNVERIFIED
from .websocket import offered_protocols, without_handshake

CONNECT_TIMEOUT_SECONDS = 10.0  # of an ALB, fixed
KEEP_ALIVE_SECONDS = 15.0  # shorter than that of common servers, so that the target is seldom the one to close
HOP_BY_HOP = (
    "Connection", "Expect", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "TE", "Trailer",
    "Transfer-Encoding", "Upgrade",
)  # fmt: skip
SHORT_BODY_BYTES = 1 << 16
AUTO_HEADERS = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")  # aiohttp would invent them


class Incoming(Protocol):
    """What is to be known of a request to send it on."""

    @property
    def method(self) -> str: ...
    @property
    def raw_path(self) -> str: ...
    @property
    def headers(self) -> MultiMapping[str]: ...
    @property
    def remote(self) -> str | None: ...
    @property
    def content(self) -> AsyncIterable[bytes]: ...
    @property
    def body_exists(self) -> bool: ...


class UpstreamError(Exception):
    """The target did not answer; ``status`` is what the client gets instead."""

    def __init__(self, status: int, *, connected: bool = True) -> None:
        super().__init__(status)
        self.status = status
        self.connected = connected


class Upstream:
    """Kept-alive connections to the targets.

    A target may close an idle connection just as a request is written to it. aiohttp then sends a request of an
    idempotent method again, once (RFC 9112, section 9.3.1), so that this is not the client's problem.
    """

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    @classmethod
    def open(cls) -> Self:
        return cls(
            ClientSession(
                connector=TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS),
                cookie_jar=DummyCookieJar(),
                auto_decompress=False,
                skip_auto_headers=AUTO_HEADERS,
            )
        )

    async def close(self) -> None:
        await self._session.close()

    async def send(
        self, request: Incoming, target: TargetConfig, listener: ListenerConfig, *, secure: bool
    ) -> ClientResponse:
        """502 when the target refuses or breaks the connection, 504 when it does not connect or answer in time
        (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html)."""
        try:
            return await self._session.request(
                request.method,
                _url("https" if secure else "http", request, target),
                ssl=UNVERIFIED,
                headers=forwarded_headers(request, listener),
                data=request.content if request.body_exists else None,
                allow_redirects=False,
                timeout=ClientTimeout(
                    total=None, sock_connect=CONNECT_TIMEOUT_SECONDS, sock_read=listener.idle_timeout
                ),
            )
        except ClientConnectorError as error:
            raise UpstreamError(502, connected=False) from error
        except TimeoutError as error:
            raise UpstreamError(504) from error
        except ClientError as error:
            raise UpstreamError(502) from error

    async def open_websocket(
        self, request: web.BaseRequest, target: TargetConfig, listener: ListenerConfig, *, secure: bool
    ) -> ClientWebSocketResponse:
        """WSServerHandshakeError when the target answers, but with something else."""
        try:
            return await self._session.ws_connect(
                _url("wss" if secure else "ws", request, target),
                ssl=UNVERIFIED,
                headers=without_handshake(forwarded_headers(request, listener)),
                protocols=offered_protocols(request),
                autoping=False,  # a load balancer passes pings on
                max_msg_size=0,
            )
        except WSServerHandshakeError:
            raise
        except ClientConnectorError as error:
            raise UpstreamError(502, connected=False) from error
        except ClientError as error:
            raise UpstreamError(502) from error


async def response_to(received: ClientResponse) -> web.StreamResponse:
    """A short response whole, which saves a packet; of a long one the head, for `relay` to continue with."""
    headers = CIMultiDict(received.headers)
    for name in HOP_BY_HOP:
        headers.popall(name, None)
    if received.content_length is None or received.content_length > SHORT_BODY_BYTES:
        return web.StreamResponse(status=received.status, reason=received.reason, headers=headers)
    try:
        body = await received.read()
    except TimeoutError as error:
        raise UpstreamError(504) from error
    except ClientError as error:
        raise UpstreamError(502) from error
    return web.Response(status=received.status, reason=received.reason, headers=headers, body=body)


async def relay(request: web.BaseRequest, response: web.StreamResponse, received: ClientResponse) -> None:
    """Pass the body on as it comes. If the target breaks off, so do we: the status has already gone out."""
    await response.prepare(request)
    while True:
        try:
            chunk = await received.content.readany()
        except (ClientError, TimeoutError):
            abort(request)
            return
        if not chunk:
            break
        await response.write(chunk)
    await response.write_eof()


def abort(request: web.BaseRequest) -> None:
    if request.transport is not None:
        request.transport.abort()


def _url(scheme: str, request: Incoming, target: TargetConfig) -> URL:
    return URL(f"{scheme}://{target.host}:{target.port}{request.raw_path}", encoded=True)


def forwarded_headers(request: Incoming, listener: ListenerConfig) -> CIMultiDict[str]:
    headers = CIMultiDict(request.headers)
    for name in HOP_BY_HOP:
        headers.popall(name, None)
    forwarded = [*request.headers.getall("X-Forwarded-For", []), request.remote or ""]
    headers["X-Forwarded-For"] = ", ".join(forwarded)
    headers["X-Forwarded-Proto"] = listener.scheme
    headers["X-Forwarded-Port"] = str(listener.port)
    return headers
