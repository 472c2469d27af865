# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..base.batches import batches
from ..base.errors import doing

Client = Any
Item = dict[str, Any]

INSTANCES_PER_CALL = 50  # DescribeAutoScalingInstances in the API reference
PAGE = {"PageSize": 100}  # the most that DescribeAutoScalingGroups gives; also how many names it takes


def describe_groups(client: Client, *, names: Sequence[str] = (), tags: Mapping[str, str] | None = None) -> list[Item]:
    """Groups with these names and all of these tags; AWS leaves out a name that does not exist."""
    filters = [{"Name": f"tag:{key}", "Values": [value]} for key, value in (tags or {}).items()]
    said = ", ".join([*names, *(f"{key}={value}" for key, value in (tags or {}).items())]) or "all"
    with doing(f"reading Auto Scaling groups ({said})"):
        pages = client.get_paginator("describe_auto_scaling_groups").paginate(
            **({"AutoScalingGroupNames": list(names)} if names else {}),
            **({"Filters": filters} if filters else {}),
            PaginationConfig=PAGE,
        )
        return [group for page in pages for group in page["AutoScalingGroups"]]


def groups_with_tag(client: Client, key: str) -> list[Item]:
    """Whatever its value."""
    with doing(f"reading Auto Scaling groups that have tag {key}"):
        pages = client.get_paginator("describe_auto_scaling_groups").paginate(
            Filters=[{"Name": "tag-key", "Values": [key]}], PaginationConfig=PAGE
        )
        return [group for page in pages for group in page["AutoScalingGroups"]]


def owners_of(client: Client, instances: Sequence[str]) -> dict[str, str]:
    """Group names by instance id; instances of no group are left out."""
    with doing(f"reading the groups of {', '.join(instances)}"):
        return {
            found["InstanceId"]: found["AutoScalingGroupName"]
            for batch in batches(instances, INSTANCES_PER_CALL)
            for found in client.describe_auto_scaling_instances(InstanceIds=batch)["AutoScalingInstances"]
        }


def tag_group(client: Client, name: str, tags: Mapping[str, str]) -> None:
    """Set tags of the group itself, not of its instances."""
    tag_groups(client, {name: tags})


def tag_groups(client: Client, tags: Mapping[str, Mapping[str, str]]) -> None:
    """Set tags of several groups, by name."""
    with doing(f"tagging Auto Scaling group {', '.join(tags)}"):
        client.create_or_update_tags(
            Tags=[{**_tag(name, key), "Value": value} for name, its in tags.items() for key, value in its.items()]
        )


def untag_group(client: Client, name: str, keys: Sequence[str]) -> None:
    with doing(f"removing tags of Auto Scaling group {name}"):
        client.delete_tags(Tags=[_tag(name, key) for key in keys])


def _tag(group: str, key: str) -> Item:
    return {"ResourceId": group, "ResourceType": "auto-scaling-group", "Key": key, "PropagateAtLaunch": False}


# AttachTrafficSources supersedes AttachLoadBalancerTargetGroups, and only DetachTrafficSources detaches whichever way a
# target group was attached (DetachLoadBalancerTargetGroups in the API reference).


def attach_target_group(client: Client, group: str, target_group_arn: str) -> None:
    with doing(f"attaching {target_group_arn} to {group}"):
        client.attach_traffic_sources(AutoScalingGroupName=group, TrafficSources=_source(target_group_arn))


def detach_target_group(client: Client, group: str, target_group_arn: str) -> None:
    with doing(f"detaching {target_group_arn} from {group}"):
        client.detach_traffic_sources(AutoScalingGroupName=group, TrafficSources=_source(target_group_arn))


def _source(target_group_arn: str) -> list[Item]:
    return [{"Identifier": target_group_arn, "Type": "elbv2"}]


def accepted_fields(client: Client) -> dict[str, frozenset[str]]:
    """What this version of the SDK lets requests say about a ``group``, about each of its ``hook``s, and so on."""
    model = client.meta.service_model
    asked = {
        "group": "CreateAutoScalingGroup",
        "policy": "PutScalingPolicy",
        "notification": "PutNotificationConfiguration",
        "warm_pool": "PutWarmPool",
    }
    shapes = {part: model.operation_model(operation).input_shape for part, operation in asked.items()}
    inner = {"hook": "LifecycleHookSpecification", "schedule": "ScheduledUpdateGroupActionRequest"}
    shapes |= {part: model.shape_for(shape) for part, shape in inner.items()}
    return {part: frozenset(shape.members) for part, shape in shapes.items()}


def create_group(client: Client, request: Mapping[str, Any]) -> None:
    with doing(f"creating Auto Scaling group {request['AutoScalingGroupName']}"):
        client.create_auto_scaling_group(**request)


def delete_group(client: Client, name: str, *, force: bool) -> None:
    """Delete the group. With ``force``, with its instances and "without executing termination lifecycle hooks" (user
    guide, "Configure deletion protection"). Without, AWS refuses a group that has instances."""
    with doing(f"deleting Auto Scaling group {name}"):
        client.delete_auto_scaling_group(AutoScalingGroupName=name, **({"ForceDelete": True} if force else {}))


def update_group(client: Client, name: str, fields: Mapping[str, Any]) -> None:
    """New MinSize and MaxSize move the desired capacity only where it would be out of these (API reference)."""
    with doing(f"changing {', '.join(fields)} of {name}"):
        client.update_auto_scaling_group(AutoScalingGroupName=name, **fields)


def describe_launch_configurations(client: Client, names: Sequence[str]) -> list[Item]:
    """At most 50 names; AWS keeps a launch configuration for as long as a group has it."""
    with doing(f"reading launch configuration {', '.join(names)}"):
        return list(client.describe_launch_configurations(LaunchConfigurationNames=list(names))["LaunchConfigurations"])


def describe_account_limits(client: Client) -> Item:
    with doing("reading the limits of Auto Scaling"):
        return dict(client.describe_account_limits())
