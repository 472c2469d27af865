# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.root_device import stray_root_message

XVDA = {"ImageId": "ami-new", "RootDeviceName": "/dev/xvda"}
SDA1 = {"ImageId": "ami-old", "RootDeviceName": "/dev/sda1"}
ODD = {"ImageId": "ami-odd", "RootDeviceName": "/dev/sdb"}


def mapping(name: str, **more: Any) -> dict[str, Any]:
    return {"DeviceName": name, **({"Ebs": {"VolumeSize": 80}} | more)}


@pytest.mark.parametrize(
    ("mapped", "live", "refused"),
    [
        (["/dev/sda1"], SDA1, True),
        (["/dev/sda1"], None, True),
        (["/dev/sda1"], {}, True),
        (["/dev/sda1"], XVDA, False),
        (["/dev/sdb"], ODD, True),
        (["/dev/sdb"], SDA1, False),
        (["/dev/xvda", "/dev/sdf"], SDA1, False),
        ([], SDA1, False),
    ],
)
def test_a_mapping_of_the_root_volume_must_be_of_the_images_root_device(
    mapped: list[str], live: dict[str, Any] | None, refused: bool
) -> None:
    data = {"BlockDeviceMappings": [mapping(each) for each in mapped]}
    assert bool(stray_root_message("web-blue-v001", data, XVDA, live)) is refused


def test_a_device_that_is_left_out_is_no_volume() -> None:
    data = {"BlockDeviceMappings": [{"DeviceName": "/dev/sda1", "NoDevice": ""}]}
    assert stray_root_message("web-blue-v001", data, XVDA, SDA1) == ""
