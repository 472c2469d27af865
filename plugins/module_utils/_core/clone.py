# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The candidate's Auto Scaling group: the live one in everything but what the release decides."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import BluegreenError
from .tags import COLOR, COPYING, RELEASE, RESERVED, SERVICE, tags_of

Group = Mapping[str, Any]  # as DescribeAutoScalingGroups returns it
Hook = Mapping[str, Any]  # as DescribeLifecycleHooks returns it

# What the clone has of its own. A target group is a traffic source too; availability zones are named or given by id,
# not both (CreateAutoScalingGroup in the API reference).
OWN = {
    "AutoScalingGroupName",
    "AvailabilityZoneIds",
    "DesiredCapacity",
    "InstanceId",
    "LaunchTemplate",
    "Tags",
    "TargetGroupARNs",
    "TrafficSources",
}
# What the control plane tells about a group; there is nothing in it to copy.
TOLD = {
    "AutoScalingGroupARN",
    "CreatedTime",
    "Instances",
    "PredictedCapacity",
    "Status",
    "WarmPoolSize",
}
APART = {"EnabledMetrics", "SuspendedProcesses", "WarmPoolConfiguration"}  # settings with a call of their own
# Without these a group launches nothing, or launches what is never registered, even after they are resumed.
BRING_UP = {"Launch", "AddToLoadBalancer"}


@dataclass(frozen=True)
class Wanted:
    """What the release decides."""

    name: str
    service: str
    color: str
    release: str
    target_groups: Sequence[str]

    def tags(self) -> dict[str, str]:
        return {SERVICE: self.service, COLOR: self.color, RELEASE: self.release}


@dataclass(frozen=True)
class Parts:
    """What a group has beside its fields, as the Describe calls return it."""

    hooks: Sequence[Hook]
    policies: Sequence[Mapping[str, Any]]
    schedules: Sequence[Mapping[str, Any]]
    notifications: Sequence[Mapping[str, Any]]


def check_source(name: str, group: Group | None) -> Group:
    """Refuse what can't be copied, before anything is written."""
    if group is None:
        raise BluegreenError(f"There is no Auto Scaling group {name} to build from.")
    if "Status" in group:
        raise BluegreenError(f"{name} is being deleted; name a group that stays to build from.")
    if not group["DesiredCapacity"]:
        raise BluegreenError(
            f"{name} runs no instances (desired capacity 0), so there is no size to build the clone at. "
            "Scale it to what the service needs, then run again."
        )
    if "LaunchTemplate" not in group:
        kind = "a mixed instances policy" if "MixedInstancesPolicy" in group else "a launch configuration"
        raise BluegreenError(f"{name} launches from {kind}, which can't be copied yet; give it a launch template.")
    return group


def is_of(group: Group, service: str, color: str) -> bool:
    """Whether a group is this environment's, and there to stay."""
    tags = tags_of(group)
    return tags.get(SERVICE) == service and tags.get(COLOR) == color and "Status" not in group


def check_reuse(group: Group, image_id: str | None, service: str, color: str, wanted_image_id: str) -> None:
    """A name that is taken must be that of the very same clone."""
    name, tags = group["AutoScalingGroupName"], tags_of(group)
    if "Status" in group:
        raise BluegreenError(f"{name} is being deleted; wait until it is gone, or leave out the name to get a new one.")
    if not is_of(group, service, color):
        owner = " ".join(tags[key] for key in (SERVICE, COLOR) if key in tags) or "no service"
        raise BluegreenError(f"{name} exists and belongs to {owner}, not to {service} {color}; give another name.")
    if image_id != wanted_image_id:
        raise BluegreenError(
            f"{name} exists with image {image_id}, and a name is never used for another image ({wanted_image_id}). "
            "Leave out the name to get the next one, or remove the group first."
        )


