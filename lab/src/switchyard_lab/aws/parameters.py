# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of Systems Manager in place of the ID of an image: ``resolve:ssm:NAME``, ``…:VERSION`` or ``…:LABEL``.

They are resolved at each launch, when a group is given the template, and for who describes a version with ResolveAlias
(RequestLaunchTemplateData.ImageId in the EC2 API reference; "Use AWS Systems Manager parameters instead of AMI IDs in
launch templates" in the user guide of Amazon EC2 Auto Scaling). A launch configuration takes none ("Invalid id:
\"resolve:ssm:…\" (expecting \"ami-...\")", github.com/aws/aws-cdk/issues/28090), and neither does a group that chooses
instance types by attributes (github.com/hashicorp/terraform-provider-aws/issues/38767).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ssm.models import ssm_backends

PREFIX = "resolve:ssm:"


def is_parameter(image_id: Any) -> bool:
    return str(image_id).startswith(PREFIX)


def resolved(image_id: str, account: str, region: str) -> str:
    """The image ID that it stands for now. The wording of the error is the lab's own."""
    if not is_parameter(image_id):
        return image_id
    name = image_id.removeprefix(PREFIX)
    try:
        parameter = ssm_backends[account][region].get_parameter(name)
    except Exception as error:
        raise _unresolved(name, str(error)) from error
    value = str(parameter.value) if parameter else ""
    if not re.fullmatch(r"ami-[0-9a-f]+", value):
        raise _unresolved(name, "it holds no image ID" if parameter else "there is no such parameter, version or label")
    return value


def resolve_all(answer: dict[str, Any], resolve: Callable[[str], str]) -> None:
    """What DescribeLaunchTemplateVersions answers with ResolveAlias."""
    answer["LaunchTemplateVersions"] = [
        {**each, "LaunchTemplateData": {**data, "ImageId": resolve(data["ImageId"])}}
        if "ImageId" in (data := each["LaunchTemplateData"])
        else each
        for each in answer["LaunchTemplateVersions"]
    ]


def _unresolved(name: str, why: str) -> EC2ClientError:
    return EC2ClientError("InvalidParameterValue", f"The parameter {name} cannot be resolved to an image ID: {why}")
