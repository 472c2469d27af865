# SPDX-License-Identifier: GPL-3.0-or-later
"""The ports of the load balancers."""

import asyncio
from collections.abc import Mapping

from aiohttp import web

from .config import ListenerConfig
from .proxy import Proxy

Endpoint = tuple[str, int]
CLOSE_SECONDS = 1.0
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
        await web.TCPSite(self._runner, *self._endpoint, backlog=1024).start()

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        return await self._proxy.answer(request, self.config, self._endpoint[1])


class Listeners:
    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy
        self._open: dict[Endpoint, Listener] = {}

    async def apply(self, configs: Mapping[Endpoint, ListenerConfig]) -> None:
        for endpoint in self._open.keys() & configs.keys():
            self._open[endpoint].config = configs[endpoint]
        for endpoint in self._open.keys() - configs.keys():
            await self._open.pop(endpoint).close()
        for endpoint in configs.keys() - self._open.keys():
            listener = Listener(configs[endpoint], endpoint, self._proxy)
            await listener.open()
            self._open[endpoint] = listener

    async def close(self) -> None:
        await asyncio.gather(*(listener.close() for listener in self._open.values()))
