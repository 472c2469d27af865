# SPDX-License-Identifier: GPL-3.0-or-later
"""The cookies of an ALB: AWSALBTG holds a client to a target group, AWSALB to a target. AWSALBAPP-0 does as AWSALB,
while the client also has the cookie of the application.

On AWS their values are encrypted; here they are encoded, and carry their own end so that it holds for any client.
"""

import base64
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Self

from .actions import Forward
from .config import GroupConfig, TargetConfig

GROUP_COOKIE = "AWSALBTG"
TARGET_COOKIE = "AWSALB"
APPLICATION_COOKIE = "AWSALBAPP-0"


@dataclass(frozen=True)
class Cookie:
    group: str
    until: float  # epoch
    target: TargetConfig | None = None

    def encode(self) -> str:
        return base64.urlsafe_b64encode(json.dumps(asdict(self)).encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Self | None:
        """None for what is foreign."""
        try:
            raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            target = TargetConfig(**raw["target"]) if raw["target"] else None
            return cls(group=raw["group"], until=raw["until"], target=target)
        except (ValueError, TypeError, KeyError):
            return None


class Stickiness:
    """What the cookies of one request ask for, and the cookies of its response."""

    def __init__(self, cookies: Mapping[str, str], now: float, speed: float) -> None:
        self._cookies = cookies
        self._now = now
        self._speed = speed

    def group(self, forward: Forward) -> str | None:
        """A client sticks to its group while the action names that group: at whatever weight, and be it empty."""
        cookie = self._read(GROUP_COOKIE) if forward.stickiness_seconds else None
        return cookie.group if cookie and any(group == cookie.group for group, _weight in forward.weights) else None

    def target(self, group: GroupConfig) -> TargetConfig | None:
        """With application cookies, the request needs both ("Application-based stickiness" in the user guide)."""
        if group.stickiness_cookie and group.stickiness_cookie not in self._cookies:
            return None
        cookie = self._read(_name(group)) if group.stickiness_seconds else None
        return cookie.target if cookie and cookie.group == group.arn else None

    def renewed(self, forward: Forward, group: GroupConfig, target: TargetConfig) -> Iterator[tuple[str, Cookie]]:
        """Every response of a sticky target carries its cookie again; a group's lasts from when the group was chosen
        (https://docs.aws.amazon.com/prescriptive-guidance/latest/load-balancer-stickiness/target-group-stickiness.html)."""
        if forward.stickiness_seconds and self.group(forward) != group.arn:
            yield GROUP_COOKIE, Cookie(group.arn, self._after(forward.stickiness_seconds))
        if group.stickiness_seconds:
            yield _name(group), Cookie(group.arn, self._after(group.stickiness_seconds), target)

    def _read(self, name: str) -> Cookie | None:
        cookie = Cookie.decode(self._cookies[name]) if name in self._cookies else None
        return cookie if cookie and cookie.until > self._now else None

    def _after(self, seconds: float) -> float:
        return self._now + seconds / self._speed


def _name(group: GroupConfig) -> str:
    return APPLICATION_COOKIE if group.stickiness_cookie else TARGET_COOKIE
