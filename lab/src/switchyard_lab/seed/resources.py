# SPDX-License-Identifier: GPL-3.0-or-later
"""What a service behind load balancers consists of, made over the wire: of samples, and of stand-ins for rehearsals."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from .account import Account, Network

COLORS = ("blue", "green")
FIRST_PORT, APP_PORT = 8000, 8080  # below 1024, a port needs root
SIZE = MappingProxyType({"MinSize": 2, "DesiredCapacity": 3, "MaxSize": 6})
HEALTH = MappingProxyType(
    {
        "HealthCheckIntervalSeconds": 10,
        "HealthCheckTimeoutSeconds": 2,
        "HealthyThresholdCount": 2,
        "UnhealthyThresholdCount": 2,
    }
)
HEALTHY_SECONDS = 120.0


class Resources:
    """Of one service, with its tags. Blue is stable. ``client`` is the account's client of an API."""

    def __init__(self, service: str, account: Account, network: Network) -> None:
        self._service, self._network, self.client = service, network, account.client

    def load_balancer(self, name: str, kind: str = "application") -> dict[str, str]:
        made = self.client("elbv2").create_load_balancer(
            Name=name,
            Type=kind,
            Subnets=list(self._network.subnets),
            SecurityGroups=[self._network.security_group],
        )
        return dict(made["LoadBalancers"][0])

    def target_group(self, name: str, color: str, protocol: str = "HTTP", health: Mapping[str, int] = HEALTH) -> str:
        """Its ARN."""
        made = self.client("elbv2").create_target_group(
            Name=name,
            Protocol=protocol,
            Port=APP_PORT,
            VpcId=self._network.vpc,
            HealthCheckProtocol="HTTP",
            HealthCheckPath="/health",
            **health,
            Tags=self.tags(color=color, stable="blue"),
        )
        return str(made["TargetGroups"][0]["TargetGroupArn"])

    def listener(
        self,
        balancer_arn: str,
        port: int,
        action: Mapping[str, Any],
        protocol: str = "HTTP",
        tags: Sequence[Mapping[str, str]] = (),
    ) -> str:
        """Its ARN. ``action`` is its default one."""
        made = self.client("elbv2").create_listener(
            LoadBalancerArn=balancer_arn,
            Protocol=protocol,
            Port=port,
            DefaultActions=[action],
            **({"Tags": tags} if tags else {}),
        )
        return str(made["Listeners"][0]["ListenerArn"])

    def group(self, image_id: str, release: str, target_groups: Iterable[str], size: Mapping[str, int] = SIZE) -> None:
        """Blue, with a launch template of its own."""
        template = self.client("ec2").create_launch_template(
            LaunchTemplateName=self._service,
            LaunchTemplateData={
                "ImageId": image_id,
                "InstanceType": "t3.small",
                "SecurityGroupIds": [self._network.security_group],
            },
        )["LaunchTemplate"]["LaunchTemplateId"]
        self.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=f"{self._service}-blue-v001",
            LaunchTemplate={"LaunchTemplateId": template, "Version": "1"},
            **size,
            VPCZoneIdentifier=",".join(self._network.subnets),
            TargetGroupARNs=list(target_groups),
            HealthCheckType="ELB",
            HealthCheckGracePeriod=30,
            Tags=[{**tag, "PropagateAtLaunch": True} for tag in self.tags(color="blue", release=release)],
        )

    def await_healthy(self, target_groups: Iterable[str], instances: int) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        for target_group in target_groups:
            while (healthy := self._healthy(target_group)) < instances:
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self._service} has {healthy} healthy targets, not {instances}")
                time.sleep(0.05)

    def _healthy(self, target_group: str) -> int:
        found = self.client("elbv2").describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
        return sum(each["TargetHealth"]["State"] == "healthy" for each in found)

    def tags(self, **values: str) -> list[dict[str, str]]:
        named = {"service": self._service, **values}
        return [{"Key": f"bluegreen:{name}", "Value": value} for name, value in named.items()]


def forward(weights: Mapping[str, int]) -> dict[str, Any]:
    """The action that splits requests among target groups, by their ARNs."""
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def dimension(arn: str) -> dict[str, str]:
    """Of the metrics of a load balancer or of a target group."""
    resource = arn.rpartition(":")[2]
    if resource.startswith("targetgroup/"):
        return {"Name": "TargetGroup", "Value": resource}
    return {"Name": "LoadBalancer", "Value": resource.removeprefix("loadbalancer/")}
