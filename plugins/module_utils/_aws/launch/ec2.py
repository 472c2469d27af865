# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from ..._core.launch.parameters import GROUP_NAME
from ..base.batches import batches
from ..base.errors import doing

Client = Any
Item = dict[str, Any]

# The codes of a launch template and of a version that were deleted (moto's tests, which are verified against AWS).
TEMPLATE_GONE = "InvalidLaunchTemplateId.NotFound"
VERSION_GONE = "InvalidLaunchTemplateId.VersionNotFound"

IMAGES_PAGE = {"PageSize": 500}
VERSIONS_PAGE = {"PageSize": 200}
VERSIONS_PER_DELETE = 200  # DeleteLaunchTemplateVersions in the API reference
TYPES_PER_CALL = 100  # DescribeInstanceTypes in the API reference


def describe_template_versions(ec2: Client, template_id: str, versions: Collection[str]) -> list[Item]:
    """These versions (numbers, ``$Latest``, ``$Default``). A parameter of Systems Manager stays one: it is resolved at
    each launch, and only who may read it could have it resolved here."""
    with doing(f"reading launch template {template_id}, version {', '.join(sorted(versions))}"):
        return list(
            ec2.describe_launch_template_versions(LaunchTemplateId=template_id, Versions=sorted(versions))[
                "LaunchTemplateVersions"
            ]
        )


def find_template_versions(ec2: Client, template_id: str, image_id: str) -> list[Item]:
    """The versions with this image; a Systems Manager parameter stays one, as its image can change."""
    with doing(f"reading the versions of launch template {template_id} with image {image_id}"):
        return _page_versions(ec2, template_id, Filters=[{"Name": "image-id", "Values": [image_id]}])


def describe_template_history(ec2: Client, template_id: str) -> list[Item]:
    """All the versions."""
    with doing(f"reading the versions of launch template {template_id}"):
        return _page_versions(ec2, template_id)


def _page_versions(ec2: Client, template_id: str, **narrowed: Any) -> list[Item]:
    """None of a template that was deleted."""
    pages = ec2.get_paginator("describe_launch_template_versions").paginate(
        LaunchTemplateId=template_id, PaginationConfig=VERSIONS_PAGE, **narrowed
    )
    try:
        return [version for page in pages for version in page["LaunchTemplateVersions"]]
    except ec2.exceptions.ClientError as error:
        if error.response["Error"]["Code"] == TEMPLATE_GONE:
            return []
        raise


def create_template_version(
    ec2: Client, template_id: str, source_version: int | None, data: Mapping[str, Any], description: str
) -> Item:
    """A version, over another one if given; the default stays. The SDK adds a client token: retries make no second."""
    with doing(f"making a version of launch template {template_id}"):
        return dict(
            ec2.create_launch_template_version(
                LaunchTemplateId=template_id,
                **({"SourceVersion": str(source_version)} if source_version else {}),
                LaunchTemplateData=dict(data),
                VersionDescription=description,
            )
        )


def delete_template_versions(ec2: Client, template_id: str, versions: Sequence[int]) -> list[Item]:
    """The outcome of each: with a ResponseError if it stays."""
    outcomes = []
    with doing(f"deleting versions of launch template {template_id}"):
        for batch in batches([str(version) for version in versions], VERSIONS_PER_DELETE):
            answer = ec2.delete_launch_template_versions(LaunchTemplateId=template_id, Versions=batch)
            outcomes += answer.get("SuccessfullyDeletedLaunchTemplateVersions", [])
            outcomes += answer.get("UnsuccessfullyDeletedLaunchTemplateVersions", [])
    return outcomes


def find_template(ec2: Client, name: str) -> Item | None:
    with doing(f"reading launch template {name}"):
        found = ec2.describe_launch_templates(Filters=[{"Name": "launch-template-name", "Values": [name]}])
    return next(iter(found["LaunchTemplates"]), None)


def create_template(ec2: Client, name: str, data: Mapping[str, Any], description: str, tags: Mapping[str, str]) -> Item:
    """With one version, the first, which is the default."""
    tagged = [{"Key": key, "Value": value} for key, value in tags.items()]
    with doing(f"making launch template {name}"):
        return dict(
            ec2.create_launch_template(
                LaunchTemplateName=name,
                LaunchTemplateData=dict(data),
                VersionDescription=description,
                TagSpecifications=[{"ResourceType": "launch-template", "Tags": tagged}],
            )
        )


def describe_images(ec2: Client, image_ids: Sequence[str]) -> list[Item]:
    """AWS answers an error when one of them does not exist or is not shared with the account."""
    with doing(f"reading image {', '.join(image_ids)}"):
        return list(ec2.describe_images(ImageIds=list(image_ids))["Images"])


def find_images(ec2: Client, owners: Sequence[str], filters: Sequence[Mapping[str, Any]]) -> list[Item]:
    """Without those that others have deprecated, or that are disabled."""
    with doing("looking for images"):
        pages = ec2.get_paginator("describe_images").paginate(
            Owners=list(owners), Filters=list(filters), PaginationConfig=IMAGES_PAGE
        )
        return [image for page in pages for image in page["Images"]]


def describe_allowed_images(ec2: Client) -> str:
    """Whether the account's criteria for images are applied: ``enabled``, ``audit-mode`` or ``disabled``."""
    with doing("reading which images the account allows"):
        return str(ec2.get_allowed_images_settings()["State"])


def describe_instances(ec2: Client, groups: Sequence[str]) -> list[Item]:
    """Those of Auto Scaling groups that run, or are about to."""
    filters = [
        {"Name": f"tag:{GROUP_NAME}", "Values": list(groups)},
        {"Name": "instance-state-name", "Values": ["pending", "running"]},
    ]
    with doing(f"reading the instances of {', '.join(groups)}"):
        pages = ec2.get_paginator("describe_instances").paginate(Filters=filters)
        return [each for page in pages for reservation in page["Reservations"] for each in reservation["Instances"]]


def describe_instance_types(ec2: Client, types: Sequence[str]) -> list[Item]:
    """AWS answers an error when one of them does not exist."""
    found: list[Item] = []
    for batch in batches(types, TYPES_PER_CALL):
        with doing(f"reading instance types {', '.join(batch)}"):
            found += ec2.describe_instance_types(InstanceTypes=batch)["InstanceTypes"]
    return found


def describe_key_pair(ec2: Client, name: str) -> Item:
    """AWS answers an error when it does not exist."""
    with doing(f"reading key pair {name}"):
        return dict(ec2.describe_key_pairs(KeyNames=[name])["KeyPairs"][0])


def describe_security_groups(ec2: Client, group_ids: Sequence[str]) -> list[Item]:
    """AWS answers an error when one of them does not exist."""
    with doing(f"reading security groups {', '.join(group_ids)}"):
        return list(ec2.describe_security_groups(GroupIds=list(group_ids))["SecurityGroups"])


def describe_subnets(ec2: Client, subnets: Sequence[str]) -> list[Item]:
    with doing(f"reading subnets {', '.join(subnets)}"):
        return list(ec2.describe_subnets(SubnetIds=list(subnets))["Subnets"])
