# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What instances a group can launch, and whether an image runs on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .sources import overrides_of

Group = Mapping[str, Any]
InstanceType = Mapping[str, Any]  # as DescribeInstanceTypes returns it


def types_of(group: Group, data: Mapping[str, Any]) -> list[str]:
    """The instance types that a group names: its overrides', or else its launch template's or configuration's.

    Not those that :func:`chooses_by_attributes` is about.
    """
    overridden = [each["InstanceType"] for each in overrides_of(group) if "InstanceType" in each]
    if overridden or overrides_of(group):
        return list(dict.fromkeys(overridden))
    return [data["InstanceType"]] if data.get("InstanceType") else []


def chooses_by_attributes(group: Group, data: Mapping[str, Any]) -> bool:
    """Whether AWS picks (some) instance types itself; overrides count, or without any the launch template."""
    return any("InstanceRequirements" in each for each in overrides_of(group) or [data])


def misfits(image: Mapping[str, Any], types: Sequence[InstanceType]) -> list[str]:
    """A sentence for each instance type that can't run the image, with all the reasons.

    An image without a boot mode boots as its instance type does by default, and one with ``uefi-preferred`` in either
    way (Instance launch behavior with EC2 boot modes in the EC2 User Guide).
    """
    found = []
    for each in types:
        reasons = [
            f"its {name} is {image[key]}, the type's {' or '.join(supported)}"
            for name, key, supported in (
                ("architecture", "Architecture", each["ProcessorInfo"].get("SupportedArchitectures")),
                ("virtualization type", "VirtualizationType", each.get("SupportedVirtualizationTypes")),
                ("boot mode", "BootMode", each.get("SupportedBootModes")),
            )
            if supported and image.get(key) not in (None, "uefi-preferred", *supported)
        ]
        if reasons:
            found.append(f"Image {image['ImageId']} does not run on {each['InstanceType']}: {'; '.join(reasons)}.")
    return found
