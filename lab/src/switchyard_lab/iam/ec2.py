# SPDX-License-Identifier: GPL-3.0-or-later
"""What calls of Amazon EC2 ask ("Actions, resources, and condition keys for Amazon EC2"), where they are about launch
templates. Others need a policy that allows them on every resource."""

from __future__ import annotations

from typing import Any

from moto.ec2.models import ec2_backends

from .call import ApiCall, by_key, requested, tagged
from .launching import parameter
from .policy import Question

TEMPLATE = "launch-template"


def questions(call: ApiCall) -> list[Question]:
    given = call.parameters
    image = given.get("LaunchTemplateData", {}).get("ImageId")
    match call.operation:
        case "CreateLaunchTemplate":
            return [*_create(call), *parameter(call, image)]
        case "CreateLaunchTemplateVersion":
            return [_about(call), *parameter(call, image)]
        case "DeleteLaunchTemplate" | "DeleteLaunchTemplateVersions" | "ModifyLaunchTemplate":
            return [_about(call)]
    return [call.ask()]


def _create(call: ApiCall) -> list[Question]:
    """Tags are given by a permission of its own ("Grant permission to tag Amazon EC2 resources during creation")."""
    given = call.parameters.get("TagSpecifications", ())
    tags = by_key([tag for each in given if each.get("ResourceType") == TEMPLATE for tag in each.get("Tags", ())])
    arn, context = call.arn("ec2", f"{TEMPLATE}/*"), requested(tags)
    asked = [call.ask(arn, context)]
    if tags:
        created = {**context, "ec2:CreateAction": ["CreateLaunchTemplate"]}
        asked.append(call.ask(arn, created, "CreateTags"))
    return asked


def _about(call: ApiCall) -> Question:
    given: Any = call.parameters
    known = ec2_backends[call.account][call.region].launch_templates.values()
    wanted = (given.get("LaunchTemplateId"), given.get("LaunchTemplateName"))
    found = next((each for each in known if each.id in wanted or each.name in wanted), None)
    identity = found.id if found else given.get("LaunchTemplateId", "*")
    context = tagged(by_key(found.get_tags()), "ec2") if found else {}
    return call.ask(call.arn("ec2", f"{TEMPLATE}/{identity}"), context)
