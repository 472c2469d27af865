# SPDX-License-Identifier: GPL-3.0-or-later
"""What a candidate's group launches, and how many, whatever the live one launches from."""

from __future__ import annotations

import json
from base64 import b64decode
from typing import Any

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene

from .conftest import Made
from .demo import Demo

SECRET = "password=hunter2 release=1.1.0"


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


def launched_data(scene: Scene, result: dict[str, Any]) -> dict[str, Any]:
    """Of the version that the result tells of."""
    template = result["group"]["launch_template"]
    (version,) = scene.ec2.describe_launch_template_versions(
        LaunchTemplateId=template["id"], Versions=[template["version"]]
    )["LaunchTemplateVersions"]
    return dict(version["LaunchTemplateData"])


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
    assert ["its maximum is 10" in warning for warning in result["warnings"]] == [True] * warned


def test_user_data_of_the_release_is_launched_and_never_shown(ask: Ask, scene: Scene, demo: Demo) -> None:
    options = demo.wanted(demo.group(), user_data=SECRET)
    built = ask("autoscaling_clone", **options)
    assert b64decode(launched_data(scene, built)["UserData"]).decode() == SECRET
    again = ask("autoscaling_clone", **options)
    assert not again["changed"]
    other = ask("autoscaling_clone", **options | {"user_data": f"{SECRET} "})
    assert "exists with this image and other user data" in other["msg"]
    said = json.dumps([built, again, other])
    assert "hunter2" not in said
    assert launched_data(scene, built)["UserData"] not in said


def test_too_much_user_data_is_refused_before_anything_is_written(ask: Ask, demo: Demo, made: Made) -> None:
    options = demo.wanted(demo.group(), user_data="x" * 16385)
    made()
    assert "16385 bytes long" in ask("autoscaling_clone", **options)["msg"]
    assert made() == []
