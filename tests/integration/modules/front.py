# SPDX-License-Identifier: GPL-3.0-or-later
"""Routes of a test's own: two listeners and a rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from switchyard_lab.scene import Scene, forward


@dataclass(frozen=True)
class Front:
    """A load balancer with two listeners, the first of which has a rule; all send everything to blue."""

    scene: Scene
    blue: str
    green: str
    listener: str
    second: str
    rule: str

    @property
    def balancer(self) -> str:
        return str(self.scene.elbv2.describe_listeners(ListenerArns=[self.listener])["Listeners"][0]["LoadBalancerArn"])

    def split(self, blue: int, green: int) -> dict[str, int]:
        return {self.blue: blue, self.green: green}

    def actions(self, route: str) -> list[dict[str, Any]]:
        if ":listener-rule/" in route:
            return list(self.scene.elbv2.describe_rules(RuleArns=[route])["Rules"][0]["Actions"])
        return list(self.scene.elbv2.describe_listeners(ListenerArns=[route])["Listeners"][0]["DefaultActions"])

    def weights(self, route: str) -> dict[str, int]:
        (config,) = [action["ForwardConfig"] for action in self.actions(route) if action["Type"] == "forward"]
        return {group["TargetGroupArn"]: group["Weight"] for group in config["TargetGroups"]}


def front_of(scene: Scene) -> Front:
    blue, green = scene.target_group(), scene.target_group()
    listener = scene.listener({blue: 100, green: 0})
    balancer = scene.elbv2.describe_listeners(ListenerArns=[listener])["Listeners"][0]["LoadBalancerArn"]
    second = scene.listener({blue: 100, green: 0}, balancer=balancer, port=81)
    rule = scene.elbv2.create_rule(
        ListenerArn=listener,
        Priority=10,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": ["/api/*"]}}],
        Actions=[forward({blue: 100, green: 0})],
    )["Rules"][0]["RuleArn"]
    return Front(scene, blue, green, listener, second, rule)
