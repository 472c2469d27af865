# SPDX-License-Identifier: GPL-3.0-or-later
"""WebSockets through a load balancer of the lab."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from .plane import LB_PORT, Plane
from .processes import DEADLINE_SECONDS, SPEED


@asynccontextmanager
async def connected(plane: Plane, **options: Any) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    url = f"http://{plane.host}:{LB_PORT}/chat"
    async with aiohttp.ClientSession() as session, session.ws_connect(url, **options) as socket:
        yield socket


async def answered_by(socket: aiohttp.ClientWebSocketResponse, said: str = "hello") -> str:
    await socket.send_str(said)
    answer = await socket.receive_json(timeout=DEADLINE_SECONDS)
    assert answer["said"] == said
    return str(answer["release"])


def test_a_websocket_stays_with_its_target_at_weight_zero(shop: Plane) -> None:
    async def scenario() -> None:
        async with connected(shop) as socket:
            first = await answered_by(socket)
            assert first in ("b1", "b2")
            shop.forward({"blue": 0, "green": 100})
            shop.apply()
            assert {answer.by for answer in shop.get_many(4)} == {"g1", "g2"}
            assert await answered_by(socket) == first
            assert (await socket.close(), socket.close_code) == (True, 1000)

    asyncio.run(scenario())


def test_a_websocket_lives_until_the_deregistration_delay_is_over_and_is_cut_then(shop: Plane) -> None:
    shop.groups["blue"]["deregistration_delay"] = 50
    shop.targets("blue", "b1")
    shop.apply()

    async def scenario() -> None:
        async with connected(shop) as socket:
            assert await answered_by(socket) == "b1"
            started = time.monotonic()
            shop.targets("blue", "b2")
            shop.apply_until_healthy()
            assert await answered_by(socket) == "b1"
            assert not shop.drained("blue", "b1")
            assert (await socket.receive(timeout=DEADLINE_SECONDS)).type is aiohttp.WSMsgType.CLOSED
            assert time.monotonic() - started >= 50 / SPEED
        shop.wait_until_drained("blue", "b1")

    asyncio.run(scenario())


def test_the_end_of_the_target_ends_the_websocket(shop: Plane) -> None:
    shop.targets("blue", "b1")
    shop.apply()

    async def scenario() -> None:
        async with connected(shop) as socket:
            await answered_by(socket)
            shop.signal("b1", "KILL")
            assert (await socket.receive(timeout=DEADLINE_SECONDS)).type in (
                aiohttp.WSMsgType.CLOSE,
                aiohttp.WSMsgType.CLOSED,
            )

    asyncio.run(scenario())


def test_a_websocket_through_which_nothing_passes_ends_with_the_idle_timeout(shop: Plane) -> None:
    shop.idle_timeout = 4.0
    shop.apply()

    async def scenario() -> None:
        async with connected(shop) as socket:
            for _message in range(3):  # longer than the timeout, in all
                await asyncio.sleep(1.5)
                await answered_by(socket)
            assert (await socket.receive(timeout=DEADLINE_SECONDS)).type is aiohttp.WSMsgType.CLOSED

    asyncio.run(scenario())


def test_an_upgrade_that_the_target_refuses_is_its_answer(shop: Plane) -> None:
    for name in ("b1", "b2"):
        shop.behave(name, error_percent=100)

    async def scenario() -> None:
        with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
            async with connected(shop):
                pass
        assert refused.value.status == 500

    asyncio.run(scenario())
    shop.wait_for_metric("RequestCount", 1, "blue")


def test_a_websocket_counts_as_one_request_and_carries_the_cookies(shop: Plane) -> None:
    shop.forward({"blue": 50, "green": 50}, stickiness_seconds=60)
    shop.apply()

    async def scenario() -> None:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            url = f"http://{shop.host}:{LB_PORT}/chat"
            async with session.ws_connect(url) as socket:
                first = await answered_by(socket)
                await answered_by(socket)
            for _request in range(6):
                async with session.get(url) as answer:
                    assert answer.headers["X-Release"][0] == first[0], "the cookie of the upgrade held the client"

    asyncio.run(scenario())
    shop.wait_for_metric("RequestCount", 7)
    assert shop.metric("RequestCount") == 7
