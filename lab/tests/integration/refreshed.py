# SPDX-License-Identifier: GPL-3.0-or-later
"""A group whose instances are to be replaced, and what is seen of that from outside."""

from __future__ import annotations

from collections import Counter
from typing import Any

from switchyard_lab.scene import Scene, eventually

LAUNCH_FIRST = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150}
AT_ONCE = {"MinHealthyPercentage": 66}


class Refreshed:
    """A group, behind a load balancer if it is to be ``balanced``, and a second version of its launch template."""

    def __init__(
        self, scene: Scene, desired: int = 6, *, balanced: bool = True, version: str = "1", **options: Any
    ) -> None:
        self.scene = scene
        self.template = scene.template()
        options["LaunchTemplate"] = {"LaunchTemplateId": self.template, "Version": version}
        if balanced:
            self.targets = scene.target_group(delay=2)
            scene.listener({self.targets: 1})
            self.name = scene.group(desired, (self.targets,), HealthCheckType="ELB", **options)
            scene.healthy(self.targets, desired)
        else:
            self.name = scene.group(desired, **options)
        self.before = scene.in_service(self.name, desired)
        data = {"ImageId": scene.image(release="2"), "InstanceType": "t3.small"}
        scene.ec2.create_launch_template_version(LaunchTemplateId=self.template, LaunchTemplateData=data)

    def start(self, version: str = "2", **preferences: Any) -> None:
        self.scene.autoscaling.start_instance_refresh(**self.request(version, **preferences))

    def request(self, version: str = "2", **preferences: Any) -> dict[str, Any]:
        return {
            "AutoScalingGroupName": self.name,
            "DesiredConfiguration": {"LaunchTemplate": {"LaunchTemplateId": self.template, "Version": version}},
            "Preferences": {"InstanceWarmup": 0, **(preferences or LAUNCH_FIRST)},
        }

    def seen(self) -> dict[str, Any]:
        found = self.scene.autoscaling.describe_instance_refreshes(AutoScalingGroupName=self.name)
        return dict(found["InstanceRefreshes"][0])

    def until(self, status: str) -> dict[str, Any]:
        return eventually(self.seen, lambda seen: seen["Status"] == status)

    def versions(self) -> Counter[str]:
        """Of the launch template, of the members in service."""
        found = self.scene.describe(self.name)["Instances"]
        return Counter(each["LaunchTemplate"]["Version"] for each in found if each["LifecycleState"] == "InService")

    def launches_from(self) -> str:
        return str(self.scene.describe(self.name)["LaunchTemplate"]["Version"])

    def lowest(self, status: str) -> int:
        """How few targets were healthy at any time until the refresh had this status."""
        samples = []

        def look() -> str:
            samples.append(list(self.scene.health(self.targets).values()).count("healthy"))
            return str(self.seen()["Status"])

        eventually(look, lambda seen: seen == status)
        return min(samples)
