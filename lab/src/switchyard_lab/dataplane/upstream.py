# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one request from the load balancer to a target, and of the response back to the client."""

import time
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
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

from .config import ListenerConfig
from .metrics import Metrics
from .routing import Way
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
    """The target did not answer; ``status`` is what the client gets instead, if it has not got anything yet."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Upstream:
    """Kept-alive connections to the targets.

    A target may close an idle connection just as a request is written to it. aiohttp then sends a request of an
    idempotent method again, once (RFC 9112, section 9.3.1), so that this is not the client's problem.
    """

    def __init__(self, session: ClientSession, metrics: Metrics) -> None:
        self._session = session
        self._metrics = metrics

    @classmethod
    def open(cls, metrics: Metrics) -> Self:
        session = ClientSession(
            connector=TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=AUTO_HEADERS,
        )
        return cls(session, metrics)

    async def close(self) -> None:
        await self._session.close()

    async def send(self, request: Incoming, way: Way) -> ClientResponse:
        started = time.perf_counter()
        with self._failures(way):
            received = await self._session.request(
                request.method,
                _url("https" if way.group.secure else "http", request, way),
                ssl=UNVERIFIED,
                headers=forwarded_headers(request, way.listener),
                data=request.content if request.body_exists else None,
                allow_redirects=False,
                timeout=ClientTimeout(
                    total=None, sock_connect=CONNECT_TIMEOUT_SECONDS, sock_read=way.listener.idle_timeout
                ),
            )
        seconds = time.perf_counter() - started
        self._metrics.target_answered(way.listener.load_balancer, way.group.arn, received.status, seconds)
        return received

    async def open_websocket(self, request: web.BaseRequest, way: Way) -> ClientWebSocketResponse:
        """WSServerHandshakeError when the target answers, but with something else."""
        with self._failures(way):
            return await self._session.ws_connect(
                _url("wss" if way.group.secure else "ws", request, way),
                ssl=UNVERIFIED,
                headers=without_handshake(forwarded_headers(request, way.listener)),
                protocols=offered_protocols(request),
                autoping=False,  # a load balancer passes pings on
                max_msg_size=0,
            )

    @contextmanager
    def _failures(self, way: Way) -> Iterator[None]:
        try:
            with breaking():
                yield
        except UpstreamError as error:
            if isinstance(error.__cause__, ClientConnectorError):
                self._metrics.connection_failed(way.listener.load_balancer, way.group.arn)
            raise


@contextmanager
def breaking() -> Iterator[None]:
    """502 when the target refuses or breaks the connection, 504 when it does not connect or answer in time
    (https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html)."""
    try:
        yield
    except WSServerHandshakeError:
        raise
    except TimeoutError as error:
        raise UpstreamError(504) from error
    except ClientError as error:
        raise UpstreamError(502) from error


def onwards(received: ClientResponse) -> CIMultiDict[str]:
    """The headers of a response, as they go on to the client."""
    return _without_hops(received.headers)


async def short_body(received: ClientResponse) -> bytes | None:
    """The whole body if it is short, which saves a packet, and a client from half of it."""
    if received.content_length is None or received.content_length > SHORT_BODY_BYTES:
        return None
    with breaking():
        return await received.read()


async def pieces(received: ClientResponse) -> AsyncIterator[bytes]:
    """The body as it comes."""
    while True:
        with breaking():
            piece = await received.content.readany()
        if not piece:
            return
        yield piece


def _url(scheme: str, request: Incoming, way: Way) -> URL:
    target = way.target.config
    return URL(f"{scheme}://{target.host}:{target.port}{request.raw_path}", encoded=True)


def forwarded_headers(request: Incoming, listener: ListenerConfig) -> CIMultiDict[str]:
    headers = _without_hops(request.headers)
    forwarded = [*request.headers.getall("X-Forwarded-For", []), request.remote or ""]
    headers["X-Forwarded-For"] = ", ".join(forwarded)
    headers["X-Forwarded-Proto"] = listener.scheme
    headers["X-Forwarded-Port"] = str(listener.port)
    return headers


def _without_hops(given: MultiMapping[str]) -> CIMultiDict[str]:
    headers = CIMultiDict(given)
    for name in HOP_BY_HOP:
        headers.popall(name, None)
    return headers
