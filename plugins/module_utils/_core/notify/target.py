# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where notifications of a service are sent."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ..base.errors import BluegreenError
from ..base.urls import loopback
from .notice import EVENTS

SNS, WEBHOOK, CHAT = "sns", "webhook", "chat"
KINDS = (SNS, WEBHOOK, CHAT)
DELETE = "\x7f"  # the only control character behind the blank
TOPIC = re.compile(r"arn:[a-z-]+:sns:([a-z0-9-]+):\d{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?")


@dataclass(frozen=True)
class Recipient:
    """``address``: the ARN of a topic, or a URL. A URL of a chat is as secret as the key of a webhook."""

    kind: str
    address: str = field(repr=False)
    secret: str = field(default="", repr=False)
    events: Sequence[str] = EVENTS

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Recipient:
        """Errors quote neither URLs nor secrets."""
        kinds = [kind for kind in KINDS if given.get(kind)]
        if len(kinds) != 1:
            raise BluegreenError(f"It needs one of {', '.join(KINDS)}.")
        kind, secret = kinds[0], given.get("secret") or ""
        address = str(given[kind])
        if kind == WEBHOOK and not secret:
            raise BluegreenError("A webhook needs a secret, with which each message is signed.")
        if kind != WEBHOOK and secret:
            raise BluegreenError("Only messages to a webhook are signed. Remove the secret.")
        if kind == SNS and not TOPIC.fullmatch(address):
            raise BluegreenError("sns is not the ARN of an SNS topic.")
        if kind != SNS:
            _check_url(address)
        return cls(kind, address, secret, tuple(given.get("events") or EVENTS))

    @property
    def region(self) -> str:
        """A topic is published to in its own region."""
        return self.address.split(":")[3]


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise BluegreenError("Its URL is not one.") from None
    # What does not leave the machine needs no encryption.
    secure = parts.scheme == "https" or (parts.scheme == "http" and loopback(parts))
    if not host or not secure or parts.username is not None:
        raise BluegreenError("Its URL must begin with https:// and a host, without a user name.")
    # HTTP cannot carry them, and its errors quote the URL.
    if not url.isascii() or any(each <= " " or each == DELETE for each in url):
        raise BluegreenError("Its URL has blanks or other characters that are not ASCII. Encode them, as in %20.")
