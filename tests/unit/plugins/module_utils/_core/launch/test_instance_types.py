# SPDX-License-Identifier: GPL-3.0-or-later
"""Which instance types a group names, and whether an image runs on them."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.instance_types import (
    chooses_by_attributes,
    misfits,
    types_of,
)

T3 = {
    "InstanceType": "t3.small",
    "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
    "SupportedVirtualizationTypes": ["hvm"],
    "SupportedBootModes": ["legacy-bios", "uefi"],
}
T4G = {**T3, "InstanceType": "t4g.small", "ProcessorInfo": {"SupportedArchitectures": ["arm64"]}}
T4G["SupportedBootModes"] = ["uefi"]
IMAGE = {"ImageId": "ami-1", "Architecture": "x86_64", "VirtualizationType": "hvm"}


def overridden(*overrides: dict[str, Any]) -> dict[str, Any]:
    return {"MixedInstancesPolicy": {"LaunchTemplate": {"Overrides": list(overrides)}}}


@pytest.mark.parametrize(
    ("group", "types"),
    [
        ({}, ["m5.large"]),
        (overridden({"InstanceType": "t3.small"}, {"InstanceType": "t3.small"}), ["t3.small"]),
        (overridden({"InstanceRequirements": {}}), []),
    ],
)
def test_overrides_take_the_place_of_the_template_s_type(group: dict[str, Any], types: list[str]) -> None:
    assert types_of(group, {"InstanceType": "m5.large"}) == types


def test_a_type_chosen_by_attributes_is_not_named() -> None:
    assert types_of({}, {"InstanceRequirements": {}}) == []
    assert chooses_by_attributes({}, {"InstanceRequirements": {}})
    assert chooses_by_attributes(overridden({"InstanceRequirements": {}}), {"InstanceType": "m5.large"})
    assert not chooses_by_attributes(overridden({"InstanceType": "m5.large"}), {"InstanceRequirements": {}})


@pytest.mark.parametrize("mode", [{}, {"BootMode": "uefi-preferred"}, {"BootMode": "legacy-bios"}])
def test_an_image_runs_where_all_is_supported(mode: dict[str, str]) -> None:
    assert misfits({**IMAGE, **mode}, [T3]) == []


def test_each_type_is_told_with_every_reason() -> None:
    (said,) = misfits({**IMAGE, "BootMode": "legacy-bios"}, [T3, T4G])
    assert "ami-1 does not run on t4g.small" in said
    assert "architecture is x86_64, the type's arm64" in said
    assert "boot mode is legacy-bios, the type's uefi" in said
