# SPDX-License-Identifier: GPL-3.0-or-later
"""Which volumes an instance is launched with.

A block device mapping changes the root volume only under the image's root device name; under any other it adds a volume
("Block device mappings for volumes on Amazon EC2 instances" in the EC2 User Guide).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from moto.ec2.models.amis import Ami

Mappings = Iterable[Mapping[str, Any]]


def of_launch(image: Ami, mappings: Mappings | None) -> list[dict[str, Any]]:
    """As block device mappings: the image's root volume first, and what else is asked for."""
    root = image.block_device_mappings[0]["Ebs"]
    volumes = {image.root_device_name: {**root, "DeleteOnTermination": True}}
    for mapping in mappings or ():
        name = mapping["DeviceName"]
        if "NoDevice" in mapping:
            volumes.pop(name, None)
        elif ebs := mapping.get("Ebs"):
            volumes[name] = {**volumes.get(name, {}), **ebs}
    return [{"DeviceName": name, "Ebs": _typed(ebs)} for name, ebs in volumes.items()]


def _typed(ebs: Mapping[str, Any]) -> dict[str, Any]:
    size = ebs.get("VolumeSize")
    return {**ebs, "VolumeSize": int(size) if size else None}
