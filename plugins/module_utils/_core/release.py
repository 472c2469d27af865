# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a release of an image brings up in a service as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .group_names import next_group_name
from .service import Service
from .tags import COLOR, SERVICE

CANDIDATE, FIRST, NOTHING = "candidate", "first", "nothing"


@dataclass(frozen=True)
class Release:
    """``source`` is the group to build from, or to make from the ``definition``; None when neither is to be done.

    ``candidate`` is a group that is there already, to go on with or to make place.
    """

    brings_up: str = CANDIDATE
    source: str | None = None
    candidate: str | None = None
    definition: Mapping[str, Any] | None = None

    @property
    def builds(self) -> bool:
        """Whether there will be one group more. A candidate that is there has its room."""
        return self.source is not None and self.candidate is None

    @property
    def sized(self) -> str:
        """Who takes the room, as a sentence begins."""
        return f"The first group {self.source}" if self.definition else f"A group of the size of {self.source}"


def plan_release(service: Service, image_id: str, definition: Mapping[str, Any]) -> Release:
    """``definition`` is that of the first group, empty for none."""
    stable = service.environments[service.stable].group
    candidate = service.environments[service.candidate].group
    if definition and candidate is None and stable is None:
        return Release(FIRST, next_group_name(service.name, service.stable, []), definition=definition)
    if definition and candidate is None and stable and stable.image_id == image_id and not service.declared:
        return Release(FIRST)  # a run made it, and died before it was declared stable
    if stable and stable.image_id == image_id and service.phase != "shifting":
        return Release(NOTHING)
    return Release(CANDIDATE, stable.name if stable else None, candidate.name if candidate else None)


def find_hindrances(service: Service, image_id: str, release: Release) -> list[str]:
    """What stands against it in the service itself."""
    if release.brings_up != CANDIDATE:
        return []
    candidate, found = service.environments[service.candidate], []
    if service.phase == "shifting" and (candidate.group is None or candidate.group.image_id != image_id):
        shifted = candidate.group.release if candidate.group else "something else"
        found.append(
            f"{service.name} is being shifted to {shifted} ({candidate.color} has {candidate.weight} % of the "
            "traffic). Deploy that image again to finish, or run rollback.yml first."
        )
    if release.source is None:
        found.append(
            f"{service.name} has no Auto Scaling group for {service.stable}, its stable environment. Tag the group "
            f"that runs it with {SERVICE}={service.name} and {COLOR}={service.stable}, or, when nothing runs yet, "
            "define the first one in bluegreen_group."
        )
    return found


def nothing_to_do(service: Service) -> str:
    stable = service.environments[service.stable].group
    runs = f"{stable.release} ({stable.image_id})" if stable else "it"
    return (
        f"{service.name} runs {runs} in {service.stable}, its stable environment, already: there is nothing to release."
    )
