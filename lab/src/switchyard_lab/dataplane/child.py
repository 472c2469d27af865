# SPDX-License-Identifier: GPL-3.0-or-later
"""The data plane as a child of the lab: configurations come in as JSON lines, what happened goes out as JSON lines."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import time
from contextlib import suppress
from functools import cache
from random import Random
from typing import TYPE_CHECKING, Any

from .checker import Checker
from .config import Config, parse_config
from .flows import Flows
from .listeners import Listeners
from .metrics import Metrics
from .proxy import Proxy
from .routing import Routing
from .targets import TargetGroup
from .upstream import Upstream

if TYPE_CHECKING:
    from .http2_proxy import Http2Proxy

LINE_LIMIT = 1 << 26
METRICS_SECONDS = 1.0


def main(line: socket.socket, speed: float) -> None:
    asyncio.run(_live(line, speed))


async def _live(line: socket.socket, speed: float) -> None:
    lines, out = await asyncio.open_connection(sock=line, limit=LINE_LIMIT)
    with suppress(ConnectionError):  # the lab was killed
        await DataPlane(speed, Random(1), out).run(lines)  # draws are the same in every run, so that tests are


class DataPlane:
    def __init__(self, speed: float, random: Random, out: asyncio.StreamWriter) -> None:
        self._speed = speed
        self._out = out
        self._groups: dict[str, TargetGroup] = {}
        self._users: dict[str, set[str]] = {}  # target group → load balancers
        self._metrics = Metrics()
        self._upstream = Upstream.open(self._metrics)
        self._checker = Checker(speed)
        routing = Routing(self._groups, self._metrics, speed, random)

        @cache
        def http2() -> Http2Proxy:
            """For the first client that speaks it: few do, and h2 has its price at import."""
            from .http2_proxy import Http2Proxy

            return Http2Proxy(routing, self._upstream, self._metrics)

        self._listeners = Listeners(
            Proxy(routing, self._upstream),
            http2,
            Flows(self._groups, self._metrics, random),
        )

    async def run(self, lines: asyncio.StreamReader) -> None:
        """Until they end."""
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, lambda: None)  # Ctrl-C is for the lab to handle
        self._reporting = asyncio.create_task(self._report_metrics())
        self._say({"op": "ready"})
        while line := await lines.readline():
            config = parse_config(json.loads(line))
            await self._apply(config)
            self._say({"op": "applied", "generation": config.generation})
        await self._close()

    def _say(self, message: dict[str, Any]) -> None:
        self._out.write(json.dumps(message).encode() + b"\n")

    async def _apply(self, config: Config) -> None:
        for arn in self._groups.keys() - config.groups.keys():
            self._groups.pop(arn).close()
        for arn, group in config.groups.items():
            if arn not in self._groups:
                self._groups[arn] = TargetGroup(group, self._speed, self._checker, self._say)
            self._groups[arn].apply(group)
        self._users = config.load_balancers_by_group()
        await self._listeners.apply(config.listeners)

    async def _report_metrics(self) -> None:
        while True:
            await asyncio.sleep(METRICS_SECONDS)
            taken = self._metrics.take()
            gauges = self._host_counts() + self._metrics.active_flows()
            if gauges or any(taken.values()):
                self._say({"op": "metrics", "at": time.time(), **taken, "gauges": gauges})

    def _host_counts(self) -> list[list[Any]]:
        """Reported while the group has registered targets, with or without traffic."""
        return [
            [load_balancer, arn, name, self._groups[arn].count(state)]
            for arn, load_balancers in self._users.items()
            if arn in self._groups and not self._groups[arn].is_empty
            for load_balancer in sorted(load_balancers)
            for name, state in (("HealthyHostCount", "healthy"), ("UnHealthyHostCount", "unhealthy"))
        ]

    async def _close(self) -> None:
        """What is in flight ends first: a request whose session is closed would end with a traceback."""
        await self._listeners.apply({})
        for group in self._groups.values():
            group.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.wait(others)
        await self._checker.close()
        await self._upstream.close()
