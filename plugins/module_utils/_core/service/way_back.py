# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether users can be taken back right now, and what that takes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..base.tags import tags_of
from ..group.marks import HOOK
from ..history.outcome import Version
from ..history.redeploy import redeploy
from ..refresh.history import Rolled
from ..refresh.state import is_mixed
from ..traffic.sessions import describe_sessions
from .environments import Environment, Service

# A rollback is at its first write after 2 s (docs/benchmark.md); load balancers follow within a few seconds.
SECONDS = 5
# Changes reach all name servers within 60 s (Route 53 Developer Guide, "GetChange").
NAME_SERVERS_SECONDS = 60


@dataclass(frozen=True)
class WayBack:
    """``to`` is None where there is no way back. ``in_place``: what its instances are replaced with, where it is the
    only environment. ``reason`` says why there is no other way. ``seconds``: about how long it takes until requests go
    there; None while instances have to come up first. ``loss`` are sentences."""

    reason: str = ""
    to: Environment | None = None
    in_place: Version | None = None
    seconds: int | None = None
    until: datetime | None = None
    loss: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {
            "possible": self.to is not None,
            "in_place": self.in_place is not None,
            "reason": self.reason or None,
            "color": self.to.color if self.to else None,
            **(self.in_place or (self.to.version if self.to else Version())).as_data(),
            "seconds": self.seconds,
            "until": self.until.isoformat() if self.until else None,
            "loss": list(self.loss),
        }


def find_way_back(service: Service) -> WayBack:
    """For a service whose groups and targets were read."""
    stable, other = service.stable_environment, service.candidate_environment
    if service.is_shifting or service.weightless_routes:
        return _return_to(service, stable)
    if service.is_provisioned:
        return WayBack(f"{other.color}, the candidate, has no traffic, so there is nothing to return.")
    if other.group is None:
        instead = redeploy(service.outcomes, stable.version, "")
        return _in_place(stable) or WayBack(f"No previous environment is retained. {instead}")
    if leaving := other.group.marks.leaving:
        if leaving.reason.startswith(HOOK):
            return WayBack(
                f"Hook before_teardown has begun for {other.group.name}, so it may not fit what the hook has changed. "
                "Deploy the previous image, or set bluegreen_override to {reason: why, allow: [leaving]}."
            )
        if not (service.holder and service.holder.alive):  # else it stops for a return
            return WayBack(
                f"The removal of {other.group.name} was interrupted, so its instances may be fewer than before. "
                "Deploy the previous image, or set bluegreen_override to {reason: why, allow: [leaving]}."
            )
    return _return_to(service, other)


def _in_place(stable: Environment) -> WayBack | None:
    """The way back of a group that was rolled, unless it was rolled back since. AWS gives it the new version when
    the refresh has succeeded: until then it launches what it did before, though some of its instances are of the
    new image."""
    group = stable.group
    rolled = Rolled.read(tags_of(group.described)) if group else None
    if not group or not rolled or not rolled.previous_image:
        return None
    if group.image_id == rolled.previous_image and not is_mixed(group.described):
        return None
    previous = Version(rolled.previous_image, rolled.previous_release or rolled.previous_image)
    return WayBack(
        f"No previous environment is retained; rollback.yml returns {group.name} to {previous} in place.",
        to=stable,
        in_place=previous,
        loss=(f"AWS replaces the instances of {group.name} again, a few at a time, which takes minutes.",),
    )


def _return_to(service: Service, to: Environment) -> WayBack:
    if not to.healthy:
        return WayBack(f"No target of {to.name} is healthy. Look at them, or deploy the previous image.")
    expected = to.group.healthy_for(to.group.desired) if to.group else 0
    short = to.healthy < expected
    ttl = service.ttl + NAME_SERVERS_SECONDS if service.in_front else 0
    return WayBack(
        to=to,
        seconds=None if short else SECONDS + ttl,
        until=to.group.retain_until if to.group else None,
        loss=tuple(_loss(service, to, expected if short else 0)),
    )


def _loss(service: Service, to: Environment, lacking: int) -> Iterator[str]:
    if lacking:
        yield f"{to.healthy} of {lacking} targets are healthy: more traffic returns as more of them are."
    if to.group and to.group.marks.leaving:
        yield f"{to.group.name} is being removed: its instances may be fewer soon."
    yield describe_sessions(service.routes)
