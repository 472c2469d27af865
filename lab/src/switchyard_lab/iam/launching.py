# SPDX-License-Identifier: GPL-3.0-or-later
"""What a group's launch template asks: whether the caller could launch an instance from it.

"These permissions for actions to be completed when launching instances are checked when the user interacts with an Auto
Scaling group": ec2:RunInstances, ec2:CreateTags for the tags that the template gives, iam:PassRole for its instance
profile, ssm:GetParameters for an image that is a parameter ("Control Amazon EC2 launch template usage in Auto Scaling
groups"). The group's own tags are not among them (terraform-aws-modules/terraform-aws-eks#822). Whatever is not
allowed, the sentence is the same: hashicorp/terraform-provider-aws#12722, ansible-collections/community.aws#831.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from moto.ec2.exceptions import InvalidLaunchTemplateVersionNotFound
from moto.ec2.models import ec2_backends
from moto.iam.models import iam_backends

from .call import ApiCall, by_key, requested, tagged
from .conditions import Context
from .policy import Question

NOT_AUTHORIZED = "You are not authorized to use launch template: {}"
LAUNCHED = ("instance/*", "network-interface/*", "volume/*")
PARAMETER = "resolve:ssm:"


@dataclass(frozen=True)
class Template:
    id: str | None
    name: str | None
    version: str

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> Template:
        return cls(given.get("LaunchTemplateId"), given.get("LaunchTemplateName"), given.get("Version", "$Default"))


def launch(call: ApiCall, template: Template, subnets: Sequence[str]) -> list[Question]:
    """A template or a version that does not exist is refused by the call itself."""
    known = ec2_backends[call.account][call.region].launch_templates.values()
    found = next((each for each in known if template.id == each.id or template.name == each.name), None)
    if found is None:
        return []
    try:
        data = found.get_version(template.version).data
    except InvalidLaunchTemplateVersionNotFound:
        return []
    arn = call.arn("ec2", f"launch-template/{found.id}")
    asked = [
        *_run(call, data, arn, tagged(by_key(found.get_tags()), "ec2"), subnets),
        *_tag(call, data),
        *parameter(call, data.get("ImageId")),
        *_profile(call, data.get("IamInstanceProfile", {})),
    ]
    return [replace(each, otherwise=NOT_AUTHORIZED.format(template.id or template.name)) for each in asked]


def parameter(call: ApiCall, image: str | None) -> list[Question]:
    """``resolve:ssm:NAME``, ``resolve:ssm:NAME:VERSION``, ``resolve:ssm:ARN``."""
    if not (image or "").startswith(PARAMETER):
        return []
    named = str(image).removeprefix(PARAMETER)
    if not named.startswith("arn:"):
        named = call.arn("ssm", f"parameter/{named.partition(':')[0].lstrip('/')}")
    return [Question("ssm:GetParameters", named)]


def _run(
    call: ApiCall, data: Mapping[str, Any], arn: str, template_tags: Context, subnets: Sequence[str]
) -> list[Question]:
    """Each resource that a launch needs is asked for ("Example policies for working with the AWS CLI: Launch
    instances", "Launch templates"). Subnets are the group's, not the template's."""
    context: Context = {"ec2:LaunchTemplate": [arn], "ec2:IsLaunchTemplateResource": ["true"]}
    image = str(data.get("ImageId", ""))
    images = f"arn:aws:ec2:{call.region}::image/{'*' if image.startswith(PARAMETER) else image}"
    groups = data.get("SecurityGroupIds") or data.get("SecurityGroupId") or []
    keys = [f"key-pair/{data['KeyName']}"] if data.get("KeyName") else []
    owned = [*LAUNCHED, *(f"security-group/{each}" for each in groups), *keys]
    asked = [(each, context) for each in (images, *(call.arn("ec2", each) for each in owned))]
    asked += [(arn, {**context, **template_tags})]
    given: Context = {**context, "ec2:IsLaunchTemplateResource": ["false"]}
    asked += [(call.arn("ec2", f"subnet/{each}"), given) for each in subnets]
    return [Question("ec2:RunInstances", resource, each) for resource, each in asked]


def _tag(call: ApiCall, data: Mapping[str, Any]) -> list[Question]:
    given = data.get("TagSpecifications") or data.get("TagSpecification") or []
    return [
        Question(
            "ec2:CreateTags",
            call.arn("ec2", f"{each['ResourceType']}/*"),
            {**requested(by_key(each.get("Tags") or each.get("Tag"))), "ec2:CreateAction": ["RunInstances"]},
        )
        for each in given
    ]


def _profile(call: ApiCall, profile: Mapping[str, str]) -> list[Question]:
    """An instance profile has one role; where the lab knows no such profile, it has the profile's name, as those of the
    console have."""
    name = profile.get("Name") or profile.get("Arn", "").rpartition("/")[2]
    if not name:
        return []
    known = iam_backends[call.account]["aws"].instance_profiles.values()
    roles = [role.arn for each in known if each.name == name for role in each.roles]
    return [call.pass_role(role, "ec2.amazonaws.com") for role in roles or [name]]
