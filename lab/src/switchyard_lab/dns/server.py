# SPDX-License-Identifier: GPL-3.0-or-later
"""The name server, over UDP and TCP, in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from random import Random
from typing import cast

from ..clock import Clock
from .answers import Answers
from .messages import respond
from .view import View

LENGTH_BYTES = 2  # before each message on a TCP connection


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, reply: Callable[[bytes], bytes | None]) -> None:
        self._reply = reply

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if answer := self._reply(data):
            self._transport.sendto(answer, addr)


class DnsServer:
    """Answers with what `look` says at the time of each question."""

    def __init__(self, address: tuple[str, int], clock: Clock, look: Callable[[], View]) -> None:
        self._clock = clock
        self._look = look
        self._random = Random()
        self._connections = socket.create_server(address)
        self.address: tuple[str, int] = self._connections.getsockname()
        self._datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._datagrams.bind(self.address)
        self._loop = asyncio.new_event_loop()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="dns")
        self._thread.start()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:  # ends open conversations too
            runner.run(self._serve())

    async def _serve(self) -> None:
        reply = partial(self._reply, over_udp=True)
        transport, _protocol = await self._loop.create_datagram_endpoint(lambda: Datagrams(reply), sock=self._datagrams)
        server = await asyncio.start_server(self._converse, sock=self._connections)
        await self._ended.wait()
        server.close()
        transport.close()

    def _reply(self, wire: bytes, *, over_udp: bool) -> bytes | None:
        return respond(wire, Answers(self._look(), self._clock.now(), self._random), over_udp=over_udp)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Several questions may come on one connection."""
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                length = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
                answer = self._reply(await reader.readexactly(length), over_udp=False)
                if answer is None:
                    break
                writer.write(len(answer).to_bytes(LENGTH_BYTES, "big") + answer)
                await writer.drain()
        writer.close()
