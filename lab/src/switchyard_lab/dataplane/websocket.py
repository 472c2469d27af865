# SPDX-License-Identifier: GPL-3.0-or-later
"""A WebSocket through a load balancer: it lives on the target that answered its upgrade, whatever the weights become.

"Application Load Balancers provide native support for WebSockets": the connection becomes one when the target answers
101, and no cookie, weight or rule is checked again. It ends with either side, when nothing passes for the idle
timeout, or when the deregistration delay of its target is over.
"""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import ClientWebSocketResponse, WSMessage, WSMsgType, web
from multidict import CIMultiDict

from .idle import ends_idle

CLOSING = (WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR)
# Each leg of the way has a handshake of its own, and its own framing.
OF_THE_HANDSHAKE = ("Sec-WebSocket-Key", "Sec-WebSocket-Version", "Sec-WebSocket-Extensions", "Sec-WebSocket-Protocol")

Side = web.WebSocketResponse | ClientWebSocketResponse


def is_upgrade(request: web.BaseRequest) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


def offered_protocols(request: web.BaseRequest) -> list[str]:
    return [name.strip() for name in request.headers.get("Sec-WebSocket-Protocol", "").split(",") if name.strip()]


def without_handshake(headers: CIMultiDict[str]) -> CIMultiDict[str]:
    for name in OF_THE_HANDSHAKE:
        headers.popall(name, None)
    return headers


async def relay_messages(client: web.WebSocketResponse, target: ClientWebSocketResponse, idle_timeout: float) -> None:
    """Both ways, until one side closes or nothing has passed for the idle timeout (TimeoutError)."""
    async with ends_idle(idle_timeout) as passed, asyncio.TaskGroup() as both:
        both.create_task(_relay(client, target, passed))
        both.create_task(_relay(target, client, passed))


async def _relay(source: Side, destination: Side, passed: Callable[[], None]) -> None:
    while True:
        message = await source.receive()
        if message.type in CLOSING:
            await destination.close(code=source.close_code or 1000)
            return
        passed()
        await _send(destination, message)


async def _send(side: Side, message: WSMessage) -> None:
    send: dict[WSMsgType, Callable[..., Awaitable[None]]] = {
        WSMsgType.TEXT: side.send_str,
        WSMsgType.BINARY: side.send_bytes,
        WSMsgType.PING: side.ping,
        WSMsgType.PONG: side.pong,
    }
    await send[message.type](message.data)
