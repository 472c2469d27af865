# SPDX-License-Identifier: GPL-3.0-or-later
"""Two environments that answer with the names of their colors, an instance each, behind a load balancer."""

from __future__ import annotations

import ssl
import urllib.request
from pathlib import Path
from typing import Any

from switchyard_lab.authority import trusting
from switchyard_lab.scene import Scene, forward

COLORS = ("blue", "green")


class Pair:
    """``name`` tells the answers of several services apart: ``shop-blue``. ``network``: for a Network Load Balancer."""

    def __init__(self, scene: Scene, name: str = "shop", *, network: bool = False, **target_group: Any) -> None:
        self.scene = scene
        self.name = name
        self.network = network
        if network:
            target_group |= {"Protocol": "TCP", "HealthCheckProtocol": "HTTP"}
        self.service = scene.name(name)
        self.blue, self.green = (scene.target_group(**target_group) for _color in COLORS)
        self.groups = [self._group(arn, color) for arn, color in zip(self.arns, COLORS, strict=True)]

    @property
    def arns(self) -> tuple[str, str]:
        return self.blue, self.green

    @property
    def definition(self) -> dict[str, Any]:
        """Of the service, but for its routes."""
        return {"service": self.service, "target_groups": {"blue": self.blue, "green": self.green}}

    def split(self, blue: int, green: int) -> dict[str, int]:
        return {self.blue: blue, self.green: green}

    def forward(self, blue: int, green: int, **stickiness: Any) -> dict[str, Any]:
        action = forward(self.split(blue, green))
        if stickiness:
            action["ForwardConfig"]["TargetGroupStickinessConfig"] = stickiness
        return action

    def listener(self) -> str:
        """Of a load balancer of its own; sends everything to blue."""
        kind, protocol = ("network", "TCP") if self.network else ("application", "HTTP")
        return self.scene.listener(self.split(100, 0), self.scene.load_balancer(Type=kind), Protocol=protocol)

    def rule(self, listener: str, path: str, priority: int) -> str:
        """A rule for the path that sends everything to blue."""
        made = self.scene.elbv2.create_rule(
            ListenerArn=listener,
            Priority=priority,
            Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [f"{path}*"]}}],
            Actions=[self.forward(100, 0)],
        )
        return str(made["Rules"][0]["RuleArn"])

    def healthy(self) -> None:
        """For when a listener or a rule leads there."""
        for arn in self.arns:
            self.scene.healthy(arn, 1)

    def declare_stable(self, color: str = "blue") -> None:
        tags = [{"Key": "bluegreen:stable", "Value": color}]
        self.scene.elbv2.add_tags(ResourceArns=list(self.arns), Tags=tags)

    def _group(self, target_group: str, color: str) -> str:
        image = self.scene.image(release=f"{self.name}-{color}")
        tags = {"bluegreen:service": self.service, "bluegreen:color": color}
        return self.scene.group(
            1,
            (target_group,),
            LaunchTemplate={"LaunchTemplateId": self.scene.template(image), "Version": "1"},
            Tags=[{"Key": key, "Value": value, "PropagateAtLaunch": True} for key, value in tags.items()],
        )


def releases(url: str, requests: int = 10, ca: Path | None = None) -> set[str]:
    """Who answers, each request on a connection of its own. ``ca`` is the authority that is trusted."""
    return {_release(url, trusting(ca)) for _request in range(requests)}


def _release(url: str, context: ssl.SSLContext) -> str:
    with urllib.request.urlopen(url, timeout=10, context=context) as answer:
        return str(answer.headers["X-Release"])