def check_target_groups(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Their ARNs; an Auto Scaling group registers instances, so that is what they must take."""
    for group in found:
        if group.get("TargetType", "instance") != "instance":
            raise BluegreenError(
                f"Target group {group['TargetGroupName']} takes targets of type {group['TargetType']}; "
                "an Auto Scaling group can only be attached to one of type instance."
            )
    return [group["TargetGroupArn"] for group in found]


def request(
    source: Group,
    parts: Parts,
    wanted: Wanted,
    accepted: Mapping[str, Collection[str]],
    template: Mapping[str, Any],
) -> dict[str, Any]:
    """The CreateAutoScalingGroup request.

    ``accepted`` are the fields that Create takes (``group``, ``hook``). Whatever of them Describe returned is carried,
    so a field that AWS adds to both goes along by itself. The hooks are part of the request because they must be there
    before the first instance is launched.
    """
    sources = _other_sources(source)
    hooks = [_carried(hook, accepted["hook"]) for hook in parts.hooks]
    return {
        **_carried(source, set(accepted["group"]) - OWN),
        **({"TrafficSources": sources} if sources else {}),
        **({"LifecycleHookSpecificationList": hooks} if hooks else {}),
        "AutoScalingGroupName": wanted.name,
        "LaunchTemplate": dict(template),
        "TargetGroupARNs": list(wanted.target_groups),
        "DesiredCapacity": source["DesiredCapacity"],
        "Tags": _tags(source, wanted),
    }


def to_suspend(source: Group) -> list[str]:
    """The processes to suspend on the clone once it exists."""
    return sorted(_suspended(source) - BRING_UP)


def warnings(source: Group, parts: Parts, accepted: Collection[str]) -> list[str]:
    """What the clone does not have of the source, each named: never silence."""
    name = source["AutoScalingGroupName"]
    found = []
    if missing := _missing(source, parts, accepted):
        found.append(f"{name} has what is not copied to its clone: {', '.join(missing)}.")
    if idle := sorted(_suspended(source) & BRING_UP):
        found.append(f"Suspended on {name}, but not on its clone, which could not come up: {', '.join(idle)}.")
    if unweighted := [*source.get("LoadBalancerNames", []), *(each["Identifier"] for each in _other_sources(source))]:
        found.append(
            f"The clone of {name} is also attached to {', '.join(unweighted)}, as {name} is: "
            "it gets traffic from there as soon as it is healthy, whatever the weights are."
        )
    return found


def shown(group: Group, image_id: str | None, template_name: str | None = None) -> dict[str, Any]:
    """A group that exists, or one that is asked for, as the module returns it."""
    template = group.get("LaunchTemplate", {})
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
        "target_group_arns": list(group["TargetGroupARNs"]),
    }


def _carried(described: Mapping[str, Any], accepted: Collection[str]) -> dict[str, Any]:
    """Describe tells of what is not set as an empty list or text, which Create does not take."""
    return {key: value for key, value in described.items() if key in accepted and not _is_empty(value)}


def _is_empty(value: Any) -> bool:
    return value is None or value in ([], {}, "")


def _tags(source: Group, wanted: Wanted) -> list[dict[str, Any]]:
    """The user's own as they are; ``bluegreen:`` ones are about the source, ``aws:`` ones are AWS's to set."""
    own = [
        {key: tag[key] for key in ("Key", "Value", "PropagateAtLaunch")}
        for tag in source.get("Tags", [])
        if not tag["Key"].startswith(RESERVED)
    ]
    ours = [{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in wanted.tags().items()]
    if to_suspend(source):
        ours.append({"Key": COPYING, "Value": source["AutoScalingGroupName"], "PropagateAtLaunch": False})
    return [*own, *ours]


def _suspended(group: Group) -> set[str]:
    return {process["ProcessName"] for process in group.get("SuspendedProcesses", [])}


def _other_sources(group: Group) -> list[dict[str, Any]]:
    """Those that no other field of the group tells: an ELB's target groups and names are traffic sources too."""
    return [each for each in group.get("TrafficSources", []) if each.get("Type", "elbv2") not in ("elb", "elbv2")]


def _missing(source: Group, parts: Parts, accepted: Collection[str]) -> list[str]:
    named = {
        "scaling policies": [policy["PolicyName"] for policy in parts.policies],
        "scheduled actions": [action["ScheduledActionName"] for action in parts.schedules],
        "notifications": {notification["TopicARN"] for notification in parts.notifications},
        "metrics collection": [metric["Metric"] for metric in source.get("EnabledMetrics", [])],
    }
    told = [f"{kind} ({', '.join(sorted(names))})" for kind, names in named.items() if names]
    warm_pool = ["warm pool"] if source.get("WarmPoolConfiguration") else []
    unknown = {field for field, value in source.items() if not _is_empty(value)} - set(accepted) - OWN - TOLD - APART
    return [*told, *warm_pool, *sorted(unknown)]
