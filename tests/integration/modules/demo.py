# SPDX-License-Identifier: GPL-3.0-or-later
"""A service of a test's own, with groups that carry its tags."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from switchyard_lab.scene import Scene


class Demo:
    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.service = scene.name("service")

    @cached_property
    def definition(self) -> dict[str, Any]:
        """Everything goes to blue."""
        groups = {"blue": self.scene.target_group(), "green": self.scene.target_group()}
        listener = self.scene.listener({groups["blue"]: 100, groups["green"]: 0})
        return {"service": self.service, "routes": [listener], "target_groups": groups}

    def group(self, desired: int = 1, color: str = "blue", tags: Mapping[str, str] | None = None, **fields: Any) -> str:
        """The name of a group of this service; by default the one that is live."""
        carried = {"bluegreen:service": self.service, "bluegreen:color": color, "bluegreen:release": "1"}
        carried |= tags or {}
        listed = [{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in carried.items()]
        return self.scene.group(desired, Tags=listed, **fields)

    def live(self, desired: int = 1, **fields: Any) -> str:
        """The name of a group that is live behind the blue target group of the definition."""
        return self.group(desired, TargetGroupARNs=[self.definition["target_groups"]["blue"]], **fields)

    def candidate(self, image_id: str, tags: Mapping[str, str] | None = None) -> str:
        """The name of a green group that is there already, with this image."""
        template = {"LaunchTemplateId": self.scene.template(image_id), "Version": "1"}
        return self.group(0, "green", tags, LaunchTemplate=template)

    def wanted(self, source: str, **options: Any) -> dict[str, Any]:
        """Options for a candidate built from ``source``, with an image and a target group of its own."""
        if "image_id" not in options:
            options["image_id"] = self.scene.image(release="2")
        if "target_groups" not in options:
            options["target_groups"] = [self.scene.target_group()]
        return {"service": self.service, "color": "green", "source": source, "release": "1.1.0", **options}


def launched_data(scene: Scene, result: dict[str, Any]) -> dict[str, Any]:
    """Of the version that the result tells of."""
    template = result["group"]["launch_template"]
    (version,) = scene.ec2.describe_launch_template_versions(
        LaunchTemplateId=template["id"], Versions=[template["version"]]
    )["LaunchTemplateVersions"]
    return dict(version["LaunchTemplateData"])
