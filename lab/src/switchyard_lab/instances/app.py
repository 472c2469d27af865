# SPDX-License-Identifier: GPL-3.0-or-later
"""One EC2 instance: a process that binds its private address and answers every path."""

import asyncio
import json
import os
import signal
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from ..authority import self_signed, server_context
from .behavior import Behavior, Conduct

HEALTH_PATH = "/health"
NO_HTTP = b"cut off\r\n"  # so that nobody takes the end of the connection for one that was idle, and asks again
SHUTDOWN_SECONDS = 30.0
"""How long an orderly end waits for requests in flight, as a service manager does before it kills."""


@dataclass(frozen=True)
class Instance:
    id: str
    host: str
    ports: tuple[int, ...]
    behavior: Behavior


class App:
    def __init__(self, instance: Instance, speed: float, zygote: socket.socket) -> None:
        self._instance = instance
        self._conduct = Conduct(instance.behavior, instance.id)
        self._boot_seconds = instance.behavior.boot_seconds / speed
        self._crash_seconds = instance.behavior.crash_seconds / speed
        self._zygote = zygote

    async def live(self) -> None:
        """Boot, serve until SIGTERM, finish what is in flight."""
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stopped.set)
        loop.add_reader(self._zygote, self._take_changes)
        try:
            # A booting machine refuses connections: nothing is bound yet.
            await asyncio.wait_for(stopped.wait(), self._boot_seconds)
        except TimeoutError:
            await self._serve(stopped)

    async def _serve(self, stopped: asyncio.Event) -> None:
        http1 = web.Server(self._answer)
        runner = web.ServerRunner(http1, shutdown_timeout=SHUTDOWN_SECONDS)
        await runner.setup()
        listening = [await self._listen(port, http1) for port in self._instance.ports]
        self._zygote.send(b"running\n")
        if self._crash_seconds:
            asyncio.get_running_loop().call_later(self._crash_seconds, os._exit, 1)
        await stopped.wait()
        for server in listening:
            server.close()
        await runner.cleanup()

    async def _listen(self, port: int, http1: Callable[[], asyncio.Protocol]) -> asyncio.Server:
        behavior, loop = self._instance.behavior, asyncio.get_running_loop()
        context = server_context(self_signed(self._instance.id)) if port == behavior.tls_port else None
        speaks = http1
        if port == behavior.http2_port:
            from .http2_app import speaks_http2

            speaks = speaks_http2(self._instance.id, self._conduct)
            if context:
                context.set_alpn_protocols(["h2"])
        return await loop.create_server(speaks, self._instance.host, port, backlog=512, ssl=context)

    def _take_changes(self) -> None:
        """Each message on the zygote's socket is one JSON object of changes (the socket keeps message boundaries)."""
        message = self._zygote.recv(65536)
        if message:
            changes: Mapping[str, Any] = json.loads(message)
            self._conduct.behavior = self._conduct.behavior.changed(changes)

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.path == HEALTH_PATH:
            return self._response(request, 200 if self._conduct.health_check_passes() else 500)
        status = self._conduct.status_of(request.path, asyncio.get_running_loop().time())
        async for _chunk in request.content.iter_any():
            pass
        if self._conduct.hangs():
            while request.transport is not None:  # until the load balancer gives up
                await asyncio.sleep(0.1)
        elif self._conduct.resets() and request.transport is not None:
            request.transport.write(NO_HTTP)
            request.transport.close()
        milliseconds = self._conduct.behavior.latency_ms + float(request.query.get("sleep_ms", 0))
        if milliseconds:
            await asyncio.sleep(milliseconds / 1000)
        if "Upgrade" in request.headers and status == 200:
            return await self._echo(request)
        return self._response(request, status)

    async def _echo(self, request: web.BaseRequest) -> web.StreamResponse:
        """A WebSocket that sends each message back, and who it is."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            who = {"release": self._conduct.behavior.release, "instance": self._instance.id}
            await socket.send_json({**who, "said": message.data})
        return socket

    def _response(self, request: web.BaseRequest, status: int) -> web.Response:
        release = self._conduct.behavior.release
        response = web.json_response(
            {"release": release, "instance": self._instance.id, "path": request.path, "method": request.method},
            status=status,
            headers={"X-Release": release, "X-Instance-Id": self._instance.id},
        )
        if cookie := request.query.get("cookie"):
            response.set_cookie(cookie, "1")
        return response


def run(instance: Instance, speed: float, zygote: socket.socket, inherited: Sequence[socket.socket]) -> None:
    """The whole life of the forked process."""
    for other in inherited:
        other.close()
    asyncio.run(App(instance, speed, zygote).live())
