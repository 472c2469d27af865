# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling activities: what an Auto Scaling group did, and why a group does not become healthy."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

INSTANCE = re.compile(r"\bi-[0-9a-f]+")
# "Launching a new EC2 instance into warm pool: i-…"; of one that leaves the pool for the group, "from warm pool".
INTO_WARM_POOL = " into warm pool"
# Causes as AWS words them: an instance was taken out of service in response to "an ELB system health check failure",
# "an EC2 instance status checks failure", "an EC2 health check indicating it has been terminated or stopped",
# "a user health-check".
HEALTH = re.compile(r"health[ -]check|status checks? failure", re.IGNORECASE)


@dataclass(frozen=True)
class Obstacle:
    """A reason why launches fail. ``passes``: the next one may do better, as in another Availability Zone."""

    pattern: str
    passes: bool
    advice: str

    def explains(self, message: str) -> bool:
        return bool(re.search(self.pattern, message, re.IGNORECASE))


# "If launch attempts fail in an Availability Zone, Auto Scaling attempts to launch instances in another healthy
# Availability Zone" (user guide, "Auto Scaling group Availability Zone distribution"). What is about a zone or a subnet
# passes then; a quota, what a group launches from, and a missing permission are the same in each. The texts are those
# of "Troubleshoot issues in Amazon EC2 Auto Scaling" in the user guide, and of the error codes of the EC2 API. The
# first that explains a message counts: a message about a quota speaks of capacity, too.
OBSTACLES = (
    Obstacle(
        r"throttl|rate exceeded|request ?limit ?exceeded|server.internalerror|internal error|service ?unavailable",
        passes=True,
        advice="AWS was too busy; run again.",
    ),
    Obstacle(r"quota|limit|max spot", passes=False, advice="Raise that quota or free a part of it, then run again."),
    Obstacle(
        r"capacity|not supported in your requested availability zone",
        passes=True,
        advice="Try again later, or let the group use more zones or instance types.",
    ),
    Obstacle(
        r"free addresses|insufficientfreeaddresses",
        passes=True,
        advice="Free addresses in that subnet, or let the group use more subnets.",
    ),
    Obstacle("", passes=False, advice="Correct what the group launches from, then run again."),
)


@dataclass(frozen=True)
class Activity:
    """One of them. ``message`` is what AWS says when it failed, ``zone`` where an instance was to be launched."""

    id: str
    description: str
    cause: str
    status: str
    message: str | None
    started: datetime
    zone: str = ""

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Activity:
        return cls(
            id=item["ActivityId"],
            description=item.get("Description", ""),
            cause=item["Cause"],
            status=item["StatusCode"],
            message=item.get("StatusMessage"),
            started=item["StartTime"],
            zone=_zone_in(item.get("Details", "")),
        )

    @property
    def instance(self) -> str | None:
        """A launch that failed at once has none."""
        found = INSTANCE.search(self.description)
        return found.group() if found else None

    @property
    def launches(self) -> bool:
        """An instance of the group; one that is launched into its warm pool says nothing of how the group comes up."""
        return self.description.startswith("Launching") and INTO_WARM_POOL not in self.description

    @property
    def loses(self) -> bool:
        """Whether it takes out an instance that did not prove itself.

        That is one that fails its health checks, or one that AWS gave up before it was in service: it was stopped, or
        its lifecycle hook abandoned it.
        """
        if self.launches:
            return self.status == "Cancelled"
        return self.description.startswith("Terminating") and bool(HEALTH.search(self.cause))

    @property
    def reason(self) -> str:
        """Why it failed, in the words of AWS."""
        return (self.message or self.description).rstrip(".")

    @property
    def may_pass(self) -> bool:
        """Whether a launch that failed may do better when AWS tries again."""
        return obstacle(self.reason).passes

    def as_data(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "description": self.description,
            "cause": self.cause,
            "status": self.status,
            "message": self.message,
            "started": self.started.isoformat(),
            "zone": self.zone or None,
        }


def _zone_in(details: str) -> str:
    """Details are JSON, which AWS does not document: {"Subnet ID": …, "Availability Zone": …} of a launch (examples of
    describe-scaling-activities in the AWS CLI reference)."""
    with suppress(ValueError):
        found = json.loads(details)
        return str(found.get("Availability Zone", "")) if isinstance(found, dict) else ""
    return ""


def failed_launches(activities: Iterable[Activity]) -> list[Activity]:
    """Launches that failed and that none which began later did better than, the newest first.

    AWS continues trying, also in another zone, and a quota that was raised meanwhile lets the next launch pass.
    """
    launches = sorted((each for each in activities if each.launches), key=lambda each: each.started, reverse=True)
    better = [each.started for each in launches if each.status != "Failed"]
    return [each for each in launches if each.status == "Failed" and not (better and better[0] > each.started)]


def obstacle(message: str) -> Obstacle:
    return next(each for each in OBSTACLES if each.explains(message))


def advice(message: str) -> str:
    """What to do about a launch that failed."""
    return obstacle(message).advice
