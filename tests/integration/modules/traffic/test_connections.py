# SPDX-License-Identifier: GPL-3.0-or-later
"""Connections that last: WebSockets and long polls through a whole shift, and the end of the old environment."""

from __future__ import annotations

import asyncio
import time

import aiohttp
import pytest

from switchyard_lab.fixtures import LAB_SPEED
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..pair import Pair, releases

DELAY_SECONDS = 50  # of the lab; a request takes its own time
POLL_SECONDS = 2.0
SOON_SECONDS = 5.0


@pytest.fixture(params=[False, True], ids=["application", "network"])
def pair(request: pytest.FixtureRequest, scene: Scene) -> Pair:
    """A Network Load Balancer is told to end what is open when the delay is over, as an Application one always does."""
    pair = Pair(scene, network=request.param, delay=DELAY_SECONDS)
    if pair.network:
        ends = {"Key": "deregistration_delay.connection_termination.enabled", "Value": "true"}
        scene.elbv2.modify_target_group_attributes(TargetGroupArn=pair.blue, Attributes=[ends])
    return pair


async def says(socket: aiohttp.ClientWebSocketResponse) -> str:
    await socket.send_str("still there?")
    return str((await socket.receive_json(timeout=20))["release"])


async def polls(url: str) -> str:
    async with (
        aiohttp.ClientSession() as session,
        session.get(url, params={"sleep_ms": str(1000 * POLL_SECONDS)}) as answer,
    ):
        assert answer.status == 200
        return str(answer.headers["X-Release"])


async def lives(socket: aiohttp.ClientWebSocketResponse) -> float:
    """For how many seconds it continues answering."""
    started = time.monotonic()
    try:
        while True:
            assert await says(socket) == "shop-blue"
            await asyncio.sleep(0.1)
    except (aiohttp.ClientError, ConnectionError, TypeError):  # TypeError: what came is the end and no answer
        return time.monotonic() - started


def test_they_survive_the_shift_and_end_with_the_deregistration_delay(ask: Ask, pair: Pair) -> None:
    route = pair.listener()
    pair.healthy()
    url = pair.scene.url(route)

    async def scenario() -> None:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            assert await says(socket) == "shop-blue"
            poll = asyncio.create_task(polls(url))
            for green in (10, 50, 100):
                shift = {"routes": [route], "weights": pair.split(100 - green, green)}
                assert (await asyncio.to_thread(ask, "listener_weights", **shift))["changed"]
                assert await says(socket) == "shop-blue"
            assert await asyncio.to_thread(releases, url) == {"shop-green"}

            living = asyncio.create_task(lives(socket))
            leaving = {"target_group": pair.blue, "autoscaling_group": pair.groups[0], "state": "absent"}
            drained = await asyncio.to_thread(ask, "target_registration", **leaving)
            assert drained["changed"], drained
            assert await asyncio.wait_for(living, SOON_SECONDS) >= DELAY_SECONDS / LAB_SPEED
            assert await poll == "shop-blue"

    asyncio.run(scenario())
