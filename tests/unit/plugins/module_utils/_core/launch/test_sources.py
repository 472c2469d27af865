# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.sources import (
    LaunchPlan,
    other_images,
    template_of,
    templates_of,
)
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.launch.templates import Revision, TemplateRef

MAIN, ARM = TemplateRef("lt-1", "$Latest"), TemplateRef("lt-2", "4")
MIXED = {
    "AutoScalingGroupName": "web-blue-v001",
    "MixedInstancesPolicy": {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {
                "LaunchTemplateId": "lt-1",
                "LaunchTemplateName": "web",
                "Version": "$Latest",
            },
            "Overrides": [
                {"InstanceType": "c7i.large", "WeightedCapacity": "2"},
                {
                    "InstanceType": "c7g.large",
                    "LaunchTemplateSpecification": {
                        "LaunchTemplateId": "lt-2",
                        "LaunchTemplateName": "web-arm",
                        "Version": "4",
                    },
                },
                {"InstanceType": "c6i.large", "ImageId": "ami-own"},
            ],
        },
        "InstancesDistribution": {"OnDemandBaseCapacity": 0, "SpotMaxPrice": ""},
    },
}
ONE = {
    "AutoScalingGroupName": "web-blue-v001",
    "LaunchTemplate": {"LaunchTemplateId": "lt-1", "LaunchTemplateName": "web", "Version": "$Latest"},
}


def revision(ref: TemplateRef, found: int | None = None) -> Revision:
    return Revision(ref.id, f"name of {ref.id}", 3, {}, found)


@pytest.mark.parametrize(
    ("group", "reference"),
    [
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "3"}}, TemplateRef("lt-1", "3")),
        ({"LaunchTemplate": {"LaunchTemplateId": "lt-1"}}, TemplateRef("lt-1", "$Default")),
        (MIXED, MAIN),
        ({"LaunchConfigurationName": "old"}, None),
    ],
)
def test_a_group_tells_its_template(group: dict[str, Any], reference: TemplateRef | None) -> None:
    assert template_of(group) == reference


def test_a_mixed_group_tells_every_template_once() -> None:
    assert templates_of(MIXED) == [MAIN, ARM]


def test_the_new_image_is_in_every_override_that_has_one() -> None:
    plan = LaunchPlan(MIXED, "ami-new", {MAIN: revision(MAIN, 8), ARM: revision(ARM, 5)}, {MAIN: 7, ARM: 4})
    template = plan.fields()["MixedInstancesPolicy"]["LaunchTemplate"]
    assert template == {
        "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-1", "Version": "8"},
        "Overrides": [
            {"InstanceType": "c7i.large", "WeightedCapacity": "2"},
            {
                "InstanceType": "c7g.large",
                "LaunchTemplateSpecification": {"LaunchTemplateId": "lt-2", "Version": "5"},
            },
            {"InstanceType": "c6i.large", "ImageId": "ami-new"},
        ],
    }
    assert plan.fields()["MixedInstancesPolicy"]["InstancesDistribution"] == {"OnDemandBaseCapacity": 0}


def test_a_mixed_source_is_held_where_it_would_follow_the_new_version() -> None:
    plan = LaunchPlan(MIXED, "ami-new", {MAIN: revision(MAIN), ARM: revision(ARM)}, {MAIN: 7, ARM: 4})
    template = plan.held_fields()["MixedInstancesPolicy"]["LaunchTemplate"]
    assert template["LaunchTemplateSpecification"] == {"LaunchTemplateId": "lt-1", "Version": "7"}
    assert template["Overrides"][1]["LaunchTemplateSpecification"] == {"LaunchTemplateId": "lt-2", "Version": "4"}
    assert template["Overrides"][2]["ImageId"] == "ami-own"
    assert ["web-blue-v001 is set to version 7" in warning for warning in plan.warnings()] == [True]


@pytest.mark.parametrize(
    ("version", "found", "held"),
    [("$Latest", None, True), ("$Default", None, False), ("3", None, False), ("$Latest", 5, False)],
)
def test_only_a_group_that_would_follow_the_new_version_is_held(version: str, found: int | None, held: bool) -> None:
    ref = TemplateRef("lt-1", version)
    plan = LaunchPlan(ONE, "ami-new", {ref: revision(ref, found)}, {ref: 3})
    assert plan.held() == ({ref: 3} if held else {})


@pytest.mark.parametrize(("version", "held"), [("$Latest", True), ("$Default", True), ("3", False)])
def test_a_group_that_is_rolled_itself_gets_a_number_to_return_to(version: str, held: bool) -> None:
    ref = TemplateRef("lt-1", version)
    plan = LaunchPlan(ONE, "ami-new", {ref: revision(ref, 5)}, {ref: 3}, numbered=True)
    assert plan.held() == ({ref: 3} if held else {})
    assert ["set to version 3, so that there is a number to roll back to" in each for each in plan.warnings()] == (
        [True] if held else []
    )


def test_a_launch_configuration_is_replaced_by_its_template() -> None:
    source = {"AutoScalingGroupName": "web-blue-v001", "LaunchConfigurationName": "old"}
    plan = LaunchPlan(source, "ami-new", {None: Revision("lt-9", "bluegreen-web", None, {}, 1)})
    assert plan.fields() == {"LaunchTemplate": {"LaunchTemplateId": "lt-9", "Version": "1"}}


def test_overrides_with_other_images_are_named() -> None:
    (remark,) = other_images(MIXED, {MAIN: "ami-old", ARM: "ami-arm"})
    assert "launch other images (ami-arm, ami-own) than its launch template (ami-old)" in remark
    plain = {**ONE, "AutoScalingGroupName": "web-blue-v001"}
    assert other_images(plain, {MAIN: "ami-old"}) == []
