# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling activities: what an Auto Scaling group did, and what it tells of a group that does not come up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
ADVICE = (
    (re.compile(r"quota|limit|max spot", re.IGNORECASE), "Raise that quota or free a part of it, then run again."),
    (re.compile(r"capacity", re.IGNORECASE), "Try again later, or let the group use more zones or instance types."),
    (re.compile(""), "Correct what the group launches from, then run again."),
)


@dataclass(frozen=True)
class Activity:
    """One of them. ``message`` is what AWS says when it failed."""

    id: str
    description: str
    cause: str
    status: str
    message: str | None
    started: datetime

    @classmethod
    def read(cls, item: Mapping[str, Any]) -> Activity:
        return cls(
            id=item["ActivityId"],
            description=item.get("Description", ""),
            cause=item["Cause"],
            status=item["StatusCode"],
            message=item.get("StatusMessage"),
            started=item["StartTime"],
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

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "description": self.description,
            "cause": self.cause,
            "status": self.status,
            "message": self.message,
            "started": self.started.isoformat(),
        }


def failed_launch(activities: Iterable[Activity]) -> Activity | None:
    """The newest launch that failed, unless one that began later did better.

    AWS goes on trying, also in another zone, and a quota that was raised meanwhile lets the next launch pass.
    """
    launches = [each for each in activities if each.launches]
    failed = max((each for each in launches if each.status == "Failed"), key=lambda each: each.started, default=None)
    better = failed and any(each.started > failed.started and each.status != "Failed" for each in launches)
    return None if better else failed


def advice(message: str) -> str:
    """What to do about a launch that failed."""
    return next(sentence for pattern, sentence in ADVICE if pattern.search(message))
