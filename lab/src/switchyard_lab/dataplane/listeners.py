# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the load balancers."""

import asyncio
import sys
from collections.abc import Mapping
from typing import Protocol

from aiohttp import web

from .config import ListenerConfig
from .flows import Flows, reset
from .proxy import Proxy
from .tls import Handshakes

Endpoint = tuple[str, int]
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

    def __init__(self, config: ListenerConfig, endpoint: Endpoint, proxy: Proxy) -> None:
        self.config = config
        self.handshakes = Handshakes(config.tls) if config.tls else None
        self._endpoint = endpoint
        self._proxy = proxy
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=CLOSE_SECONDS)

    async def open(self) -> None:
        await self._runner.setup()
        context = self.handshakes.context if self.handshakes else None
        self._site = web.TCPSite(self._runner, *self._endpoint, backlog=1024, ssl_context=context)
        await self._site.start()

    async def refuse(self) -> None:
        await self._site.stop()

    async def finish(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self._proxy.answer(request, self.config)


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
    def __init__(self, proxy: Proxy, flows: Flows) -> None:
        self._proxy = proxy
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
            HttpListener(config, endpoint, self._proxy)
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
