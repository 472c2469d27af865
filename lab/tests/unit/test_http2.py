# SPDX-License-Identifier: GPL-3.0-or-later
"""A connection of HTTP/2 whose server fails to answer."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from switchyard_lab.http2 import Line, Stream, StreamBrokenError, connected

GET = [(":method", "GET"), (":scheme", "http"), (":authority", "localhost"), (":path", "/")]


async def asked(answer: Callable[[Stream], Awaitable[None]]) -> list[str]:
    """What was reported while the stream of a GET was reset, and its connection stayed."""
    loop = asyncio.get_running_loop()
    reported: list[str] = []
    loop.set_exception_handler(lambda _loop, context: reported.append(str(context["exception"])))
    server = await loop.create_server(lambda: Line(answer), "127.0.0.1", 0)  # type: ignore[arg-type]
    async with server, connected("127.0.0.1", server.sockets[0].getsockname()[1]) as line:
        with pytest.raises(StreamBrokenError):
            await asyncio.wait_for(line.open(GET, end=True).headers(), 10)
        assert line.is_open
    return reported


def test_a_stream_whose_answer_fails_is_reset_and_the_error_reported() -> None:
    async def answer(_stream: Stream) -> None:
        raise KeyError("no such thing")

    assert asyncio.run(asked(answer)) == ["'no such thing'"]


def test_what_came_before_a_stream_was_broken_off_is_read() -> None:
    answered: list[Stream] = []

    async def answer(stream: Stream) -> None:
        stream.start([(":status", "200")])
        if answered:
            return
        answered.append(stream)
        await stream.send(b"a part")
        stream.reset()

    async def scenario() -> tuple[str, list[object]]:
        server = await asyncio.get_running_loop().create_server(lambda: Line(answer), "127.0.0.1", 0)
        async with server, connected("127.0.0.1", server.sockets[0].getsockname()[1]) as line:
            stream, pieces = line.open(GET, end=True), []
            await line.open(GET, end=True).headers()  # by then all of the first one's answer has arrived
            status = dict(await stream.headers())[":status"]

            async def read() -> None:
                async for piece in stream.body():
                    pieces.append(piece)

            with pytest.raises(StreamBrokenError):
                await read()
            return status, pieces

    assert asyncio.run(scenario()) == ("200", [b"a part"])
