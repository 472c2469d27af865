# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What guards a live group against its removal. A candidate gets it when it settles; a group that is removed loses it.

A candidate that has it could not be removed when it fails: deletion protection refuses DeleteAutoScalingGroup, and an
instance that is retained stays until it is terminated by hand (user guide, "Configure deletion protection" and
"Control instance retention with instance lifecycle policies").
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it

OFF: Mapping[str, Any] = {
    "DeletionProtection": "none",
    "InstanceLifecyclePolicy": {"RetentionTriggers": {"TerminateHookAbandon": "terminate"}},
}
RETAINED = ":Retained"  # how the lifecycle state of an instance ends that waits for a person


def guards_of(group: Group) -> dict[str, Any]:
    """Those that are on, as fields of UpdateAutoScalingGroup."""
    return {field: group[field] for field, off in OFF.items() if group.get(field) not in (None, {}, off)}


def lacking_guards(group: Group, model: Group) -> dict[str, Any]:
    """What the group needs to be guarded as the other one is."""
    return {field: value for field, value in guards_of(model).items() if group.get(field) != value}


def lifted_guards(group: Group) -> dict[str, Any]:
    return {field: OFF[field] for field in guards_of(group)}


def retained(group: Group) -> list[str]:
    """Ids of the instances whose termination hook was abandoned, and that the group keeps for a person."""
    return [each["InstanceId"] for each in group["Instances"] if each["LifecycleState"].endswith(RETAINED)]


def retained_message(group: Group) -> str:
    """A sentence; empty when there are none."""
    if not (found := retained(group)):
        return ""
    return (
        f"{group['AutoScalingGroupName']} keeps {', '.join(found)} in state Retained, because a termination hook was "
        "abandoned. Save what you need from them, terminate them with aws autoscaling "
        "terminate-instance-in-auto-scaling-group, then run again."
    )
