# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that look a name up, some as they should and some as many do."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass

import dns.asyncresolver
import dns.exception
from aiohttp.abc import AbstractResolver, ResolveResult

# "How long the JVM keeps an address that was looked up": networkaddress.cache.ttl, unless a security manager is
# installed; then it is forever (java.security; "Set the JVM TTL for DNS name lookups" of the AWS SDK for Java).
JVM_SECONDS = 30.0


@dataclass(frozen=True)
class Resolving:
    """How the clients of a load look names up.

    Each keeps the address that it was told, as machines of users do: one client alone would send all of its requests to
    one color until its TTL is over. ``hold_seconds`` is for how long, whatever the TTL says: JVM_SECONDS, or math.inf
    for what looks a name up when it starts and never again, as nginx does with the names in its configuration. Without
    it the TTL decides. A connection that is kept open asks nobody, so what is to follow a TTL must not keep any.
    """

    server: str  # address and port
    clients: int = 100
    hold_seconds: float | None = None


class Resolver(AbstractResolver):
    """Of one client."""

    def __init__(self, resolving: Resolving) -> None:
        host, port = resolving.server.split(":")
        self._asked = dns.asyncresolver.Resolver(configure=False)
        self._asked.nameservers, self._asked.port = [host], int(port)
        self._hold = resolving.hold_seconds
        self._kept: dict[str, tuple[float, list[str]]] = {}  # until when, addresses

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        until, addresses = self._kept.get(host, (0.0, []))
        if time.monotonic() >= until:
            until, addresses = self._kept[host] = await self._ask(host)
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)
            for address in addresses
        ]

    async def _ask(self, host: str) -> tuple[float, list[str]]:
        """An OSError is what aiohttp expects of a name that cannot be resolved."""
        try:
            answer = await self._asked.resolve(host, "A")
        except dns.exception.DNSException as error:
            raise OSError(f"{host}: {error}") from error
        hold = answer.chaining_result.minimum_ttl if self._hold is None else self._hold
        return time.monotonic() + hold, [record.address for record in answer]

    async def close(self) -> None:
        """Each question has its own socket."""
