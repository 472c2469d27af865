# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls of Amazon EC2 Auto Scaling ask: each but those that describe is about a group, and knows its tags.

"Actions, resources, and condition keys for Amazon EC2 Auto Scaling" in the Service Authorization Reference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from moto.autoscaling.models import autoscaling_backends

from .call import ApiCall, by_key, removed, requested, tagged
from .conditions import Context
from .launching import Template, launch
from .policy import Question

PASSED_TO = "autoscaling.amazonaws.com"
DEFAULT_ROLE = "AWSServiceRoleForAutoScaling"


def questions(call: ApiCall) -> list[Question]:
    given = call.parameters
    if call.operation.startswith("Describe"):
        return [call.ask()]
    if call.operation in ("CreateOrUpdateTags", "DeleteTags"):
        return _tags(call)
    if call.operation in ("CreateLaunchConfiguration", "DeleteLaunchConfiguration"):
        name = given["LaunchConfigurationName"]
        return [call.ask(call.arn("autoscaling", f"launchConfiguration:*:launchConfigurationName/{name}"))]
    name = given.get("AutoScalingGroupName") or _group_of(call, given.get("InstanceId", ""))
    return [_about(call, name, _context(call)), *_besides(call, name)]


def _context(call: ApiCall) -> Context:
    """A group that is being made has the tags that it is given, as it has them as soon as it is there: the guide allows
    CreateAutoScalingGroup by ``autoscaling:ResourceTag`` ("Identity-based policy examples")."""
    if call.operation == "DeleteAutoScalingGroup":
        return {"autoscaling:ForceDelete": [str(call.parameters.get("ForceDelete", False)).lower()]}
    if call.operation != "CreateAutoScalingGroup":
        return {}
    tags = by_key(call.parameters.get("Tags"))
    return {**requested(tags), **tagged(tags, "autoscaling")}


def _about(call: ApiCall, name: str, context: Context) -> Question:
    group = _groups(call).get(name)
    arn = group.arn if group else call.arn("autoscaling", f"autoScalingGroup:*:autoScalingGroupName/{name}")
    return call.ask(arn, {**(tagged(by_key(group.tags), "autoscaling") if group else {}), **context})


def _tags(call: ApiCall) -> list[Question]:
    given: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for tag in call.parameters.get("Tags", ()):
        given[tag["ResourceId"]][tag["Key"]] = tag.get("Value", "")
    adds = call.operation == "CreateOrUpdateTags"
    return [_about(call, name, requested(tags) if adds else removed([*tags])) for name, tags in given.items()]


def _besides(call: ApiCall, name: str) -> list[Question]:
    """Dependent actions of CreateAutoScalingGroup and UpdateAutoScalingGroup, and what "Control Amazon EC2 launch
    template usage in Auto Scaling groups" adds for launch templates. A service-linked role with a suffix is passed
    ("Service-linked roles for Amazon EC2 Auto Scaling"), and so is the role with which a hook notifies."""
    given = call.parameters
    roles = [each.get("RoleARN") for each in (given, *given.get("LifecycleHookSpecificationList", ()))]
    if (linked := given.get("ServiceLinkedRoleARN", "")) and not linked.endswith(f"/{DEFAULT_ROLE}"):
        roles.append(linked)
    asked = [call.pass_role(role, PASSED_TO) for role in roles if role]
    desired = given.get("DesiredConfiguration", given)
    group = _groups(call).get(name)
    subnets = given.get("VPCZoneIdentifier") or (group.vpc_zone_identifier if group else "") or ""
    for template in _templates(desired):
        asked += launch(call, template, [each for each in subnets.split(",") if each])
    if call.operation == "CreateAutoScalingGroup" and not linked and not _groups(call):
        asked.append(_service_linked_role(call))
    return asked


def _service_linked_role(call: ApiCall) -> Question:
    """AWS makes it with the first group of an account; the lab takes an account without groups for a fresh one."""
    role = f"arn:aws:iam::{call.account}:role/aws-service-role/{PASSED_TO}/{DEFAULT_ROLE}"
    return Question("iam:CreateServiceLinkedRole", role, {"iam:AWSServiceName": [PASSED_TO]})


def _templates(given: Mapping[str, Any]) -> list[Template]:
    mixed = given.get("MixedInstancesPolicy", {}).get("LaunchTemplate", {})
    named = [given.get("LaunchTemplate"), mixed.get("LaunchTemplateSpecification")]
    named += [each.get("LaunchTemplateSpecification") for each in mixed.get("Overrides", ())]
    return [Template.of(each) for each in named if each]


def _group_of(call: ApiCall, instance: str) -> str:
    for name, group in _groups(call).items():
        if any(each.instance.id == instance for each in group.instance_states):
            return name
    return "*"


def _groups(call: ApiCall) -> Mapping[str, Any]:
    found: Mapping[str, Any] = autoscaling_backends[call.account][call.region].autoscaling_groups
    return found
