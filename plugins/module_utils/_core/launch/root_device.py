# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The root volume: a block device mapping is about it only under the image's root device name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# "Device names for volumes on Amazon EC2 instances" in the EC2 User Guide: which of them is the root device differs by
# image, and data volumes have other names.
RESERVED = {"/dev/sda1", "/dev/xvda"}

Image = Mapping[str, Any]  # as DescribeImages returns it


def stray_root_message(source: str, data: Mapping[str, Any], image: Image, live: Image | None) -> str:
    """Why the root volume would not be as in ``source``; empty when it would be.

    ``data`` is what the source launches, template data or a launch configuration, and ``live`` its image, None where
    that is not known. A mapping that does not fit the live image either is left to who made it.
    """
    root, live_root = image.get("RootDeviceName"), (live or {}).get("RootDeviceName")
    if not root or root == live_root:
        return ""
    mapped = [each["DeviceName"] for each in data.get("BlockDeviceMappings", []) if "Ebs" in each]
    strays = [name for name in mapped if name != root and name in {live_root, *RESERVED}]
    if not strays:
        return ""
    return (
        f"What {source} launches has a block device mapping for {strays[0]}, and the root device of "
        f"{image['ImageId']} is {root}. Its root volume would get the image's own size and settings, and the mapping "
        f"would become a second volume. Build the image with the root device {strays[0]}, or set {source} to a launch "
        f"template whose mapping is for {root}."
    )
