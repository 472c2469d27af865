# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate that is there has otherwise than the live group, which was changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..base.fields import carried
from ..base.tags import RESERVED, tags_of
from ..launch.configurations import converted
from ..launch.sources import overrides_of
from ..launch.templates import Contents, Data, whole
from .clone import LATER, OWN, Size
from .clone_parts import FollowUp

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it

UNORDERED = {"AvailabilityZones", "LoadBalancerNames"}
OF_A_RELEASE = {"ImageId", "LaunchTemplateSpecification"}  # in overrides
OF_LAUNCH_DATA = {"ImageId", "UserData"}


def drifted(candidate: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What differs, by field: ``before`` in the live group, ``after`` in the candidate, None for nothing."""
    return [
        {"field": field, "candidate": candidate, "before": before.get(field), "after": after.get(field)}
        for field in sorted(before.keys() | after.keys())
        if before.get(field) != after.get(field)
    ]


def launched(group: Group, data: Data, contents: Contents) -> dict[str, Any]:
    """Everything in launch template data, or in a launch configuration, that is not the release's."""
    data_of_group = whole(converted(data) if "LaunchConfigurationName" in group else data, contents)
    return {field: value for field, value in data_of_group.items() if field not in OF_LAUNCH_DATA}


def attached(rest: FollowUp, accepted_of_hooks: Collection[str]) -> dict[str, Any]:
    """What a group has in addition to its fields, each part by its name."""
    hooks = [carried(hook, accepted_of_hooks) for hook in rest.parts.hooks]
    return {
        **{f"LifecycleHook {each['LifecycleHookName']}": each for each in hooks},
        **{f"Notification {each['TopicARN']}": each["NotificationTypes"] for each in rest.notifications},
        **{f"ScalingPolicy {each['PolicyName']}": each for each in rest.policies},
        **{f"ScheduledAction {each['ScheduledActionName']}": each for each in rest.schedules},
        "EnabledMetrics": rest.metrics,
        "SuspendedProcesses": rest.suspended,
        "WarmPool": rest.warm_pool,
    }


def settings(group: Group, accepted: Collection[str]) -> dict[str, Any]:
    """The fields that a clone has of its source; ``accepted`` are those that CreateAutoScalingGroup takes.

    The bounds are those that a pinned group had before, as in its clone. What a group gets only when it is declared
    stable is left out.
    """
    copied = carried(group, set(accepted) - OWN - LATER)
    size = Size.read(group, 0)
    return {
        **{field: sorted(value) if field in UNORDERED else value for field, value in copied.items()},
        "InstancesDistribution": group.get("MixedInstancesPolicy", {}).get("InstancesDistribution"),
        "MaxSize": size.maximum,
        "MinSize": size.minimum,
        "Overrides": [
            {key: value for key, value in each.items() if key not in OF_A_RELEASE} for each in overrides_of(group)
        ],
        "Tags": {key: value for key, value in tags_of(group).items() if not key.startswith(RESERVED)},
        "VPCZoneIdentifier": sorted(group.get("VPCZoneIdentifier", "").replace(" ", "").split(",")),
    }
