# SPDX-License-Identifier: GPL-3.0-or-later
"""A group to roll in place."""

from __future__ import annotations

from typing import Any

from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask


class Rolled:
    """A group of two, without a load balancer, and an image to roll it to."""

    def __init__(self, ask: Ask, scene: Scene) -> None:
        self._ask = ask
        self.scene = scene
        self.service = scene.name("service")
        self.old = scene.image(release="1")
        self.new = scene.image(release="2")
        template = {"LaunchTemplateId": scene.template(self.old), "Version": "1"}
        self.name = scene.group(2, LaunchTemplate=template)
        scene.in_service(self.name, 2)

    def ask(self, *, check: bool = False, **options: Any) -> dict[str, Any]:
        service = {} if options.get("state") == "canceled" else {"service": self.service}
        asked = {"group": self.name, "instance_warmup": 0, **service, **options}
        return self._ask("instance_refresh", check=check, **asked)

    def images(self) -> list[str]:
        ids = list(self.scene.members(self.name))
        found = self.scene.ec2.describe_instances(InstanceIds=ids)["Reservations"]
        return sorted({each["ImageId"] for reservation in found for each in reservation["Instances"]})

    def tags(self) -> dict[str, str]:
        tags = {tag["Key"]: tag["Value"] for tag in self.scene.describe(self.name)["Tags"]}
        return {key.removeprefix("bluegreen:"): value for key, value in tags.items() if key.startswith("bluegreen:")}

    def statuses(self) -> list[str]:
        found = self.scene.autoscaling.describe_instance_refreshes(AutoScalingGroupName=self.name)
        return [each["Status"] for each in found["InstanceRefreshes"]]
