# SPDX-License-Identifier: GPL-3.0-or-later
"""Each lab has a piece of loopback of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, IPv4Network

import pytest

from switchyard_lab.address import Net, NetTakenError, claim


@contextmanager
def claimed(octet: int | None = None) -> Iterator[Net]:
    net = claim(octet)
    try:
        yield net
    finally:
        net.release()


def test_nets_of_two_labs_differ() -> None:
    with claimed() as first, claimed() as second:
        assert first.cidr != second.cidr


def test_a_net_is_claimed_once_and_free_again_later() -> None:
    with claimed() as net:
        octet = net.octet
        with pytest.raises(NetTakenError, match=rf"127\.{octet}\.0\.0/16"):
            claim(octet)
    with claimed(octet) as again:
        assert again.cidr == f"127.{octet}.0.0/16"


def test_load_balancers_live_in_a_net_of_their_own() -> None:
    with claimed() as net:
        addresses = [IPv4Address(net.next_load_balancer_address()) for _load_balancer in range(300)]
        assert len(set(addresses)) == 300
        assert str(addresses[0]) == f"127.{net.octet + 100}.0.1"
        assert all(address in IPv4Network(f"127.{net.octet + 100}.0.0/16") for address in addresses)
