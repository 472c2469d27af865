# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the load balancers."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Protocol
from weakref import WeakSet

from aiohttp import web

from .config import ListenerConfig
from .flows import Flows, reset
from .proxy import Proxy
from .tls import Handshakes

if TYPE_CHECKING:
    from ..http2 import Line, Stream
    from .http2_proxy import Http2Proxy

Endpoint = tuple[str, int]
Speaks = Callable[[], asyncio.Protocol]
CLOSE_SECONDS = 60.0
"""How long requests in flight may continue when their listener is deleted."""


class Listener(Protocol):
    """One port. A change of its configuration leaves connections of clients alone."""

    config: ListenerConfig
    handshakes: Handshakes | None

    async def open(self) -> None: ...

    async def refuse(self) -> None:
        """No new connections; those that are open stay for what is in flight."""

    async def finish(self) -> None: ...


class HttpListener:
    """Of an Application Load Balancer."""

    def __init__(
        self, config: ListenerConfig, endpoint: Endpoint, proxy: Proxy, http2: Callable[[], Http2Proxy]
    ) -> None:
        self.config = config
        self.handshakes = Handshakes(config.tls) if config.tls else None
        self._endpoint = endpoint
        self._proxy = proxy
        self._http2_proxy = http2
        self._lines: WeakSet[Line] = WeakSet()
        self._http1 = web.Server(self._answer, access_log=None)
        self._runner = web.ServerRunner(self._http1, shutdown_timeout=CLOSE_SECONDS)

    async def open(self) -> None:
        await self._runner.setup()
        context, loop = self.handshakes.context if self.handshakes else None, asyncio.get_running_loop()
        speaks = self._negotiated if context else self._http1
        self._server = await loop.create_server(speaks, *self._endpoint, backlog=1024, ssl=context)

    async def refuse(self) -> None:
        self._server.close()

    async def finish(self) -> None:
        lines = [line.finish(CLOSE_SECONDS) for line in self._lines if line.is_open]
        await asyncio.gather(self._runner.cleanup(), *lines)

    def _negotiated(self) -> asyncio.Protocol:
        return Negotiated({"h2": self._http2}, self._http1)

    def _http2(self) -> asyncio.Protocol:
        from ..http2 import Line

        proxy = self._http2_proxy()

        async def answer(stream: Stream) -> None:
            await proxy.answer(stream, line.peer, self.config)

        line = Line(answer)
        self._lines.add(line)
        return line

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self._proxy.answer(request, self.config)


class Negotiated(asyncio.Protocol):
    """A connection whose handshake decides which protocol it speaks."""

    def __init__(self, protocols: Mapping[str, Speaks], otherwise: Speaks) -> None:
        self._protocols = protocols
        self._otherwise = otherwise

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        chosen = transport.get_extra_info("ssl_object").selected_alpn_protocol()
        protocol = self._protocols.get(chosen, self._otherwise)()
        transport.set_protocol(protocol)
        protocol.connection_made(transport)


class FlowListener:
    """Of a Network Load Balancer."""

    def __init__(self, config: ListenerConfig, endpoint: Endpoint, flows: Flows) -> None:
        self.config = config
        self.handshakes = Handshakes(config.tls) if config.tls else None
        self._endpoint = endpoint
        self._flows = flows
        self._sticky: dict[str, str] = {}
        self._open: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def open(self) -> None:
        context = self.handshakes.context if self.handshakes else None
        self._server = await asyncio.start_server(self._accept, *self._endpoint, backlog=1024, ssl=context)

    async def refuse(self) -> None:
        self._server.close()

    async def finish(self) -> None:
        if self._open:
            await asyncio.wait(self._open, timeout=CLOSE_SECONDS)
        for writer in self._open.values():
            reset(writer)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open[task] = writer
        try:
            await self._flows.carry((reader, writer), self.config, self._sticky)
        finally:
            del self._open[task]


class Listeners:
    def __init__(self, proxy: Proxy, http2: Callable[[], Http2Proxy], flows: Flows) -> None:
        self._proxy = proxy
        self._http2_proxy = http2
        self._flows = flows
        self._open: dict[Endpoint, Listener] = {}
        self._finishing: set[asyncio.Task[None]] = set()

    async def apply(self, configs: Mapping[Endpoint, ListenerConfig]) -> None:
        for endpoint in self._open.keys() & configs.keys():
            if not _follows(self._open[endpoint], configs[endpoint]):
                await self._close(self._open.pop(endpoint))
        for endpoint in self._open.keys() - configs.keys():
            await self._close(self._open.pop(endpoint))
        for endpoint in configs.keys() - self._open.keys():
            await self._try_to_open(endpoint, configs[endpoint])

    async def _try_to_open(self, endpoint: Endpoint, config: ListenerConfig) -> None:
        """A port that cannot be bound (privileged, taken) must not end the lab; the next configuration tries again."""
        listener: Listener = (
            HttpListener(config, endpoint, self._proxy, self._http2_proxy)
            if config.speaks_http
            else FlowListener(config, endpoint, self._flows)
        )
        try:
            await listener.open()
        except OSError as error:
            print(f"listener on {endpoint[0]}:{endpoint[1]}: {error}", file=sys.stderr)
            return
        self._open[endpoint] = listener

    async def _close(self, listener: Listener) -> None:
        await listener.refuse()
        finishing = asyncio.create_task(listener.finish())
        self._finishing.add(finishing)
        finishing.add_done_callback(self._finishing.discard)


def _follows(listener: Listener, config: ListenerConfig) -> bool:
    """Whether the open port can go on with this configuration; one that changes to TLS, or from it, is opened anew."""
    if (listener.handshakes is None) != (config.tls is None) or listener.config.speaks_http != config.speaks_http:
        return False
    listener.config = config
    if listener.handshakes and config.tls:
        listener.handshakes.follow(config.tls)
    return True
