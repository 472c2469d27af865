# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers what came by HTTP/2 as an ALB does: each stream goes to a target of its own choice.

To a target group of version HTTP2 or GRPC it goes on by HTTP/2, message by message and with its trailers; for one of
HTTP1 it is translated.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from email.utils import formatdate
from http.cookies import CookieError, SimpleCookie
from math import ceil
from random import Random

from multidict import CIMultiDict

from ..http2 import OF_THE_CONNECTION, Headers, Stream, StreamBrokenError, connected
from .actions import FixedResponse, Forward, Redirect
from .balancer import choose_group
from .conditions import Request
from .config import GroupConfig, ListenerConfig
from .metrics import Metrics
from .stickiness import APPLICATION_COOKIE, Stickiness
from .targets import Target, TargetGroup
from .tls import UNVERIFIED_HTTP2
from .upstream import Upstream, UpstreamError, forwarded_headers
from .versions import is_grpc, mismatch

SERVER = "awselb/2.0"


@dataclass(frozen=True)
class Incoming:
    """A request, as a way to a target takes it."""

    method: str
    raw_path: str
    headers: CIMultiDict[str]
    remote: str
    content: AsyncIterator[bytes]
    body_exists: bool

    def described(self) -> Request:
        path, _question_mark, query = self.raw_path.partition("?")
        host = self.headers.get("Host", "").partition(":")[0].lower()
        return Request(self.method, host, path, query, self.headers, self.remote)

    def cookies(self) -> dict[str, str]:
        parsed = SimpleCookie()
        with suppress(CookieError):
            parsed.load("; ".join(self.headers.getall("Cookie", [])))
        return {name: morsel.value for name, morsel in parsed.items()}


class Http2Proxy:
    """Shared by all listeners, as Proxy is."""

    def __init__(
        self, groups: Mapping[str, TargetGroup], upstream: Upstream, metrics: Metrics, speed: float, random: Random
    ) -> None:
        self._groups = groups
        self._upstream = upstream
        self._metrics = metrics
        self._speed = speed
        self._random = random

    async def answer(self, stream: Stream, remote: str, listener: ListenerConfig) -> None:
        try:
            await self._answer(stream, _incoming(await stream.headers(), stream, remote), listener)
        except StreamBrokenError:  # the client has gone
            return

    async def _answer(self, stream: Stream, request: Incoming, listener: ListenerConfig) -> None:
        described = request.described()
        match listener.action_for(described):
            case Forward() as forward:
                await self._forward(stream, request, listener, forward)
            case Redirect() as redirect:
                self._metrics.redirected(listener.load_balancer, redirect.status)
                location = redirect.location(described, listener.scheme, listener.port)
                stream.start([(":status", str(redirect.status)), ("server", SERVER), ("location", location)], end=True)
            case FixedResponse() as fixed:
                self._metrics.fixed_response(listener.load_balancer, fixed.status)
                head = [(":status", str(fixed.status)), ("server", SERVER), ("content-type", fixed.content_type)]
                stream.start(head)
                await stream.send(fixed.body.encode(), end=True)

    async def _forward(self, stream: Stream, request: Incoming, listener: ListenerConfig, forward: Forward) -> None:
        stickiness = Stickiness(request.cookies(), time.time(), self._speed)
        arn = stickiness.group(forward) or choose_group(forward.weights, self._random)
        group = self._groups.get(arn) if arn else None
        target = group.choose(stickiness.target(group.config)) if group else None
        if group is None or target is None:
            self._fail(stream, listener, 502 if arn and not group else 503)
            return
        if mismatch(group.config.version, http2=True, grpc=is_grpc(request.headers), method=request.method):
            self._fail(stream, listener, 464)
            return
        self._metrics.target_chosen(listener.load_balancer, group.config.arn)
        cookies = [
            ("set-cookie", f"{name}={cookie.encode()}; Expires={formatdate(ceil(cookie.until), usegmt=True)}; Path=/")
            for name, cookie in stickiness.renewed(forward, group.config, target.config)
        ]
        carry = self._translate if group.config.version == "HTTP1" else self._pass
        response = Response(stream, cookies, group.config.stickiness_cookie)
        try:
            async with target.request():
                await carry(response, request, listener, group.config, target)
        except UpstreamError as error:
            if not error.connected:
                self._metrics.connection_failed(listener.load_balancer, group.config.arn)
            self._break(response, listener, error.status)
        except (StreamBrokenError, TimeoutError):  # the target's side, or the deregistration delay is over
            self._break(response, listener, 502)

    async def _pass(
        self, response: "Response", request: Incoming, listener: ListenerConfig, group: GroupConfig, target: Target
    ) -> None:
        tls = UNVERIFIED_HTTP2 if group.secure else None
        started = time.perf_counter()
        try:
            async with connected(target.config.host, target.config.port, tls) as line:
                upstream = line.open(_onwards(request, listener, "https" if group.secure else "http"))
                sending = asyncio.create_task(_pump(request, upstream))
                try:
                    headers = await _answered(upstream, listener.idle_timeout)
                    seconds, status = time.perf_counter() - started, int(dict(headers)[":status"])
                    self._metrics.target_answered(listener.load_balancer, group.arn, status, seconds)
                    response.start(headers)
                    async for piece in upstream.body():
                        await response.pass_on(piece)
                    await response.end()
                finally:
                    sending.cancel()
        except ConnectionError as error:
            raise UpstreamError(502, connected=False) from error

    async def _translate(
        self, response: "Response", request: Incoming, listener: ListenerConfig, group: GroupConfig, target: Target
    ) -> None:
        started = time.perf_counter()
        received = await self._upstream.send(request, target.config, listener, secure=group.secure)
        seconds = time.perf_counter() - started
        self._metrics.target_answered(listener.load_balancer, group.arn, received.status, seconds)
        async with received:
            head = [(name.lower(), value) for name, value in received.headers.items()]
            kept = [(name, value) for name, value in head if name not in OF_THE_CONNECTION]
            response.start([(":status", str(received.status)), *kept])
            async for piece in received.content.iter_any():
                await response.pass_on(piece)
            await response.end()

    def _break(self, response: "Response", listener: ListenerConfig, status: int) -> None:
        if response.started:
            response.stream.reset()
        else:
            self._fail(response.stream, listener, status)

    def _fail(self, stream: Stream, listener: ListenerConfig, status: int) -> None:
        self._metrics.failed(listener.load_balancer, status)
        with suppress(StreamBrokenError):
            stream.start([(":status", str(status)), ("server", SERVER)], end=True)


