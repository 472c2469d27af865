# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""EC2: one function, one API call (pages of one listing count as one)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .errors import doing

Client = Any
Item = dict[str, Any]


def describe_template_versions(ec2: Client, template_id: str, versions: Collection[str]) -> list[Item]:
    """These versions (numbers, ``$Latest``, ``$Default``), with a Systems Manager parameter resolved to its image."""
    with doing(f"reading launch template {template_id}, version {', '.join(sorted(versions))}"):
        return list(
            ec2.describe_launch_template_versions(
                LaunchTemplateId=template_id, Versions=sorted(versions), ResolveAlias=True
            )["LaunchTemplateVersions"]
        )


def find_template_versions(ec2: Client, template_id: str, image_id: str) -> list[Item]:
    """The versions with this image; a Systems Manager parameter stays one, as its image can change."""
    with doing(f"reading the versions of launch template {template_id} with image {image_id}"):
        pages = ec2.get_paginator("describe_launch_template_versions").paginate(
            LaunchTemplateId=template_id,
            Filters=[{"Name": "image-id", "Values": [image_id]}],
            PaginationConfig={"PageSize": 200},
        )
        return [version for page in pages for version in page["LaunchTemplateVersions"]]


def create_template_version(
    ec2: Client, template_id: str, source_version: int, data: Mapping[str, Any], description: str
) -> Item:
    """A version over another; the default stays. The SDK adds a client token: its retries make no second one."""
    with doing(f"making a version of launch template {template_id}"):
        return dict(
            ec2.create_launch_template_version(
                LaunchTemplateId=template_id,
                SourceVersion=str(source_version),
                LaunchTemplateData=dict(data),
                VersionDescription=description,
            )
        )


def describe_images(ec2: Client, image_ids: Sequence[str]) -> list[Item]:
    """AWS answers an error when one of them does not exist or is not shared with the account."""
    with doing(f"reading image {', '.join(image_ids)}"):
        return list(ec2.describe_images(ImageIds=list(image_ids))["Images"])
