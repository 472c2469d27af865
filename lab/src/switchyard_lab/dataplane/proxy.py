# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers the requests of one listener as an ALB does."""

from collections.abc import Iterable

from aiohttp import ClientResponse, WSServerHandshakeError, web

from .conditions import Request
from .config import ListenerConfig
from .routing import Reply, Routing, Way
from .upstream import Upstream, UpstreamError, onwards, pieces, short_body
from .websocket import is_upgrade, relay_messages


class Proxy:
    """Shared by all listeners."""

    def __init__(self, routing: Routing, upstream: Upstream) -> None:
        self._routing = routing
        self._upstream = upstream

    async def answer(self, request: web.BaseRequest, listener: ListenerConfig) -> web.StreamResponse:
        match self._routing.route(_describe(request), listener, http2=False):
            case Reply() as reply:
                return _response(reply)
            case Way() as way:
                return await (self._upgrade if is_upgrade(request) else self._forward)(request, way)

    async def _forward(self, request: web.BaseRequest, way: Way) -> web.StreamResponse:
        response: web.StreamResponse | None = None
        try:
            async with way.target.request(), await self._upstream.send(request, way) as received:
                response = await _response_to(received)
                _set_cookies(response, way.cookies_beside(received.headers.getall("Set-Cookie", [])))
                if not isinstance(response, web.Response):
                    await _relay(request, response, received)
                return response
        except UpstreamError as error:
            return self._break_off(request, response, way, error.status)
        except TimeoutError:  # the deregistration delay is over before the request is
            return self._break_off(request, response, way, 502)

    async def _upgrade(self, request: web.BaseRequest, way: Way) -> web.StreamResponse:
        client: web.WebSocketResponse | None = None
        try:
            async with way.target.request(), await self._upstream.open_websocket(request, way) as received:
                protocols = [received.protocol] if received.protocol else []
                client = web.WebSocketResponse(autoping=False, max_msg_size=0, protocols=protocols)
                _set_cookies(client, way.cookies.values())
                await client.prepare(request)
                await relay_messages(client, received, way.listener.idle_timeout)
                return client
        except WSServerHandshakeError as refusal:  # the target answers, and does not upgrade
            return web.Response(status=refusal.status)
        except UpstreamError as error:
            return self._break_off(request, client, way, error.status)
        except TimeoutError:  # idle for too long, or the deregistration delay is over
            return self._break_off(request, client, way, 502)

    def _break_off(
        self, request: web.BaseRequest, response: web.StreamResponse | None, way: Way, status: int
    ) -> web.StreamResponse:
        """With this status, if none has gone out yet."""
        if response is None or not response.prepared:
            return _response(self._routing.failure(way.listener, status))
        if request.transport is not None:
            request.transport.abort()
        return response


async def _response_to(received: ClientResponse) -> web.StreamResponse:
    """A short response whole; of a long one the head, for `_relay` to continue with."""
    headers, body = onwards(received), await short_body(received)
    if body is None:
        return web.StreamResponse(status=received.status, reason=received.reason, headers=headers)
    return web.Response(status=received.status, reason=received.reason, headers=headers, body=body)


async def _relay(request: web.BaseRequest, response: web.StreamResponse, received: ClientResponse) -> None:
    await response.prepare(request)
    async for piece in pieces(received):
        await response.write(piece)
    await response.write_eof()


def _response(reply: Reply) -> web.Response:
    return web.Response(status=reply.status, headers=dict(reply.headers), body=reply.body)


def _set_cookies(response: web.StreamResponse, cookies: Iterable[str]) -> None:
    for each in cookies:
        response.headers.add("Set-Cookie", each)


def _describe(request: web.BaseRequest) -> Request:
    return Request.of(request.method, request.host, request.raw_path, request.headers, request.remote or "")
