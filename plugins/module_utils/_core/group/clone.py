# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The candidate's Auto Scaling group: the live one in everything but what the release decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..base.fields import carried, left_behind
from ..base.groups import is_being_deleted
from ..base.tags import COLOR, COPYING, RELEASE, RESERVED, RUN, SERVICE, tags_of
from ..launch.sources import FIELDS as LAUNCH_FIELDS
from ..launch.sources import specification_of, template_of
from ..launch.templates import Data, fingerprint
from ..targets.members import target_groups_of
from . import removal_protection
from .capacity import Bounds, originals_of
from .clone_parts import FollowUp

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it

# What the clone has of its own. A target group is a traffic source too; availability zones are named or given by id,
# not both (CreateAutoScalingGroup in the API reference).
OWN = {
    "AutoScalingGroupName",
    "AvailabilityZoneIds",
    "DesiredCapacity",
    "InstanceId",
    "MaxSize",
    "MinSize",
    "Tags",
    "TargetGroupARNs",
    "TrafficSources",
} | LAUNCH_FIELDS
LATER = set(removal_protection.OFF)  # what it gets when it is declared stable
# What the control plane reports about a group; there is nothing in it to copy.
READ_ONLY = {
    "AutoScalingGroupARN",
    "CreatedTime",
    "Instances",
    "PredictedCapacity",
    "Status",
    "WarmPoolSize",
}
APART = {"EnabledMetrics", "SuspendedProcesses", "WarmPoolConfiguration"}  # settings with a call of their own


@dataclass(frozen=True)
class WantedClone:
    """What the release decides. Without ``name`` the clone gets the next free one.

    ``target_groups`` are names or ARNs; ``twins``: the one that takes the place of one of the source's, by ARN, as far
    as that is given. ``user_data`` is encoded; None keeps the source's.
    """

    service: str
    color: str
    source: str
    image_id: str
    target_groups: Sequence[str]
    name: str | None = None
    release: str = ""
    run: str | None = None
    headroom_percent: int = 0
    user_data: str | None = None
    twins: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return self.release or self.image_id

    def tags(self) -> dict[str, str]:
        acting = {RUN: self.run} if self.run else {}
        return {SERVICE: self.service, COLOR: self.color, RELEASE: self.label, **acting}

    def is_launched_by(self, data: Data) -> bool:
        """Whether launch template data, or a launch configuration, has this image and user data."""
        same = self.user_data is None or fingerprint(self.user_data) == fingerprint(data.get("UserData"))
        return data.get("ImageId") == self.image_id and same


