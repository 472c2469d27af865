# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which Auto Scaling groups may be removed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import BluegreenError
from .tags import SERVICE, tags_of

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it


def check_removable(group: Group, service: str) -> None:
    """Only what is known to be this service's is removed, and what nobody protects."""
    name, owner = group["AutoScalingGroupName"], tags_of(group).get(SERVICE)
    if owner != service:
        found = f"says {owner}" if owner else "is missing"
        raise BluegreenError(f"{name} is not removed: its tag {SERVICE} {found}, so it is not known to be {service}'s.")
    if (protection := group.get("DeletionProtection", "none")) != "none":
        raise BluegreenError(f"{name} is not removed: its deletion protection is {protection}. Turn it off first.")


def members(group: Group) -> dict[str, str]:
    """Lifecycle states by instance id."""
    return {instance["InstanceId"]: instance["LifecycleState"] for instance in group["Instances"]}
