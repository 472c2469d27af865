# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers the requests of one listener as an ALB does."""

import time
from collections.abc import Mapping
from email.utils import formatdate
from http import HTTPStatus
from math import ceil
from random import Random

from aiohttp import ClientResponse, WSServerHandshakeError, web

from .actions import FixedResponse, Forward, Redirect, SignIn
from .balancer import choose_group
from .conditions import Request
from .config import ListenerConfig
from .metrics import Metrics
from .stickiness import APPLICATION_COOKIE, Stickiness
from .targets import Target, TargetGroup
from .upstream import Upstream, UpstreamError, abort, relay, response_to
from .versions import is_grpc, mismatch
from .websocket import is_upgrade, relay_messages

SERVER = "awselb/2.0"

Cookies = Mapping[str, tuple[str, str]]  # value and end, by name


class Proxy:
    """Shared by all listeners: the target groups (live: they change under it), the connections, the metrics."""

    def __init__(
        self, groups: Mapping[str, TargetGroup], upstream: Upstream, metrics: Metrics, speed: float, random: Random
    ) -> None:
        self._groups = groups
        self._upstream = upstream
        self._metrics = metrics
        self._speed = speed
        self._random = random

    async def answer(self, request: web.BaseRequest, listener: ListenerConfig) -> web.StreamResponse:
        described = _describe(request)
        match listener.action_for(described):
            case Forward() as forward:
                return await self._forward(request, listener, forward)
            case Redirect() as redirect:
                self._metrics.redirected(listener.load_balancer, redirect.status)
                headers = {"Location": redirect.location(described, listener.scheme, listener.port), "Server": SERVER}
                return web.Response(status=redirect.status, headers=headers)
            case SignIn() as sign_in:
                if (where := sign_in.location(described)) is None:
                    return self._fail(listener.load_balancer, 401)
                self._metrics.redirected(listener.load_balancer, 302)
                return web.Response(status=302, headers={"Location": where, "Server": SERVER})
            case FixedResponse() as fixed:
                self._metrics.fixed_response(listener.load_balancer, fixed.status)
                headers = {"Content-Type": fixed.content_type, "Server": SERVER}
                return web.Response(status=fixed.status, body=fixed.body.encode(), headers=headers)

    async def _forward(
        self, request: web.BaseRequest, listener: ListenerConfig, forward: Forward
    ) -> web.StreamResponse:
        load_balancer = listener.load_balancer
        stickiness = Stickiness(request.cookies, time.time(), self._speed)
        arn = stickiness.group(forward) or choose_group(forward.weights, self._random)
        if arn is None:  # all weights are zero
            return self._fail(load_balancer, 503)
        group = self._groups.get(arn)
        if group is None:  # of a function: 502 is the answer when one fails
            return self._fail(load_balancer, 502)
        target = group.choose(stickiness.target(group.config))
        if target is None:
            return self._fail(load_balancer, 503)
        if mismatch(group.config.version, http2=False, grpc=is_grpc(request.headers), method=request.method):
            return self._fail(load_balancer, 464)
        self._metrics.target_chosen(load_balancer, arn)
        cookies = {
            name: (cookie.encode(), formatdate(ceil(cookie.until), usegmt=True))
            for name, cookie in stickiness.renewed(forward, group.config, target.config)
        }
        if is_upgrade(request):
            return await self._upgrade(request, listener, target, group.config.secure, cookies)
        response: web.StreamResponse | None = None
        try:
            async with target.request():
                started = time.perf_counter()
                received = await self._upstream.send(request, target.config, listener, secure=group.config.secure)
                self._metrics.target_answered(load_balancer, arn, received.status, time.perf_counter() - started)
                async with received:
                    response = await response_to(received)
                    _set_cookies(response, _due(cookies, group.config.stickiness_cookie, received))
                    if not isinstance(response, web.Response):
                        await relay(request, response, received)
                    return response
        except UpstreamError as error:
            if not error.connected:
                self._metrics.connection_failed(load_balancer, arn)
            return self._fail(load_balancer, error.status)
        except TimeoutError:  # the deregistration delay is over before the request is
            return self._cut_off(request, response, load_balancer)

    async def _upgrade(
        self, request: web.BaseRequest, listener: ListenerConfig, target: Target, secure: bool, cookies: Cookies
    ) -> web.StreamResponse:
        client: web.WebSocketResponse | None = None
        try:
            async with (
                target.request(),
                await self._upstream.open_websocket(request, target.config, listener, secure=secure) as received,
            ):
                protocols = [received.protocol] if received.protocol else []
                client = web.WebSocketResponse(autoping=False, max_msg_size=0, protocols=protocols)
                _set_cookies(client, cookies)
                await client.prepare(request)
                await relay_messages(client, received, listener.idle_timeout)
                return client
        except WSServerHandshakeError as refusal:  # the target answers, and does not upgrade
            return web.Response(status=refusal.status)
        except UpstreamError as error:
            return self._fail(listener.load_balancer, error.status)
        except TimeoutError:  # idle for too long, or the deregistration delay is over
            return self._cut_off(request, client, listener.load_balancer)

    def _cut_off(
        self, request: web.BaseRequest, response: web.StreamResponse | None, load_balancer: str
    ) -> web.StreamResponse:
        if response is None or not response.prepared:
            return self._fail(load_balancer, 502)
        abort(request)
        return response

    def _fail(self, load_balancer: str, status: int) -> web.Response:
        self._metrics.failed(load_balancer, status)
        title = f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)
        page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
        return web.Response(status=status, text=page, content_type="text/html", headers={"Server": SERVER})


def _set_cookies(response: web.StreamResponse, cookies: Cookies) -> None:
    for name, (value, expires) in cookies.items():
        response.set_cookie(name, value, expires=expires)


def _due(cookies: Cookies, application: str, received: ClientResponse) -> Cookies:
    """Application cookies: the load balancer sets its own when the application has set its one."""
    if not application or application in received.cookies:
        return cookies
    return {name: value for name, value in cookies.items() if name != APPLICATION_COOKIE}


def _describe(request: web.BaseRequest) -> Request:
    path, _question_mark, query = request.raw_path.partition("?")
    return Request(
        method=request.method,
        host=request.host.partition(":")[0].lower(),
        path=path,
        query=query,
        headers=request.headers,
        source_ip=request.remote or "",
    )
