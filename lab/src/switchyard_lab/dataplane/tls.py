# SPDX-License-Identifier: GPL-3.0-or-later
"""TLS on a port of a load balancer: its certificates, chosen by the name that the client asks for."""

import ssl
from collections.abc import Sequence
from dataclasses import dataclass

from ..authority import KeyPair, names_in, server_context


def _unverified(*protocols: str) -> ssl.SSLContext:
    """ "Application Load Balancers do not validate these certificates", nor do Network Load Balancers: of targets."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if protocols:
        context.set_alpn_protocols(list(protocols))
    return context


UNVERIFIED, UNVERIFIED_HTTP2 = _unverified(), _unverified("h2")


@dataclass(frozen=True)
class Tls:
    """What a listener says of it."""

    certificates: tuple[KeyPair, ...]  # the default certificate first
    policy: str
    protocols: tuple[str, ...]  # for ALPN, in the order of preference; empty: none is negotiated


class Handshakes:
    """Of one port, which stays open while certificates and policy change."""

    def __init__(self, tls: Tls) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.sni_callback = self._choose
        self._load(tls)

    def follow(self, tls: Tls) -> None:
        if tls != self._tls:
            self._load(tls)

    def _load(self, tls: Tls) -> None:
        self._tls = tls
        self._choices = [(names_in(pair.certificate), server_context(pair)) for pair in tls.certificates]
        # TLS 1.3 is in the policies that name it ("Security policies" in the user guides); the lab has none below 1.2.
        lowest = ssl.TLSVersion.TLSv1_3 if "TLS13-1-3" in tls.policy else ssl.TLSVersion.TLSv1_2
        highest = ssl.TLSVersion.TLSv1_3 if "TLS13" in tls.policy else ssl.TLSVersion.TLSv1_2
        self.context.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
        self.context.minimum_version, self.context.maximum_version = lowest, highest
        for _names, context in self._choices:
            if tls.protocols:
                context.set_alpn_protocols(list(tls.protocols))

    def _choose(self, connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        """ "If there is no matching certificate, we select the default certificate" (SSL certificates for your ALB)."""
        if not self._choices:
            return ssl.ALERT_DESCRIPTION_INTERNAL_ERROR
        fitting = [context for names, context in self._choices if name and any(_covers(each, name) for each in names)]
        connection.context = fitting[0] if fitting else self._choices[0][1]
        return None


def _covers(named: str, asked: str) -> bool:
    """``*`` stands for one label."""
    named, asked = named.lower(), asked.lower()
    return asked == named or (named.startswith("*.") and asked.partition(".")[2] == named[2:])


def protocols_of(protocol: str, alpn_policy: Sequence[str]) -> tuple[str, ...]:
    """What a listener negotiates: of an HTTPS listener always, of a TLS listener by its ALPN policy."""
    if protocol == "HTTPS":
        return ("h2", "http/1.1")
    return ALPN_POLICIES[alpn_policy[0]] if alpn_policy else ()


# "ALPN policies" in Listeners for your Network Load Balancers. "None": no ALPN.
ALPN_POLICIES = {
    "HTTP1Only": ("http/1.1", "http/1.0"),
    "HTTP2Only": ("h2",),
    "HTTP2Optional": ("http/1.1", "http/1.0", "h2"),
    "HTTP2Preferred": ("h2", "http/1.1", "http/1.0"),
    "None": (),
}
