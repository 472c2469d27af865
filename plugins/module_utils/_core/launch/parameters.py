# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A parameter of Systems Manager in place of an image's ID: ``resolve:ssm:NAME``, ``…:VERSION`` or ``…:LABEL``.

It is resolved at each launch ("Use AWS Systems Manager parameters instead of AMI IDs in launch templates" in the user
guide of Amazon EC2 Auto Scaling), so what a group launches says nothing of what its instances run.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

PREFIX = "resolve:ssm:"
GROUP_NAME = "aws:autoscaling:groupName"  # the tag by which AWS marks the instances of a group


def is_parameter(image_id: str | None) -> bool:
    return bool(image_id and image_id.startswith(PREFIX))


def running_images(instances: Iterable[Mapping[str, Any]]) -> dict[str, str | None]:
    """The image that all instances of a group run, by the name of the group; None where they run several.
    ``instances`` are as DescribeInstances returns them."""
    found: dict[str, set[str]] = {}
    for instance in instances:
        tags = {tag["Key"]: tag["Value"] for tag in instance.get("Tags", [])}
        found.setdefault(tags.get(GROUP_NAME, ""), set()).add(instance["ImageId"])
    return {group: next(iter(images)) if len(images) == 1 else None for group, images in found.items()}


def parameter_remark(group: str, launched: str, running: str | None) -> str:
    runs = f"Its instances run {running}" if running else "Which image its instances run is not known"
    return (
        f"{group} launches the image that the parameter {launched.removeprefix(PREFIX)} of Systems Manager contains at "
        f"that time. {runs}, and a scale-out may launch another one, also when the traffic is returned. Set {group} to "
        "a version of its launch template that has the ID of the image."
    )
