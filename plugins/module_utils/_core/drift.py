# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate that is there has otherwise than the live group, which was changed since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from .clone import OWN, Size
from .fields import carried
from .launch_sources import overrides_of
from .tags import RESERVED, tags_of

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it

UNORDERED = {"AvailabilityZones", "LoadBalancerNames"}
OF_A_RELEASE = {"ImageId", "LaunchTemplateSpecification"}  # in overrides


def drifted(source: Group, candidate: Group, accepted: Collection[str]) -> list[dict[str, Any]]:
    """By field, of those that a clone has of its source: ``before`` there, ``after`` here, None for nothing.

    ``accepted`` are the fields that CreateAutoScalingGroup takes.
    """
    before, after = _compared(source, accepted), _compared(candidate, accepted)
    name = candidate["AutoScalingGroupName"]
    return [
        {"field": field, "candidate": name, "before": before.get(field), "after": after.get(field)}
        for field in sorted(before.keys() | after.keys())
        if before.get(field) != after.get(field)
    ]


def _compared(group: Group, accepted: Collection[str]) -> dict[str, Any]:
    """The bounds are those that a pinned group had before, as in its clone."""
    copied = carried(group, set(accepted) - OWN)
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
