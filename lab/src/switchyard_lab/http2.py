# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/2 on one connection, for either side of it: load balancers, instances and clients of the lab."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from typing import Any

from h2 import events
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.exceptions import ProtocolError

Headers = Sequence[tuple[str, str]]
Answer = Callable[["Stream"], Coroutine[Any, Any, None]]

# Of one connection, not of the request or response that it carries (RFC 9113, section 8.2.2).
OF_THE_CONNECTION = frozenset(
    {"connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade", "host"}
)


class StreamBrokenError(Exception):
    """The other side has reset the stream, or the connection is gone."""


class Stream:
    """One request and its response. What arrives is headers, then pieces of the body, then trailers if any; where it is
    broken off, what came before that is still read."""

    def __init__(self, line: Line, number: int, *, has_body: bool = True) -> None:
        self.has_body = has_body
        self._line = line
        self._number = number
        self._arrived: asyncio.Queue[Headers | bytes | StreamBrokenError | None] = asyncio.Queue()

    async def headers(self) -> Headers:
        """Those that begin the message."""
        first = await self._next()
        if first is None or isinstance(first, bytes):
            raise StreamBrokenError
        return first

    async def body(self) -> AsyncIterator[Headers | bytes]:
        """The pieces of the body as they come, and the trailers after them."""
        while (piece := await self._next()) is not None:
            yield piece

    def start(self, headers: Headers, *, end: bool = False) -> None:
        self._line.send_headers(self._number, headers, end)

    async def send(self, data: bytes, *, end: bool = False) -> None:
        await self._line.send_data(self._number, data, end)

    def reset(self) -> None:
        self._line.reset(self._number)

    def arrive(self, what: Headers | bytes | None) -> None:
        self._arrived.put_nowait(what)

    def break_off(self) -> None:
        self._arrived.put_nowait(StreamBrokenError())

    async def _next(self) -> Headers | bytes | None:
        what = await self._arrived.get()
        if isinstance(what, StreamBrokenError):
            self._arrived.put_nowait(what)  # for whoever reads on
            raise what
        return what


class Line(asyncio.Protocol):
    """A connection. With ``answer`` it is that of a server, which answers each stream in a task of its own."""

    def __init__(self, answer: Answer | None = None) -> None:
        config = H2Configuration(client_side=answer is None, header_encoding="utf-8")
        self._answer = answer
        self._h2 = H2Connection(config)
        self._streams: dict[int, Stream] = {}
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Event()  # set when the other side takes more data
        self._lost = False

    # -- of asyncio

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._h2.initiate_connection()
        self._flush()

    def data_received(self, data: bytes) -> None:
        try:
            happened = self._h2.receive_data(data)
        except ProtocolError:
            self._flush()
            self._transport.close()
            return
        for event in happened:
            self._hear(event)
        self._flush()

    def connection_lost(self, _error: Exception | None) -> None:
        self._lost = True
        for stream in self._streams.values():
            stream.break_off()
        for task in self._tasks.values():
            task.cancel()
        self._room.set()

    # -- of those who use it

    @property
    def is_open(self) -> bool:
        return not self._lost

    @property
    def peer(self) -> str:
        return str(self._transport.get_extra_info("peername")[0])

    def open(self, headers: Headers, *, end: bool = False) -> Stream:
        number = self._h2.get_next_available_stream_id()
        stream = self._streams[number] = Stream(self, number)
        stream.start(headers, end=end)
        return stream

    async def finish(self, seconds: float) -> None:
        """No new streams; those that are open may go on for so long."""
        self._h2.close_connection()
        self._flush()
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=seconds)
        self._transport.close()

    def close(self) -> None:
        self._transport.close()

    # -- of its streams

    def send_headers(self, number: int, headers: Headers, end: bool) -> None:
        try:
            self._h2.send_headers(number, list(headers), end_stream=end)
        except ProtocolError as error:  # reset, or the connection is closed
            raise StreamBrokenError from error
        self._flush()

    async def send_data(self, number: int, data: bytes, end: bool) -> None:
        """As the other side has room for it."""
        while True:
            try:
                room = min(self._h2.local_flow_control_window(number), self._h2.max_outbound_frame_size)
                piece, rest = data[:room], data[room:]
                if piece or not data:
                    self._h2.send_data(number, piece, end_stream=end and not rest)
                    self._flush()
            except ProtocolError as error:
                raise StreamBrokenError from error
            if not rest:
                return
            data = rest
            if self._lost:
                raise StreamBrokenError
            if not room:
                self._room.clear()
                await self._room.wait()

    def reset(self, number: int) -> None:
        try:
            self._h2.reset_stream(number, ErrorCodes.INTERNAL_ERROR)
        except ProtocolError:  # it has ended
            return
        self._flush()

    def _hear(self, event: events.Event) -> None:
        match event:
            case events.RequestReceived(stream_id=number, headers=headers, stream_ended=ended):
                self._begin(number, headers, has_body=ended is None)
            case events.ResponseReceived(stream_id=number, headers=headers):
                self._pass_on(number, headers)
            case events.TrailersReceived(stream_id=number, headers=headers):
                self._pass_on(number, headers)
            case events.DataReceived(stream_id=number, data=data, flow_controlled_length=length):
                self._h2.acknowledge_received_data(length, number)
                if data:  # else it only ends the stream
                    self._pass_on(number, data)
            case events.StreamEnded(stream_id=number):
                self._pass_on(number, None)
            case events.StreamReset(stream_id=number):
                self._break_off(number)
            case events.WindowUpdated() | events.RemoteSettingsChanged():
                self._room.set()
            case events.ConnectionTerminated():
                self._transport.close()

    def _pass_on(self, number: int, what: Any) -> None:
        if stream := self._streams.get(number):  # else it was answered before it had been sent
            stream.arrive(what)

    def _break_off(self, number: int) -> None:
        if stream := self._streams.get(number):
            stream.break_off()
        if task := self._tasks.get(number):
            task.cancel()
        self._room.set()

    def _begin(self, number: int, headers: Any, *, has_body: bool) -> None:
        assert self._answer is not None
        stream = self._streams[number] = Stream(self, number, has_body=has_body)
        stream.arrive(headers)
        task = asyncio.create_task(self._answer(stream))
        self._tasks[number] = task
        task.add_done_callback(lambda done: self._end(number, done))

    def _end(self, number: int, task: asyncio.Task[None]) -> None:
        """Whoever asked must not wait for an answer that failed."""
        self._tasks.pop(number, None)
        self._streams.pop(number, None)
        if not task.cancelled() and (error := task.exception()):
            self.reset(number)
            task.get_loop().call_exception_handler({"message": "a stream failed", "exception": error, "task": task})

    def _flush(self) -> None:
        if data := self._h2.data_to_send():
            self._transport.write(data)


async def connect(host: str, port: int, tls: ssl.SSLContext | None = None) -> Line:
    """A client's connection. Without TLS the server is taken to speak HTTP/2 (RFC 9113, section 3.3)."""
    _transport, line = await asyncio.get_running_loop().create_connection(Line, host, port, ssl=tls)
    return line


@asynccontextmanager
async def connected(host: str, port: int, tls: ssl.SSLContext | None = None) -> AsyncIterator[Line]:
    line = await connect(host, port, tls)
    try:
        yield line
    finally:
        line.close()
