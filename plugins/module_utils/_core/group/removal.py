# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Auto Scaling groups may be removed, and how to do it gradually."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..base.errors import BluegreenError
from ..base.tags import SERVICE, tags_of
from .in_use import Surroundings
from .removal_protection import retained_message

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it

IN_SERVICE = "InService"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
MOST_STEPS = 20  # each is an API call, so their number does not grow with the group


@dataclass(frozen=True)
class Announcement:
    """A removal that is announced before it begins, because a person or a hook has to wait for it."""

    name: str
    service: str
    reason: str
    around: Surroundings
    force: bool = False


@dataclass(frozen=True)
class Removal(Announcement):
    """With ``force``, instances end at once and without their termination hooks."""

    wait: bool = True
    wait_timeout: int | None = None
    drain_timeout: int = 0
    spread_seconds: int = 0
    keep_versions: int | None = None

    def check(self) -> None:
        for option, value in (("spread_seconds", self.spread_seconds), ("keep_versions", self.keep_versions or 0)):
            if value < 0:
                raise BluegreenError(f"{option} is {value}; it can't be below 0.")
        if not self.wait and not self.force:
            raise BluegreenError("wait: false goes with force only. Otherwise the group is deleted once it is empty.")


def check_removable(group: Group, service: str, *, force: bool = False) -> None:
    """Only what is known to be this service's is removed, and what a person is to look at only by force."""
    name, owner = group["AutoScalingGroupName"], tags_of(group).get(SERVICE)
    if owner != service:
        found = f"says {owner}" if owner else "is missing"
        raise BluegreenError(f"{name} is not removed: its tag {SERVICE} {found}, so it is not known to be {service}'s.")
    if (kept := retained_message(group)) and not force:
        raise BluegreenError(kept)


def members(group: Group) -> dict[str, str]:
    """Lifecycle states by instance id."""
    return {instance["InstanceId"]: instance["LifecycleState"] for instance in group["Instances"]}


def left_message(group: Group) -> str:
    """As a part of a sentence. Of the instances of a warm pool, AWS returns only their number."""
    left = [f"{instance} ({state})" for instance, state in members(group).items()]
    if warm := group.get("WarmPoolSize"):
        left.append(f"{warm} of its warm pool")
    return ", ".join(left) or "none"


def is_empty(group: Group) -> bool:
    return not group["Instances"] and not group.get("WarmPoolConfiguration")


def protected(group: Group) -> list[str]:
    """The instances that a scale-in would pass over. AWS lets nobody unprotect one that is not in service yet."""
    found = [instance for instance in group["Instances"] if instance["ProtectedFromScaleIn"]]
    return [instance["InstanceId"] for instance in found if instance["LifecycleState"] == IN_SERVICE]


def standing_by(group: Group) -> list[str]:
    """Instances that do not count towards the desired capacity, so that no scale-in takes them."""
    return [each["InstanceId"] for each in group["Instances"] if each["LifecycleState"] == "Standby"]


def hook_seconds(hooks: Iterable[Mapping[str, Any]]) -> int:
    """For how long the termination hooks hold an instance that nobody answers for. They hold it side by side."""
    return max((each["HeartbeatTimeout"] for each in hooks if each["LifecycleTransition"] == TERMINATING), default=0)


def shrinking_sizes(desired: int) -> list[int]:
    """From one below ``desired`` down to none: instance by instance, or in ``MOST_STEPS`` equal steps."""
    steps = min(desired, MOST_STEPS)
    return [desired * (steps - step) // steps for step in range(1, steps + 1)]
