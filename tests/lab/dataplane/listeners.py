# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the load balancers."""

import asyncio
import sys
from collections.abc import Mapping

from aiohttp import web

from .config import ListenerConfig
from .proxy import Proxy

Endpoint = tuple[str, int]
CLOSE_SECONDS = 60.0
"""How long requests in flight may go on when their listener is deleted."""


class Listener:
    """One port. A change of rules is the change of one attribute: connections of clients live on."""

    def __init__(self, config: ListenerConfig, endpoint: Endpoint, proxy: Proxy) -> None:
        self.config = config
        self._endpoint = endpoint
        self._proxy = proxy
        self._runner = web.ServerRunner(web.Server(self._answer, access_log=None), shutdown_timeout=CLOSE_SECONDS)

    async def open(self) -> None:
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, *self._endpoint, backlog=1024)
        await self._site.start()

    async def refuse(self) -> None:
        """No new connections; those that are open stay for what is in flight."""
        await self._site.stop()

    async def finish(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self._proxy.answer(request, self.config, self._endpoint[1])


class Listeners:
    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._open: dict[Endpoint, Listener] = {}
        self._finishing: set[asyncio.Task[None]] = set()

    async def apply(self, configs: Mapping[Endpoint, ListenerConfig]) -> None:
        for endpoint in self._open.keys() & configs.keys():
            self._open[endpoint].config = configs[endpoint]
        for endpoint in self._open.keys() - configs.keys():
            await self._close(self._open.pop(endpoint))
        for endpoint in configs.keys() - self._open.keys():
            await self._try_to_open(endpoint, configs[endpoint])

    async def _try_to_open(self, endpoint: Endpoint, config: ListenerConfig) -> None:
        """A port that cannot be bound (privileged, taken) must not end the lab; the next configuration tries again."""
        listener = Listener(config, endpoint, self._proxy)
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
