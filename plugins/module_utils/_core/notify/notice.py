# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is sent when something has happened to a service, in the form that each kind of target takes."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..base.end_states import HALTED, PAUSED, PROVISIONED, REFUSED, ROLLED_BACK, SUCCEEDED, VERIFIED
from ..base.timestamps import utc

STARTED, WAITING, APPROVED, FROZEN, UNFROZEN = "started", "waiting", "approved", "frozen", "unfrozen"
ENDS = (REFUSED, PROVISIONED, VERIFIED, SUCCEEDED, PAUSED, ROLLED_BACK, HALTED)
EVENTS = (STARTED, WAITING, APPROVED, *ENDS, FROZEN, UNFROZEN)

VERSION = 1  # of the body; it grows when something in it changes its meaning or goes
LONGEST_TEXT = 3000  # characters: Google Chat takes 4096 bytes, others more
LONGEST_SUBJECT = 99  # "less than 100 characters", ASCII (Subject of Publish in the SNS API reference)
# "Up to 128 alphanumeric characters … and punctuation" (MessageGroupId of Publish in the SNS API reference)
GROUP = re.compile("[!-~]{1,128}")
MARKUP = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}  # Slack's control characters ("Formatting text for app surfaces")


@dataclass(frozen=True)
class Notice:
    """``event`` is one of the EVENTS. ``facts`` are what is known of it. ``id`` and ``at``, in seconds since the epoch,
    are those of its sending."""

    event: str
    service: str
    message: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    id: str = ""
    at: float = 0.0

    def as_data(self) -> dict[str, Any]:
        return {
            "version": VERSION,
            "id": self.id,
            "event": self.event,
            "at": utc(int(self.at)).isoformat(),
            "service": self.service,
            "message": self.message,
            **self.facts,
        }

    def body(self) -> str:
        return json.dumps(self.as_data(), ensure_ascii=False)

    @property
    def text(self) -> str:
        """One paragraph for a person."""
        text = f"[{self.event}] {self.message}"
        return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"

    def chat(self) -> str:
        """The text stays text: what a reason quotes mentions nobody and links nowhere."""
        return json.dumps({"text": "".join(MARKUP.get(each, each) for each in self.text)}, ensure_ascii=False)

    @property
    def group(self) -> str:
        """The service, for the order of messages in a FIFO topic; its hash where the name is not one that SNS takes."""
        return self.service if GROUP.fullmatch(self.service) else hashlib.sha256(self.service.encode()).hexdigest()

    def topic(self) -> dict[str, Any]:
        """Arguments of Publish: people get the text, programs the body; subscriptions may filter by the attributes."""
        forms = {"default": self.body(), "email": self.text, "sms": self.text}
        subject = f"{self.service} {self.event}".encode("ascii", "ignore").decode()[:LONGEST_SUBJECT]
        named = {"event": self.event, "service": self.service}
        return {
            "Subject": subject,
            "Message": json.dumps(forms, ensure_ascii=False),
            "MessageStructure": "json",
            "MessageAttributes": {key: {"DataType": "String", "StringValue": its} for key, its in named.items()},
        }


def signature(secret: str, body: str, at: float) -> str:
    """``t=1764245043,v1=5f0c…``: the HMAC-SHA256 of the time, a dot and the body, so that an old one can be refused."""
    moment = str(int(at))
    digest = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
