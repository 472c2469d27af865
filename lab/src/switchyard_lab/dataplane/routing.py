# SPDX-License-Identifier: GPL-3.0-or-later
"""What an Application Load Balancer makes of a request, whatever protocol it came by: an answer of its own, or a way to
a target."""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from math import ceil
from random import Random

from multidict import MultiMapping

from .actions import FixedResponse, Forward, Redirect, SignIn
from .balancer import choose_group
from .conditions import Request
from .config import GroupConfig, ListenerConfig
from .metrics import Metrics
from .stickiness import APPLICATION_COOKIE, Stickiness
from .targets import Target, TargetGroup
from .versions import is_grpc, mismatch

SERVER = ("Server", "awselb/2.0")


@dataclass(frozen=True)
class Reply:
    """Of the load balancer itself."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""


@dataclass(frozen=True)
class Way:
    """To a target. ``cookies``: by name, the Set-Cookie headers that hold the client to it."""

    listener: ListenerConfig
    group: GroupConfig
    target: Target
    cookies: Mapping[str, str]

    def cookies_beside(self, of_the_target: Iterable[str]) -> list[str]:
        """Application cookies: the load balancer sets its own when the application has set its one."""
        application = self.group.stickiness_cookie
        if not application or any(each.startswith(f"{application}=") for each in of_the_target):
            return [*self.cookies.values()]
        return [value for name, value in self.cookies.items() if name != APPLICATION_COOKIE]


class Routing:
    """Shared by all listeners: the target groups (live: they change under it) and the metrics."""

    def __init__(self, groups: Mapping[str, TargetGroup], metrics: Metrics, speed: float, random: Random) -> None:
        self._groups = groups
        self._metrics = metrics
        self._speed = speed
        self._random = random

    def route(self, request: Request, listener: ListenerConfig, *, http2: bool) -> Reply | Way:
        match listener.action_for(request):
            case Forward() as forward:
                return self._forward(request, listener, forward, http2=http2)
            case Redirect() as redirect:
                return self._redirect(
                    listener, redirect.status, redirect.location(request, listener.scheme, listener.port)
                )
            case SignIn() as sign_in:
                where = sign_in.location(request)
                return self._redirect(listener, 302, where) if where else self.failure(listener, 401)
            case FixedResponse() as fixed:
                self._metrics.fixed_response(listener.load_balancer, fixed.status)
                return Reply(fixed.status, (("Content-Type", fixed.content_type), SERVER), fixed.body.encode())

    def failure(self, listener: ListenerConfig, status: int) -> Reply:
        self._metrics.failed(listener.load_balancer, status)
        title = f"{status} {HTTPStatus(status).phrase}" if status in set(HTTPStatus) else str(status)
        page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>"
        return Reply(status, (("Content-Type", "text/html"), SERVER), page.encode())

    def _redirect(self, listener: ListenerConfig, status: int, where: str) -> Reply:
        self._metrics.redirected(listener.load_balancer, status)
        return Reply(status, (("Location", where), SERVER))

    def _forward(self, request: Request, listener: ListenerConfig, forward: Forward, *, http2: bool) -> Reply | Way:
        stickiness = Stickiness(_cookies(request.headers), time.time(), self._speed)
        arn = stickiness.group(forward) or choose_group(forward.weights, self._random)
        if arn is None:  # all weights are zero
            return self.failure(listener, 503)
        group = self._groups.get(arn)
        if group is None:  # of a function: 502 is the answer when one fails
            return self.failure(listener, 502)
        target = group.choose(stickiness.target(group.config))
        if target is None:
            return self.failure(listener, 503)
        if mismatch(group.config.version, http2=http2, grpc=is_grpc(request.headers), method=request.method):
            return self.failure(listener, 464)
        self._metrics.target_chosen(listener.load_balancer, arn)
        cookies = {
            name: f"{name}={cookie.encode()}; Expires={formatdate(ceil(cookie.until), usegmt=True)}; Path=/"
            for name, cookie in stickiness.renewed(forward, group.config, target.config)
        }
        return Way(listener, group.config, target, cookies)


def _cookies(headers: MultiMapping[str]) -> dict[str, str]:
    """One after another, whatever is in the values of others."""
    pairs = [pair.strip().partition("=") for each in headers.getall("Cookie", []) for pair in each.split(";")]
    return {name: value for name, _equals, value in pairs}
