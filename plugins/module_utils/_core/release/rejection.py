# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What becomes of a candidate, and of the groups that were prepared for it, after its release has failed or its traffic
has returned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..group.clone import unweighted
from ..service.environments import Environment, Service
from ..service.group import Group

KEEP, REMOVE = "keep", "remove"


@dataclass(frozen=True)
class Cleanup:
    """A group that is to go. One that may have ``served`` somebody is drained. The name of the ``first`` group is that
    of the next attempt as well, so its end is awaited; and it is where the traffic is, so no guard protects it."""

    group: str
    color: str
    target_groups: Sequence[str]
    served: bool = False
    first: bool = False

    def as_data(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "color": self.color,
            "target_groups": list(self.target_groups),
            "served": self.served,
            "first": self.first,
        }


@dataclass(frozen=True)
class Rejection:
    """``asking`` and ``pinned``: groups that ask for an approval that nobody needs any more, and that are to scale by
    themselves again. ``marked``: the candidate that nobody may move traffic to again. ``removal``: what is to go."""

    asking: Sequence[str] = ()
    pinned: Sequence[Environment] = ()
    marked: Group | None = None
    removal: Cleanup | None = None


@dataclass(frozen=True)
class FailedCandidate:
    """What has failed. ``run``: the run that acted, None for a person. ``stage``: the stage of its plan, if that waited
    for instances in vain. ``policy``: what a person wants to become of a failed candidate."""

    reason: str = ""
    run: str | None = None
    stage: Mapping[str, Any] | None = None
    policy: str = KEEP


def reject(service: Service, failed: FailedCandidate) -> Rejection:
    """What another run acts on is left to it. What is retained stays as large as it is, for a return to it; stable
    needs no pin, also where a run that died while it settled has left the tag of a retained group on it."""
    candidate = service.candidate_environment
    group = candidate.group
    owner = group.marks.run if group else None
    ours = failed.run is None or owner == failed.run
    removal = _removal(service, candidate, failed) if ours or not group else None
    environments = list(service.environments.values()) if ours or not owner or service.is_settled else []
    marks = ours and group and group.retain_until is None and failed.reason and not (removal and not removal.served)
    return Rejection(
        asking=[each.group.name for each in environments if each.group and each.group.approval],
        pinned=[each for each in environments if each.group and each.group.pinned and _free(each, service)],
        marked=group if marks else None,
        removal=removal,
    )


def _free(environment: Environment, service: Service) -> bool:
    stable = environment.color == service.stable
    return stable or (environment.group is not None and environment.group.retain_until is None)


def _removal(service: Service, candidate: Environment, failed: FailedCandidate) -> Cleanup | None:
    """What this run built and waited for in vain has served nobody, unless a load balancer without weights leads to it:
    that sends requests to each instance as soon as it is healthy."""
    stage = failed.stage or {}
    if failed.policy == KEEP:
        return None
    if stage.get("make"):
        stable = service.stable_environment
        return Cleanup(str(stage["group"]), stable.color, stable.target_groups, first=True)
    if candidate.group is None:
        return None
    removal = Cleanup(candidate.group.name, candidate.color, candidate.target_groups)
    if stage.get("builds"):
        return replace(removal, served=bool(unweighted(candidate.group.described)))
    if failed.policy == REMOVE and service.is_provisioned:
        return replace(removal, served=True)
    return None
