# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads images."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.launch import ec2, ssm
from ..._core.base.errors import BluegreenError
from ..._core.launch.image_rule import ImageRule, image_of_parameter
from ..._core.launch.parameters import is_parameter
from ..._core.launch.root_device import stray_root_message
from ..base.run import Run

NO_IMAGE = "InvalidAMIID"  # how the codes of images begin that are gone
NO_PARAMETER = ("ParameterNotFound", "ParameterVersionNotFound")  # of which AWS says nothing more


def read_image(run: Run, image_id: str) -> dict[str, Any]:
    """An image that instances can be launched from.

    Of one that was deregistered a short while ago, is disabled, or is not among the account's allowed images, AWS
    lists nothing at all (DescribeImages in the API reference).
    """
    found = ec2.describe_images(run.client("ec2"), [image_id])
    if not found:
        raise BluegreenError(
            f"There is no image {image_id} in this region, or this account may not use it.{why_hidden(run)}"
        )
    if found[0]["State"] != "available":
        raise BluegreenError(
            f"Image {image_id} is {found[0]['State']}, not available; no instance can be launched from it."
        )
    return found[0]


def read_matches(run: Run, rule: ImageRule) -> list[dict[str, Any]]:
    """The images that a rule may mean."""
    if not rule.ssm:
        found = ec2.find_images(run.client("ec2"), rule.owners, rule.filters)
        if not found and (hidden := why_hidden(run)):
            raise BluegreenError(f"bluegreen_image finds no {rule}.{hidden}")
        return found
    try:
        parameter = ssm.get_parameter(run.client("ssm"), rule.ssm)
    except AwsError as error:
        if error.code in NO_PARAMETER:
            raise BluegreenError(f"There is no parameter {rule.ssm} of Systems Manager in this region.") from error
        raise
    return [read_image(run, image_of_parameter(rule.ssm, parameter))]


def why_hidden(run: Run) -> str:
    """Why AWS may not show an image that is there; asked only when one was not found, so nobody needs to allow it."""
    with suppress(BluegreenError):
        if ec2.describe_allowed_images(run.client("ec2")) == "enabled":
            return " Allowed AMIs is enabled for this account and region, and hides images that miss its criteria."
    return ""


def check_root_device(run: Run, source: Mapping[str, Any], data: Mapping[str, Any], image: Mapping[str, Any]) -> None:
    """``data`` is what the source launches. Its image is read only where it matters."""
    name = source["AutoScalingGroupName"]
    if stray_root_message(name, data, image, None) and (
        stray := stray_root_message(name, data, image, find_image(run, data.get("ImageId")))
    ):
        raise BluegreenError(stray)


def find_image(run: Run, image_id: str | None) -> dict[str, Any] | None:
    """None for one that is gone, or that a parameter decides."""
    if image_id is None or is_parameter(image_id):
        return None
    try:
        return next(iter(ec2.describe_images(run.client("ec2"), [image_id])), None)
    except AwsError as error:
        if error.code.startswith(NO_IMAGE):
            return None
        raise
