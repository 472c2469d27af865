# SPDX-License-Identifier: GPL-3.0-or-later
"""A launch template that moved on since the live instances were launched."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene

SECRET = "cGFzc3dvcmQ="


@pytest.fixture
def moved(scene: Scene) -> str:
    """A group whose instance is of version 1, and whose $Latest is another type with other user data by now."""
    image = scene.image(release="1")
    template = scene.template(image)
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"})
    scene.in_service(group, 1)
    data = {"ImageId": scene.image(release="2"), "InstanceType": "t3.large", "UserData": SECRET}
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
    return group


def test_it_is_shown(ask: Ask, moved: str) -> None:
    result = ask("preflight", source=moved)
    assert result["findings"] == []
    assert result["shape_changes"] == [
        {"field": "InstanceType", "version": 1, "before": "t3.small", "after": "t3.large"},
        {"field": "UserData", "version": 1},
    ]
    assert "InstanceType would differ" in result["msg"]
    assert SECRET not in str(result)


def test_it_is_refused_where_that_is_asked(ask: Ask, moved: str) -> None:
    result = ask("preflight", source=moved, shape_change="refuse")
    assert result["failed"]
    assert [finding.split()[0] for finding in result["findings"]] == ["InstanceType", "UserData"]
    assert SECRET not in str(result)


def test_an_image_alone_is_no_other_shape(ask: Ask, scene: Scene) -> None:
    template = scene.template(scene.image(release="1"))
    group = scene.group(1, LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"})
    scene.in_service(group, 1)
    data = {"ImageId": scene.image(release="2"), "InstanceType": "t3.small"}
    scene.ec2.create_launch_template_version(LaunchTemplateId=template, LaunchTemplateData=data)
    assert ask("preflight", source=group, shape_change="refuse")["shape_changes"] == []
