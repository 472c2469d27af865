# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a write promises of the reads that follow it. A read that does not show it is older than the write.

Only what later tasks decide by: weights, tags, groups, their bounds and their target groups. What a group and its
targets come to be in time is waited for anyway.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from .groups import is_being_deleted

Request = Mapping[str, Any]
Facts = dict[str, Any]  # JSON by a name

BOUNDS = ("MinSize", "MaxSize")
READS = ("BatchGet", "Describe", "Get", "Head", "List", "Query", "Simulate")

# Errors for names that AWS does not know. Auto Scaling has one code for everything, and says it in the message.
UNKNOWN = {
    "InvalidLaunchTemplateId.NotFound",
    "InvalidLaunchTemplateId.VersionNotFound",
    "InvalidLaunchTemplateName.NotFoundException",
    "ListenerNotFound",
    "LoadBalancerNotFound",
    "RuleNotFound",
    "TargetGroupNotFound",
}
UNKNOWN_BY_MESSAGE = ("not found", "may not be valid", "valid fully-formed launch template")


def is_read(operation: str) -> bool:
    return operation.startswith(READS)


def is_unknown(code: str, message: str) -> bool:
    return code in UNKNOWN or (code == "ValidationError" and any(each in message for each in UNKNOWN_BY_MESSAGE))


def promised(operation: str, asked: Request) -> Facts:
    """What holds from now on; None is what is there no longer."""
    match operation:
        case "ModifyListener":
            return _route(asked["ListenerArn"], asked.get("DefaultActions", []))
        case "ModifyRule":
            return _route(asked["RuleArn"], asked.get("Actions", []))
        case "AddTags":
            return {_tag(arn, tag["Key"]): tag["Value"] for arn in asked["ResourceArns"] for tag in asked["Tags"]}
        case "RemoveTags":
            return {_tag(arn, key): None for arn in asked["ResourceArns"] for key in asked["TagKeys"]}
        case "CreateOrUpdateTags":
            return {_tag(each["ResourceId"], each["Key"]): each.get("Value", "") for each in asked["Tags"]}
        case "DeleteTags":
            return {_tag(each["ResourceId"], each["Key"]): None for each in asked["Tags"] if "ResourceId" in each}
    return _of_group(operation, asked.get("AutoScalingGroupName", ""), asked)


def _of_group(operation: str, name: str, asked: Request) -> Facts:
    bounds = {f"{field} {name}": asked[field] for field in BOUNDS if field in asked}
    match operation:
        case "CreateAutoScalingGroup":
            tags = {_tag(name, each["Key"]): each.get("Value", "") for each in asked.get("Tags", [])}
            return {f"group {name}": True, **bounds, **tags}
        case "UpdateAutoScalingGroup":
            return bounds
        case "DeleteAutoScalingGroup":
            return {f"group {name}": None}
        case "AttachTrafficSources":
            return {f"attached {name} {each['Identifier']}": True for each in asked["TrafficSources"]}
        case "DetachTrafficSources":
            return {f"attached {name} {each['Identifier']}": None for each in asked["TrafficSources"]}
    return {}


def is_older(operation: str, asked: Request, answer: Request, facts: Facts) -> bool:
    """Whether a read's answer does not show what was promised."""
    match operation:
        case "DescribeListeners":
            shown = [_route(each["ListenerArn"], each["DefaultActions"]) for each in answer.get("Listeners", [])]
        case "DescribeRules":
            shown = [_route(each["RuleArn"], each["Actions"]) for each in answer.get("Rules", [])]
        case "DescribeTags":
            described = answer.get("TagDescriptions", [])
            shown = [_tags(each["ResourceArn"], each["Tags"], facts) for each in described if "ResourceArn" in each]
        case "DescribeAutoScalingGroups":
            shown = [_groups(asked, answer, facts)]
        case _:
            return False
    return any(key in facts and facts[key] != value for each in shown for key, value in each.items())


def _groups(asked: Request, answer: Request, facts: Facts) -> Facts:
    """What is shown of the groups that are found, and of those that should be."""
    shown: Facts = {}
    found = {each["AutoScalingGroupName"]: each for each in answer.get("AutoScalingGroups", [])}
    for name, group in found.items():
        attached = {each["Identifier"] for each in group.get("TrafficSources", [])} | {*group["TargetGroupARNs"]}
        shown |= {f"group {name}": None if is_being_deleted(group) else True}
        shown |= {f"{field} {name}": group[field] for field in BOUNDS}
        shown |= {
            key: True if key.rpartition(" ")[2] in attached else None
            for key in facts
            if key.startswith(f"attached {name} ")
        }
        shown |= _tags(name, group.get("Tags", []), facts)
    if "NextToken" not in asked and not answer.get("NextToken"):
        shown |= {f"group {name}": None for name in _meant(asked, facts) if name not in found}
    return shown


def _meant(asked: Request, facts: Facts) -> Iterator[str]:
    """The new groups that are asked for by their names, or by their tags."""
    names = asked.get("AutoScalingGroupNames", [])
    filters = {each["Name"].removeprefix("tag:"): each["Values"] for each in asked.get("Filters", [])}
    for key in facts:
        kind, _space, name = key.partition(" ")
        tagged = all(facts.get(_tag(name, tag)) in values for tag, values in filters.items())
        if kind == "group" and (name in names if names else tagged):
            yield name


def _tags(resource: str, tags: Iterable[Mapping[str, str]], facts: Facts) -> Facts:
    """Those that were promised, also as absent."""
    present = {_tag(resource, each["Key"]): each.get("Value", "") for each in tags}
    return {key: present.get(key) for key in facts if key.startswith(_tag(resource, ""))}


def _tag(resource: str, key: str) -> str:
    return f"tag {resource} {key}"


def _route(arn: str, actions: Sequence[Mapping[str, Any]]) -> Facts:
    """The weights of its forward action, where it has several target groups."""
    for action in actions:
        if groups := action.get("ForwardConfig", {}).get("TargetGroups"):
            return {f"route {arn}": {each["TargetGroupArn"]: int(each.get("Weight", 1)) for each in groups}}
    return {}
