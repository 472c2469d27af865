# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch template that moved on since the live instances were launched."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene

from ..conftest import Plan
from ..demo import Demo

SECRET = "cGFzc3dvcmQ="


@pytest.fixture
def moved(scene: Scene, demo: Demo) -> dict[str, Any]:
    """A release next to a group whose instance is of version 1, and whose $Latest is another type with other user data
    by now."""
    image = scene.image(release="1")
    template = scene.template(image)
    group = demo.live(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"})
    scene.in_service(group, 1)
    data = {"ImageId": scene.image(release="2"), "InstanceType": "t3.large", "UserData": SECRET}
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
    return {**demo.definition, "image_id": scene.image(release="3")}


def test_it_is_shown(plan: Plan, moved: dict[str, Any]) -> None:
    result = plan(**moved)
    assert result["findings"] == []
    assert result["shape_changes"] == [
        {"field": "InstanceType", "version": 1, "before": "t3.small", "after": "t3.large"},
        {"field": "UserData", "version": 1},
    ]
    assert "InstanceType would differ" in result["msg"]
    assert SECRET not in str(result)


def test_it_is_refused_where_that_is_asked(plan: Plan, moved: dict[str, Any]) -> None:
    result = plan(**moved, shape_change="refuse")
    assert result["failed"]
    assert [finding.split()[0] for finding in result["findings"]] == ["InstanceType", "UserData"]
    assert SECRET not in str(result)


def test_an_image_alone_is_no_other_shape(plan: Plan, scene: Scene, demo: Demo) -> None:
    template = scene.template(scene.image(release="1"))
    group = demo.live(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"})
    scene.in_service(group, 1)
    data = {"ImageId": scene.image(release="2"), "InstanceType": "t3.small"}
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
    release = {**demo.definition, "image_id": scene.image(release="3")}
    assert plan(**release, shape_change="refuse")["shape_changes"] == []
