# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers what came by HTTP/2 as an ALB does: each stream goes to a target of its own choice.

To a target group of version HTTP2 or GRPC it goes on by HTTP/2, message by message and with its trailers; for one of
HTTP1 it is translated.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass

from multidict import CIMultiDict

from ..http2 import OF_THE_CONNECTION, Headers, Line, Stream, StreamBrokenError, connect
from .conditions import Request
from .config import ListenerConfig
from .idle import ends_idle
from .metrics import Metrics
from .routing import Reply, Routing, Way
from .tls import UNVERIFIED_HTTP2
from .upstream import (
    CONNECT_TIMEOUT_SECONDS,
    Upstream,
    UpstreamError,
    forwarded_headers,
    onwards,
    pieces,
    short_body,
)
from .versions import is_grpc


@dataclass(frozen=True)
class Incoming:
    """A request, as a way to a target takes it."""

    method: str
    raw_path: str
    headers: CIMultiDict[str]
    remote: str
    content: AsyncIterator[bytes]
    body_exists: bool


class Http2Proxy:
    """Shared by all listeners, as Proxy is."""

    def __init__(self, routing: Routing, upstream: Upstream, metrics: Metrics) -> None:
        self._routing = routing
        self._upstream = upstream
        self._metrics = metrics

    async def answer(self, stream: Stream, remote: str, listener: ListenerConfig) -> None:
        with suppress(StreamBrokenError):  # the client has gone
            request = _incoming(await stream.headers(), stream, remote)
            described = Request.of(request.method, request.headers["Host"], request.raw_path, request.headers, remote)
            match self._routing.route(described, listener, http2=True):
                case Reply() as reply:
                    await _reply(stream, request, reply)
                case Way() as way:
                    await self._forward(stream, request, way)

    async def _forward(self, stream: Stream, request: Incoming, way: Way) -> None:
        carry = self._translate if way.group.version == "HTTP1" else self._pass
        response = Response(stream, way)
        try:
            async with way.target.request():
                await carry(response, request, way)
        except UpstreamError as error:
            await self._break_off(response, request, way, error.status)
        except (StreamBrokenError, TimeoutError):  # the target's side, or the deregistration delay is over
            await self._break_off(response, request, way, 502)

    async def _pass(self, response: "Response", request: Incoming, way: Way) -> None:
        line = await self._connect(way)
        try:
            async with ends_idle(way.listener.idle_timeout) as passed:
                upstream = line.open(_onwards(request, way))
                sending = asyncio.create_task(_pump(request, upstream, passed))
                try:
                    await self._hear(upstream, response, way, passed)
                finally:
                    sending.cancel()
        except TimeoutError as error:
            raise UpstreamError(504) from error
        finally:
            line.close()

    async def _connect(self, way: Way) -> Line:
        target, tls = way.target.config, UNVERIFIED_HTTP2 if way.group.secure else None
        try:
            async with asyncio.timeout(CONNECT_TIMEOUT_SECONDS):
                return await connect(target.host, target.port, tls)
        except TimeoutError as error:
            raise UpstreamError(504) from error
        except OSError as error:  # those of TLS are as well
            self._metrics.connection_failed(way.listener.load_balancer, way.group.arn)
            raise UpstreamError(502) from error

    async def _hear(self, upstream: Stream, response: "Response", way: Way, passed: Callable[[], None]) -> None:
        started = time.perf_counter()
        headers = await upstream.headers()
        seconds, status = time.perf_counter() - started, int(dict(headers)[":status"])
        self._metrics.target_answered(way.listener.load_balancer, way.group.arn, status, seconds)
        response.start(headers)
        async for piece in upstream.body():
            passed()
            await response.pass_on(piece)
        await response.end()

    async def _translate(self, response: "Response", request: Incoming, way: Way) -> None:
        async with await self._upstream.send(request, way) as received:
            whole = await short_body(received)
            response.start([(":status", str(received.status)), *_lower(onwards(received))])
            async for piece in pieces(received) if whole is None else _once(whole):
                await response.pass_on(piece)
            await response.end()

    async def _break_off(self, response: "Response", request: Incoming, way: Way, status: int) -> None:
        """With this status, if none has gone out yet."""
        if response.started:
            response.stream.reset()
        else:
            await _reply(response.stream, request, self._routing.failure(way.listener, status))


class Response:
    """What goes back to the client."""

    def __init__(self, stream: Stream, way: Way) -> None:
        self.stream = stream
        self.started = False
        self._way = way
        self._ended = False

    def start(self, headers: Headers) -> None:
        own = self._way.cookies_beside(value for name, value in headers if name == "set-cookie")
        self.stream.start([*headers, *(("set-cookie", each) for each in own)])
        self.started = True

    async def pass_on(self, piece: Headers | bytes) -> None:
        if isinstance(piece, bytes):
            await self.stream.send(piece)
        else:  # trailers
            self.stream.start(piece, end=True)
            self._ended = True

    async def end(self) -> None:
        if not self._ended:
            await self.stream.send(b"", end=True)


async def _reply(stream: Stream, request: Incoming, reply: Reply) -> None:
    head = [(name.lower(), value) for name, value in reply.headers]
    body = b"" if request.method == "HEAD" else reply.body
    stream.start([(":status", str(reply.status)), *head, ("content-length", str(len(reply.body)))], end=not body)
    if body:
        await stream.send(body, end=True)


async def _pump(request: Incoming, upstream: Stream, passed: Callable[[], None]) -> None:
    with suppress(StreamBrokenError):  # whoever waits for the answer hears of it
        async for piece in request.content:
            passed()
            await upstream.send(piece)
        await upstream.send(b"", end=True)


def _incoming(headers: Headers, stream: Stream, remote: str) -> Incoming:
    pseudo = dict(each for each in headers if each[0].startswith(":"))
    plain = CIMultiDict([each for each in headers if not each[0].startswith(":")])
    plain.setdefault("Host", pseudo.get(":authority", ""))
    return Incoming(pseudo[":method"], pseudo[":path"], plain, remote, _body(stream), stream.has_body)


async def _body(stream: Stream) -> AsyncIterator[bytes]:
    async for piece in stream.body():
        if isinstance(piece, bytes):
            yield piece


async def _once(whole: bytes) -> AsyncIterator[bytes]:
    yield whole


def _onwards(request: Incoming, way: Way) -> Headers:
    headers = forwarded_headers(request, way.listener)
    scheme, host = "https" if way.group.secure else "http", headers.get("Host", "")
    pseudo = [(":method", request.method), (":scheme", scheme), (":authority", host), (":path", request.raw_path)]
    # gRPC asks for it end to end, to know of proxies that lose trailers.
    return [*pseudo, *_lower(headers), *([("te", "trailers")] if is_grpc(request.headers) else [])]


def _lower(headers: CIMultiDict[str]) -> Headers:
    found = [(name.lower(), value) for name, value in headers.items()]
    return [each for each in found if each[0] not in OF_THE_CONNECTION]
