# SPDX-License-Identifier: GPL-3.0-or-later
"""Network Load Balancers: each connection goes to one target, byte by byte, until it ends.

The target group is chosen for each connection, by weight. With group stickiness it is the one that the client's address
went to before; of an NLB it has no duration (TargetGroupStickinessConfig in the API reference).
"""

import asyncio
import socket
import struct
from collections.abc import Mapping
from random import Random

from .actions import Forward
from .balancer import choose_group
from .config import ListenerConfig, TargetConfig
from .metrics import Metrics
from .targets import Target, TargetGroup
from .tls import UNVERIFIED

CHUNK_BYTES = 1 << 16
CONNECT_SECONDS = 10.0
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # struct linger: closing sends a reset

Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Flows:
    """Shared by all listeners: the target groups (live: they change under it) and the metrics."""

    def __init__(self, groups: Mapping[str, TargetGroup], metrics: Metrics, random: Random) -> None:
        self._groups = groups
        self._metrics = metrics
        self._random = random
        self._targets: dict[tuple[str, str], TargetConfig] = {}  # by group and client, where those stick together

    async def carry(self, client: Stream, listener: ListenerConfig, sticky: dict[str, str]) -> None:
        """``sticky``: the listener's target groups by the client's address."""
        source, _port = client[1].get_extra_info("peername") or ("", 0)  # nobody, when it has gone already
        group = self._choose(source, listener, sticky)
        target = self._target(group, source) if group else None
        if group is None or target is None:
            self._reset(client[1], listener)
            return
        with self._metrics.flow(listener.load_balancer, listener.protocol):
            try:
                async with target.request():
                    await _join(client, await _connect(target, secure=group.config.secure))
            except (OSError, TimeoutError):  # the target is not there, or the flow's time is over
                self._reset(client[1], listener)

    def _choose(self, source: str, listener: ListenerConfig, sticky: dict[str, str]) -> TargetGroup | None:
        """A Network Load Balancer's listener in IPv4 has its default rule alone, and that forwards."""
        forward = listener.rules[-1].action
        assert isinstance(forward, Forward)
        named = dict(forward.weights)
        if not forward.stickiness_seconds or sticky.get(source) not in named:
            chosen = choose_group(forward.weights, self._random)
            if chosen is None:
                return None
            sticky[source] = chosen
        return self._groups.get(sticky[source])

    def _target(self, group: TargetGroup, source: str) -> Target | None:
        key = group.config.arn, source
        target = group.choose(self._targets.get(key) if group.config.sticks_to_source else None)
        if target:
            self._targets[key] = target.config
        return target

    def _reset(self, writer: asyncio.StreamWriter, listener: ListenerConfig) -> None:
        self._metrics.flow_reset(listener.load_balancer)
        reset(writer)


def reset(writer: asyncio.StreamWriter) -> None:
    if not writer.is_closing():
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
    writer.transport.abort()


async def _connect(target: Target, *, secure: bool) -> Stream:
    opening = asyncio.open_connection(target.config.host, target.config.port, ssl=UNVERIFIED if secure else None)
    return await asyncio.wait_for(opening, CONNECT_SECONDS)


async def _join(client: Stream, target: Stream) -> None:
    """Until both sides have said all, or one of them breaks off."""
    try:
        async with asyncio.TaskGroup() as both:
            both.create_task(_pass(client[0], target[1]))
            both.create_task(_pass(target[0], client[1]))
    except ExceptionGroup as broken:
        raise ConnectionError("one side broke off") from broken
    finally:
        target[1].transport.abort()
    client[1].close()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(CHUNK_BYTES):
        writer.write(chunk)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
    else:  # TLS has no half-closed connections
        writer.close()
