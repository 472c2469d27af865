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
        case "DescribeLaunchTemplateVersions" if given.get("ResolveAlias"):
            images = {str(each.data.get("ImageId")) for each in _versions(call)}
            return [call.ask(), *(each for image in sorted(images) for each in parameter(call, image))]
    return [call.ask()]


def _versions(call: ApiCall) -> list[Any]:
    wanted = [str(each) for each in call.parameters.get("Versions", ())]
    found = _template(call)
    named = {str(each.number): each for each in found.versions} if found else {}
    if found:
        named |= {"$Latest": found.latest_version(), "$Default": found.default_version()}
    return [each for number, each in named.items() if number in wanted or not wanted]


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
    found = _template(call)
    identity = found.id if found else call.parameters.get("LaunchTemplateId", "*")
    context = tagged(by_key(found.get_tags()), "ec2") if found else {}
    return call.ask(call.arn("ec2", f"{TEMPLATE}/{identity}"), context)


def _template(call: ApiCall) -> Any:
    known = ec2_backends[call.account][call.region].launch_templates.values()
    wanted = (call.parameters.get("LaunchTemplateId"), call.parameters.get("LaunchTemplateName"))
    return next((each for each in known if each.id in wanted or each.name in wanted), None)
