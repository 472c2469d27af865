# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate's group launches, and how many, whatever the live one launches from."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..conftest import Made
from ..demo import Demo, launched_data

SECRET = "password=hunter2 release=1.1.0"


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


@pytest.mark.parametrize(
    ("tags", "headroom", "size", "warned"),
    [
        ({}, 0, (0, 10, 2), False),
        ({}, 25, (0, 10, 3), False),
        ({}, 900, (0, 10, 10), True),
        ({"bluegreen:pinned-minimum": "1", "bluegreen:pinned-maximum": "4"}, 0, (1, 4, 2), False),
    ],
    ids=["as live", "headroom", "more than the maximum", "pinned"],
)
def test_the_size_is_the_live_ones_within_its_own_bounds(
    ask: Ask, demo: Demo, tags: dict[str, str], headroom: int, size: tuple[int, int, int], warned: bool
) -> None:
    options = demo.wanted(demo.group(2, tags=tags), headroom_percent=headroom)
    result = ask("autoscaling_clone", check=True, **options)
    group = result["group"]
    assert (group["minimum"], group["maximum"], group["desired"]) == size
    assert sum("its maximum is 10" in warning for warning in result["warnings"]) == warned
    stays = [f"stays at {size[2]} instances instead of 2" in warning for warning in result["warnings"]]
    assert any(stays) == (headroom > 0), "it has no scaling policy"


def test_user_data_of_the_release_is_launched_and_never_shown(ask: Ask, scene: Scene, demo: Demo) -> None:
    options = demo.wanted(demo.group(), user_data=SECRET)
    built = ask("autoscaling_clone", **options)
    assert b64decode(launched_data(scene, built)["UserData"]).decode() == SECRET
    again = ask("autoscaling_clone", **options)
    assert not again["changed"]
    named = {"name": built["group"]["name"], "user_data": f"{SECRET} "}
    other = ask("autoscaling_clone", **options | named)
    assert "exists with this image and other user data" in other["msg"]
    said = json.dumps([built, again, other])
    assert "hunter2" not in said
    assert launched_data(scene, built)["UserData"] not in said


def test_too_much_user_data_is_refused_before_anything_is_written(ask: Ask, demo: Demo, made: Made) -> None:
    options = demo.wanted(demo.group(), user_data="x" * 16385)
    made()
    assert "16385 bytes long" in ask("autoscaling_clone", **options)["msg"]
    assert made() == []


def test_every_template_and_image_of_a_mixed_group_is_the_releases(ask: Ask, scene: Scene, demo: Demo) -> None:
    main, other, own_image = scene.template(), scene.template(), scene.image(release="1")
    overrides: list[dict[str, Any]] = [
        {"InstanceType": "t3.large", "WeightedCapacity": "2"},
        {"InstanceType": "t3.small", "LaunchTemplateSpecification": {"LaunchTemplateId": other, "Version": "$Default"}},
        {"InstanceType": "t3.medium", "ImageId": own_image},
    ]
    source = mixed_group(demo, main, overrides)
    before = scene.describe(source)["MixedInstancesPolicy"]
    options = demo.wanted(source)
    built = ask("autoscaling_clone", **options)
    assert built["group"]["launch_template"]["id"] == main

    after = scene.describe(built["group"]["name"])["MixedInstancesPolicy"]
    assert after["InstancesDistribution"] == before["InstancesDistribution"]
    assert versions_named(after) == {main: "2", other: "2"}
    assert [each.get("ImageId") for each in after["LaunchTemplate"]["Overrides"]] == [None, None, options["image_id"]]
    assert [each["InstanceType"] for each in after["LaunchTemplate"]["Overrides"]] == [
        "t3.large",
        "t3.small",
        "t3.medium",
    ]
    assert after["LaunchTemplate"]["Overrides"][0]["WeightedCapacity"] == "2"
    for template in (main, other):
        assert image_of(scene, template, "2") == options["image_id"]
    (warning,) = built["warnings"]
    assert own_image in warning
    assert not ask("autoscaling_clone", **options)["changed"]


def test_a_mixed_group_that_follows_latest_goes_on_launching_its_image(ask: Ask, scene: Scene, demo: Demo) -> None:
    template = scene.template()
    source = mixed_group(demo, template, [{"InstanceType": "t3.large"}], version="$Latest")
    before = scene.describe(source)["MixedInstancesPolicy"]
    result = ask("autoscaling_clone", **demo.wanted(source))
    after = scene.describe(source)["MixedInstancesPolicy"]
    assert versions_named(after) == {template: "1"}
    assert after["InstancesDistribution"] == before["InstancesDistribution"]
    assert "follows $Latest" in " ".join(result["warnings"])


def mixed_group(demo: Demo, template: str, overrides: list[dict[str, Any]], version: str = "1") -> str:
    policy = {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": template, "Version": version},
            "Overrides": overrides,
        },
        "InstancesDistribution": {
            "OnDemandAllocationStrategy": "prioritized",
            "OnDemandBaseCapacity": 1,
            "OnDemandPercentageAboveBaseCapacity": 50,
            "SpotAllocationStrategy": "capacity-optimized",
        },
    }
    return demo.group(LaunchTemplate=None, MixedInstancesPolicy=policy)


def versions_named(policy: dict[str, Any]) -> dict[str, str]:
    template = policy["LaunchTemplate"]
    named = [each.get("LaunchTemplateSpecification") for each in (template, *template["Overrides"])]
    return {each["LaunchTemplateId"]: each["Version"] for each in named if each}


def image_of(scene: Scene, template: str, version: str) -> str:
    found = scene.ec2.describe_launch_template_versions(LaunchTemplateId=template, Versions=[version])
    return str(found["LaunchTemplateVersions"][0]["LaunchTemplateData"]["ImageId"])
