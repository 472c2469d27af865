# SPDX-License-Identifier: GPL-3.0-or-later
"""For how long a client keeps the address that it was told."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator

import pytest

from switchyard_lab.aws.route53.records import RecordSet, Version
from switchyard_lab.clock import Clock
from switchyard_lab.dns.server import DnsServer
from switchyard_lab.dns.view import View, Zone
from switchyard_lab.load.resolving import Resolver, Resolving

NAME = "www.example.com"


class Names:
    """A name server with one record, that a test may change."""

    def __init__(self) -> None:
        self.view = View()
        self.server = DnsServer(("127.0.0.1", 0), Clock(), lambda: self.view)

    def resolver(self, hold_seconds: float | None = None) -> Resolver:
        return Resolver(Resolving("{}:{}".format(*self.server.address), hold_seconds=hold_seconds))

    def answer(self, value: str, ttl: int) -> None:
        record = RecordSet(f"{NAME}.", "A", ttl=ttl, values=(value,))
        self.view = View((Zone("example.com.", False, (Version(0, (record,)),)),))


@pytest.fixture
def names() -> Iterator[Names]:
    names = Names()
    yield names
    names.server.close()


@pytest.mark.parametrize(
    ("hold", "ttl", "second"),
    [(None, 0, "192.0.2.2"), (None, 60, "192.0.2.1"), (0.0, 60, "192.0.2.2"), (math.inf, 0, "192.0.2.1")],
)
def test_what_a_client_is_told_after_a_change(names: Names, hold: float | None, ttl: int, second: str) -> None:
    async def asked_twice() -> list[str]:
        resolver = names.resolver(hold)
        found = []
        for value in ("192.0.2.1", "192.0.2.2"):
            names.answer(value, ttl)
            found += [each["host"] for each in await resolver.resolve(NAME, 80)]
        return found

    assert asyncio.run(asked_twice()) == ["192.0.2.1", second]


def test_a_name_that_nobody_knows_is_an_error_of_the_connection(names: Names) -> None:
    with pytest.raises(OSError, match=NAME):
        asyncio.run(names.resolver().resolve(NAME, 80))
