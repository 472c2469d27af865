# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance refresh does next to the members of its group, within the bounds of its preferences."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import accumulate

from .group import LabGroup
from .member import LabMember
from .refresh import ROLLING_BACK, Refresh
from .refresh_preferences import WHOLE

Ready = Callable[[LabMember], bool]


@dataclass(frozen=True)
class Standing:
    """A group's members as a refresh sees them; numbers are of units of capacity.

    ``kept`` are those that it is told to ignore, ``blocked`` those that it waits for somebody to free, and ``leaving``
    those that are being terminated for it. ``at_once``: AWS "might replace all InService instances at once" where an
    instance weight is "larger than or equal to the group's desired capacity" (user guide, "How an instance refresh
    works"), so the lab does.
    """

    desired: int
    updated: int
    coming: list[LabMember]
    old: list[LabMember]
    kept: list[LabMember]
    blocked: list[LabMember]
    leaving: list[LabMember]
    at_once: bool = False

    @property
    def total(self) -> int:
        """How much is to be up to date at the end."""
        return max(0, self.desired - units(each for each in self.kept if each.lifecycle_state != "Standby"))

    @property
    def live(self) -> int:
        return self.updated + units([*self.coming, *self.old, *self.kept, *self.blocked])

    @property
    def healthy(self) -> int:
        """Old members are ready as long as they are healthy."""
        return self.updated + units(each for each in (*self.old, *self.kept, *self.blocked) if serves(each))

    def goal(self, percentage: int) -> int:
        return min(self.total, math.ceil(self.desired * percentage / WHOLE))

    @property
    def percentage(self) -> int:
        return min(WHOLE, WHOLE * self.updated // self.total) if self.total else WHOLE

    @property
    def to_update(self) -> int:
        return max(0, self.total - self.updated)

    @property
    def remaining(self) -> int:
        return units([*self.old, *self.blocked])

    def reached(self, percentage: int) -> bool:
        """So much is up to date and in its place: nothing that it has replaced is left next to it."""
        goal = self.goal(percentage)
        return self.updated >= goal and self.remaining <= self.total - goal and not self.leaving


@dataclass(frozen=True)
class Moves:
    launch: int
    terminate: list[LabMember]


def units(members: Iterable[LabMember]) -> int:
    return sum(member.weight for member in members)


def serves(member: LabMember) -> bool:
    return member.lifecycle_state == "InService" and member.health_status == "Healthy"


def survey(group: LabGroup, refresh: Refresh, ready: Ready) -> Standing:
    counted = [each for each in (*group.live, *_in_standby(group)) if each.instance_id in refresh.outdated]
    kept = [each for each in counted if _choice(each, refresh) == "Ignore"]
    blocked = [each for each in counted if _choice(each, refresh) == "Wait"]
    new = [each for each in group.live if each.instance_id not in refresh.outdated]
    ending = [each for each in group.instances if "Terminating" in each.lifecycle_state]
    desired = group.desired_capacity or 0
    return Standing(
        desired=desired,
        updated=units(filter(ready, new)),
        coming=[each for each in new if not ready(each)],
        old=[each for each in counted if each not in kept and each not in blocked],
        kept=[each for each in kept if each.lifecycle_state != "Standby"],
        blocked=blocked,
        leaving=[each for each in ending if each.instance_id in refresh.outdated],
        at_once=any(int(weight) >= desired for weight in group.weights.values()),
    )


def next_moves(standing: Standing, refresh: Refresh) -> Moves:
    """First what may go, then what there is room for; both up to the next checkpoint."""
    if refresh.blind:
        return Moves(0, [])
    minimum, maximum = refresh.preferences.bounds(standing.desired)
    goal = standing.goal(WHOLE if refresh.status == ROLLING_BACK else refresh.checkpoints[0])
    surplus = min(standing.healthy - (0 if standing.at_once else minimum), standing.remaining - (standing.total - goal))
    in_order = sorted(standing.old, key=lambda each: (serves(each), each.instance.launch_time))
    leave = _worth(in_order, surplus)
    left = standing.live - units(leave)
    wanted = max(goal - standing.updated - units(standing.coming), standing.desired - left)
    return Moves(max(0, min(maximum - left, wanted)), leave)


def waits_for(standing: Standing) -> str | None:
    """What keeps it from going on, in AWS's words where they are known."""
    for member in standing.coming:
        if member.lifecycle_state == "InService":
            return (
                f"Waiting for instances to warm up before continuing. For example: {member.instance_id} is warming up."
            )
        return (
            f"Waiting for remaining instances to be available. For example: {member.instance_id} has insufficient data "
            "to evaluate its health with Amazon EC2."
        )
    for member in [] if standing.old else standing.blocked:
        reason = (
            "is in Standby. Return it to service to continue."
            if member.lifecycle_state == "Standby"
            else "is protected. Remove instance scale-in protection to continue."
        )
        return f"Waiting for remaining instances to be available. For example: {member.instance_id} {reason}"
    return None


def _in_standby(group: LabGroup) -> list[LabMember]:
    return [each for each in group.instances if each.lifecycle_state == "Standby"]


def _choice(member: LabMember, refresh: Refresh) -> str:
    """What the preferences say of such a member: of a rollback's, that it is replaced in any case."""
    if refresh.status == ROLLING_BACK:
        return "Refresh"
    if member.lifecycle_state == "Standby":
        return refresh.preferences.standby
    return refresh.preferences.protected if member.protected_from_scale_in else "Refresh"


def _worth(members: list[LabMember], surplus: int) -> list[LabMember]:
    """The first ones whose capacity, all in all, can be spared; what does not serve costs nothing."""
    costs = accumulate(each.weight if serves(each) else 0 for each in members)
    return [each for each, cost in zip(members, costs, strict=True) if cost <= max(0, surplus)]
