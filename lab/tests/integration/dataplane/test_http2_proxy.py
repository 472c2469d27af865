# SPDX-License-Identifier: GPL-3.0-or-later
"""A request that came by HTTP/2 is answered or reset, whatever its target does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.authority import CERTIFICATE_FILE, Authority, trusting
from switchyard_lab.http2 import Line, Stream, StreamBrokenError, connected

from ...sign_in import sign_in
from .plane import APP_PORT, LB_PORT, Plane, forward
from .processes import DEADLINE_SECONDS, Children

Target = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
HEAD = b"HTTP/1.1 200 OK\r\n"
LONG = HEAD + b"Content-Length: 200000\r\n\r\n" + b"z" * 100_000
SHORT = HEAD + b"Content-Length: 200\r\n\r\n" + b"z" * 100
NOBODY, RESET = None, 0


@pytest.fixture
def secure(children: Children, tmp_path: Path) -> Iterator[Plane]:
    """A load balancer that speaks TLS, and trusts nobody but its own authority."""
    with Plane(children, protocol="HTTPS") as plane:
        plane.certificate = Authority.create(tmp_path).issue([plane.host])
        yield plane


@pytest.fixture
def asked(secure: Plane, tmp_path: Path) -> Callable[..., Awaitable[tuple[int, dict[str, str]]]]:
    """Asks by HTTP/2: the status, which is RESET where the stream was, and the headers."""

    async def ask(method: str = "GET", body: bytes = b"", **headers: str) -> tuple[int, dict[str, str]]:
        context = trusting(tmp_path / CERTIFICATE_FILE)
        context.set_alpn_protocols(["h2"])
        pseudo = [(":method", method), (":scheme", "https"), (":authority", "shop.example.com"), (":path", "/a?b=c")]
        async with asyncio.timeout(DEADLINE_SECONDS), connected(secure.host, LB_PORT, context) as line:
            stream = line.open([*pseudo, *headers.items()], end=not body)
            try:
                if body:
                    await stream.send(body, end=True)
                answer = dict(await stream.headers())
                async for _piece in stream.body():
                    pass
            except StreamBrokenError:
                assert line.is_open, "the connection has ended, with all its other streams"
                return RESET, {}
            return int(answer[":status"]), answer

    return ask


@asynccontextmanager
async def served(plane: Plane, server: asyncio.Server | None, version: str, protocol: str) -> AsyncIterator[None]:
    """The target is in no use, so that no health check comes before the request."""
    plane.group("raw", version=version, protocol=protocol)
    plane.groups["raw"] |= {"in_use": False, "targets": [{"id": "raw", "host": host_of(plane), "port": APP_PORT}]}
    plane.forward({"raw": 1})
    await asyncio.to_thread(plane.apply)
    try:
        yield
    finally:
        if server:
            server.close()


def host_of(plane: Plane) -> str:
    return f"127.{plane.children.net.octet}.251.1"


def saying(response: bytes, *, stays: bool) -> Target:
    """Reads a request, says this, and ends the connection, or stays silent."""

    async def target(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        writer.write(response)
        await writer.drain()
        if stays:
            await asyncio.sleep(DEADLINE_SECONDS)
        writer.close()

    return target


async def answered(
    plane: Plane, asked: Any, response: bytes | None, version: str, protocol: str = "HTTP", *, stays: bool = False
) -> int:
    """The status with which a request is answered whose target says this."""
    target = None if response is None else saying(response, stays=stays)
    server = await asyncio.start_server(target, host_of(plane), APP_PORT) if target else None
    async with served(plane, server, version, protocol):
        return int((await asked())[0])


@pytest.mark.parametrize(
    ("version", "protocol", "response", "status"),
    [
        ("HTTP1", "HTTP", NOBODY, 502),
        ("HTTP1", "HTTP", b"", 502),
        ("HTTP1", "HTTP", b"nonsense\r\n\r\n", 502),
        ("HTTP1", "HTTP", SHORT, 502),
        ("HTTP1", "HTTP", LONG, RESET),
        ("HTTP1", "HTTPS", HEAD, 502),
        ("HTTP2", "HTTP", NOBODY, 502),
        ("HTTP2", "HTTP", b"", 502),
        ("HTTP2", "HTTP", HEAD, 502),
        ("HTTP2", "HTTPS", HEAD, 502),
        ("GRPC", "HTTPS", b"", 464),
    ],
)
def test_a_target_that_breaks_off(
    secure: Plane, asked: Any, version: str, protocol: str, response: bytes | None, status: int
) -> None:
    assert asyncio.run(answered(secure, asked, response, version, protocol)) == status
    if status == 502:
        secure.wait_for_metric("HTTPCode_ELB_502_Count", 1)
    if response is NOBODY or (protocol, status) == ("HTTPS", 502):
        secure.wait_for_metric("TargetConnectionErrorCount", 1, "raw")


@pytest.mark.parametrize(
    ("version", "response", "status"),
    [("HTTP1", b"", 504), ("HTTP1", SHORT, 504), ("HTTP1", LONG, RESET), ("HTTP2", b"", 504)],
)
def test_a_target_that_falls_silent(secure: Plane, asked: Any, version: str, response: bytes, status: int) -> None:
    secure.idle_timeout = 2.0
    assert asyncio.run(answered(secure, asked, response, version, stays=True)) == status
    if status == 504:
        secure.wait_for_metric("HTTPCode_ELB_504_Count", 1)


@pytest.mark.parametrize("stays", [False, True])
def test_an_answer_by_http2_that_does_not_end(secure: Plane, asked: Any, stays: bool) -> None:
    secure.idle_timeout = 2.0 if stays else secure.idle_timeout

    async def answer(line: Line, stream: Stream) -> None:
        await stream.headers()
        stream.start([(":status", "200")])
        await stream.send(b"a part")
        if stays:
            await asyncio.sleep(DEADLINE_SECONDS)
        line.close()

    def target() -> Line:
        line = Line(lambda stream: answer(line, stream))
        return line

    async def scenario() -> int:
        server = await asyncio.get_running_loop().create_server(target, host_of(secure), APP_PORT)
        async with served(secure, server, "HTTP2", "HTTP"):
            return int((await asked())[0])

    assert asyncio.run(scenario()) == RESET


def test_users_sign_in_by_http2_too(secure: Plane, asked: Any) -> None:
    secure.run("one")
    secure.group("shop", "one")
    for unauthenticated in ("authenticate", "deny"):
        signs_in = sign_in(ClientSecret="x", OnUnauthenticatedRequest=unauthenticated)
        secure.rule("default", [signs_in, forward({"shop": 1})[0] | {"Order": 2}])
        secure.apply_until_healthy()
        status, headers = asyncio.run(asked())
        if unauthenticated == "deny":
            assert status == 401
        else:
            assert (status, headers["location"].partition("?")[0]) == (302, "https://login.example.com/authorize")
        session = {"cookie": "AWSELBAuthSessionCookie-0=a"}
        assert asyncio.run(asked(**session))[0] == 200


def test_answers_of_the_load_balancer_have_no_body_for_head(secure: Plane, asked: Any) -> None:
    fixed = {"StatusCode": "503", "ContentType": "text/plain", "MessageBody": "Back soon."}
    secure.rule("default", [{"Type": "fixed-response", "FixedResponseConfig": fixed}])
    secure.apply()
    for method in ("GET", "HEAD"):
        status, headers = asyncio.run(asked(method))
        assert (status, headers["content-length"]) == (503, "10")


@pytest.mark.parametrize("method", ["POST", "DELETE", "GET"])
def test_a_body_goes_on_whatever_the_method(secure: Plane, asked: Any, method: str) -> None:
    received = bytearray()

    async def target(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while not received.endswith(b"0\r\n\r\n"):
            received.extend(await reader.read(65536))
        writer.write(HEAD + b"Content-Length: 0\r\n\r\n")
        writer.close()

    async def scenario() -> int:
        server = await asyncio.start_server(target, host_of(secure), APP_PORT)
        async with served(secure, server, "HTTP1", "HTTP"):
            return int((await asked(method, b"what is said"))[0])

    assert asyncio.run(scenario()) == 200
    assert b"what is said" in received