class Response:
    """What goes back to the client."""

    def __init__(self, stream: Stream, cookies: Headers, application: str) -> None:
        """``application`` is the name of the application's cookie: the load balancer adds its own to that one."""
        self.stream = stream
        self._application = application
        self.started = False
        self._cookies = cookies
        self._ended = False

    def start(self, headers: Headers) -> None:
        own = any(name == "set-cookie" and value.startswith(f"{self._application}=") for name, value in headers)
        due = [each for each in self._cookies if own or not each[1].startswith(f"{APPLICATION_COOKIE}=")]
        self.stream.start([*headers, *due])
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


async def _answered(upstream: Stream, idle_timeout: float) -> Headers:
    scope = asyncio.timeout(idle_timeout)
    try:
        async with scope:
            return await upstream.headers()
    except TimeoutError as error:
        if scope.expired():
            raise UpstreamError(504) from error
        raise  # the deregistration delay is over


async def _pump(request: Incoming, upstream: Stream) -> None:
    with suppress(StreamBrokenError):  # whoever waits for the answer hears of it
        async for piece in request.content:
            await upstream.send(piece)
        await upstream.send(b"", end=True)


def _incoming(headers: Headers, stream: Stream, remote: str) -> Incoming:
    pseudo = dict(each for each in headers if each[0].startswith(":"))
    plain = CIMultiDict([each for each in headers if not each[0].startswith(":")])
    plain.setdefault("Host", pseudo.get(":authority", ""))
    has_body = pseudo[":method"] not in ("GET", "HEAD", "DELETE", "OPTIONS")
    return Incoming(pseudo[":method"], pseudo[":path"], plain, remote, _body(stream), has_body)


async def _body(stream: Stream) -> AsyncIterator[bytes]:
    async for piece in stream.body():
        if isinstance(piece, bytes):
            yield piece


def _onwards(request: Incoming, listener: ListenerConfig, scheme: str) -> Headers:
    headers = forwarded_headers(request, listener)
    host = headers.get("Host", "")
    pseudo = [(":method", request.method), (":scheme", scheme), (":authority", host), (":path", request.raw_path)]
    kept = [(name.lower(), value) for name, value in headers.items() if name.lower() not in OF_THE_CONNECTION]
    # gRPC asks for it end to end, to know of proxies that lose trailers.
    return [*pseudo, *kept, *([("te", "trailers")] if is_grpc(request.headers) else [])]
