# SPDX-License-Identifier: GPL-3.0-or-later
"""The lab's own piece of loopback, so that several labs run side by side on one machine.

Instances live in 127.N.0.0/16 (the VPC: an instance's private address is the address its process
binds, so nothing has to be mapped), load balancers in 127.(N+100).0.0/16.
"""

from __future__ import annotations

import errno
import socket
from ipaddress import IPv4Address
from itertools import count

OCTETS = range(10, 100)
CLAIM_HOST = "127.{}.255.254"
CLAIM_PORT = 5999
RESOLVER_PORT = 5300  # 53 is for root


class NetTakenError(Exception):
    """No loopback net is left, or the one asked for belongs to another lab."""


class Net:
    """A claimed net. The claim is a listening socket: it ends with the lab, however the lab ends."""

    def __init__(self, octet: int, claim: socket.socket) -> None:
        self.octet = octet
        self._claim = claim
        self._load_balancers = count(1)

    @property
    def cidr(self) -> str:
        return f"127.{self.octet}.0.0/16"

    @property
    def resolver(self) -> tuple[str, int]:
        """ "The reserved IP address at the base of the VPC IPv4 network range plus two" (Amazon DNS server)."""
        return f"127.{self.octet}.0.2", RESOLVER_PORT

    def next_load_balancer_address(self) -> str:
        return str(IPv4Address(f"127.{self.octet + 100}.0.0") + next(self._load_balancers))

    def release(self) -> None:
        self._claim.close()


def claim(octet: int | None = None) -> Net:
    """Claim the net with this second octet, or the first free one."""
    for candidate in OCTETS if octet is None else [octet]:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((CLAIM_HOST.format(candidate), CLAIM_PORT))
            listener.listen()
        except OSError as error:
            listener.close()
            if error.errno != errno.EADDRINUSE:
                raise
            continue
        return Net(candidate, listener)
    raise NetTakenError(
        f"another lab holds 127.{octet}.0.0/16" if octet else "every net from 127.10 to 127.99 is taken"
    )
