# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads images."""

from __future__ import annotations

from typing import Any

from ..._aws.launch import ec2
from ..._core.base.errors import BluegreenError
from ..base.run import Run


def read_image(run: Run, image_id: str) -> dict[str, Any]:
    """An image that instances can be launched from.

    Of one that was deregistered a short while ago, is disabled, or is not among the account's allowed images, AWS
    tells nothing at all (DescribeImages in the API reference).
    """
    found = ec2.describe_images(run.client("ec2"), [image_id])
    if not found:
        raise BluegreenError(f"There is no image {image_id} in this region, or this account may not use it.")
    if found[0]["State"] != "available":
        raise BluegreenError(
            f"Image {image_id} is {found[0]['State']}, not available; no instance can be launched from it."
        )
    return found[0]