@dataclass(frozen=True)
class Size:
    minimum: int
    maximum: int
    wanted: int  # instances, before the bounds are applied

    @classmethod
    def read(cls, source: Group, headroom_percent: int) -> Size:
        """The source's, as of now; of one that is pinned, the bounds are those that it had before."""
        bounds = originals_of(source) or Bounds(source["MinSize"], source["MaxSize"])
        return cls(bounds.minimum, bounds.maximum, -(-source["DesiredCapacity"] * (100 + headroom_percent) // 100))

    @property
    def desired(self) -> int:
        return max(self.minimum, min(self.wanted, self.maximum))

    def warnings(self, source: Group, *, scales: bool) -> list[str]:
        """``scales``: whether anything but a person changes the group's desired capacity."""
        name, live, found = source["AutoScalingGroupName"], source["DesiredCapacity"], []
        if self.wanted > self.maximum:
            found.append(
                f"The clone of {name} would have {self.wanted} instances; its maximum is {self.maximum}, so it has no "
                "more than that."
            )
        if self.desired > live and self.wanted > live and not scales:
            found.append(
                f"The clone of {name} stays at {self.desired} instances instead of {live}, and each release adds to "
                "that: the group has no scaling policy or scheduled action that scales it in again. Add one, or set "
                "bluegreen_headroom_percent to 0."
            )
        return found


def request(
    source: Group, wanted: WantedClone, target_groups: Sequence[str], rest: FollowUp, launch: Mapping[str, Any]
) -> dict[str, Any]:
    """The CreateAutoScalingGroup request. ``target_groups`` are ARNs; ``launch`` are the fields of the launch plan.

    The hooks are part of the request because they must be there before the first instance is launched. When something
    remains to be done afterwards, a tag says so until it is.
    """
    accepted, size = rest.accepted, Size.read(source, wanted.headroom_percent)
    sources = other_sources(source)
    specified = [carried(hook, accepted["hook"]) for hook in rest.parts.hooks]
    return {
        **carried(source, set(accepted["group"]) - OWN - LATER),
        **({"TrafficSources": sources} if sources else {}),
        **({"LifecycleHookSpecificationList": specified} if specified else {}),
        **_as_validated(source, accepted["group"]),
        **launch,
        "AutoScalingGroupName": rest.repointing.clone,
        "TargetGroupARNs": list(target_groups),
        "MinSize": size.minimum,
        "MaxSize": size.maximum,
        "DesiredCapacity": size.desired,
        "Tags": _tags(source, wanted, complete=not rest),
    }


def came_of(group: Group, asked: Group) -> bool:
    """Whether the group is what this CreateAutoScalingGroup request made: of this run, or at least the same."""
    tags = tags_of(group)
    return (
        not is_being_deleted(group)
        and template_of(group) == template_of(asked)
        and set(target_groups_of(group)) == set(target_groups_of(asked))
        and all(tags.get(key) == value for key, value in tags_of(asked).items())
    )


def group_as_data(group: Group, image_id: str | None, template_name: str | None = None) -> dict[str, Any]:
    """A group that exists, or one that is asked for, as the module returns it."""
    template = specification_of(group)
    return {
        "name": group["AutoScalingGroupName"],
        "image_id": image_id,
        "release": tags_of(group).get(RELEASE),
        "launch_template": {
            "id": template.get("LaunchTemplateId"),
            "name": template.get("LaunchTemplateName", template_name),
            "version": template.get("Version"),
        },
        "desired": group["DesiredCapacity"],
        "minimum": group["MinSize"],
        "maximum": group["MaxSize"],
        "target_group_arns": target_groups_of(group),
    }


def unweighted(source: Group) -> list[str]:
    """Load balancers that send the clone traffic whatever the weights are."""
    return [*source.get("LoadBalancerNames", []), *(each["Identifier"] for each in other_sources(source))]


def other_sources(group: Group) -> list[dict[str, Any]]:
    """Those that no other field of the group shows: an ELB's target groups and names are traffic sources too."""
    known = {*group.get("TargetGroupARNs", []), *group.get("LoadBalancerNames", [])}
    others = [each for each in group.get("TrafficSources", []) if each["Identifier"] not in known]
    return [each for each in others if each.get("Type") not in ("elb", "elbv2")]


def unknown_fields(source: Group, accepted: Collection[str]) -> list[str]:
    return left_behind(source, set(accepted) | OWN | READ_ONLY | APART | LATER)


def _as_validated(source: Group, accepted: Collection[str]) -> dict[str, Any]:
    """A zonal shift without load balancing across zones must be asked for twice; the answer to that is not returned."""
    field, shift = "SkipZonalShiftValidation", source.get("AvailabilityZoneImpairmentPolicy", {})
    return {field: True} if shift.get("ZonalShiftEnabled") and field in accepted else {}


def _tags(source: Group, wanted: WantedClone, *, complete: bool) -> list[dict[str, Any]]:
    """The user's own as they are; ``bluegreen:`` ones are about the source, ``aws:`` ones are AWS's to set."""
    own = [
        {key: tag[key] for key in ("Key", "Value", "PropagateAtLaunch")}
        for tag in source.get("Tags", [])
        if not tag["Key"].startswith(RESERVED)
    ]
    ours = [{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in wanted.tags().items()]
    if not complete:
        ours.append({"Key": COPYING, "Value": source["AutoScalingGroupName"], "PropagateAtLaunch": False})
    return [*own, *ours]
