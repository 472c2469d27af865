# SPDX-License-Identifier: GPL-3.0-or-later
"""A service as most are found: a load balancer, a target group, an Auto Scaling group, and no thought of blue."""

from __future__ import annotations

import time
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.seed.account import Account, Network
from switchyard_lab.seed.inventory import write_inventory
from tests.sample import SERVICE

PORT, INSTANCES = 8000, 2
TARGET_GROUP, TWIN, GROUP = "shop-tg", "shop-tg-green", "shop-asg"
TAGS = {"team": "shop", "managed-by": "terraform"}
HEALTHY_SECONDS = 60.0


class PlainService:
    def __init__(self, lab: LabProcess) -> None:
        self.lab = lab
        self.elbv2 = lab.client("elbv2")
        account = Account(lab.endpoint, lab.info()["cidr"])
        network, self.images = account.network(), account.images()
        self.target_group = self._target_group(network)
        self.balancer = self._load_balancer(network)
        self.listener = self._listener()
        self._group(network)
        self.define()
        self._await_healthy()

    def define(self, **variables: Any) -> None:
        """The service's lines in the inventory: what adopt.yml needs, and ``variables``."""
        definition = {
            "bluegreen_routes": [self.listener],
            "bluegreen_target_groups": {"blue": TARGET_GROUP, "green": TWIN},
        }
        write_inventory(self.lab.inventory, {SERVICE: definition | variables}, self.images)

    def target_group_named(self, name: str) -> dict[str, Any]:
        return dict(self.elbv2.describe_target_groups(Names=[name])["TargetGroups"][0])

    def _target_group(self, network: Network) -> str:
        made = self.elbv2.create_target_group(
            Name=TARGET_GROUP,
            Protocol="HTTP",
            Port=8080,
            VpcId=network.vpc,
            HealthCheckPath="/health",
            HealthCheckIntervalSeconds=10,
            HealthCheckTimeoutSeconds=3,
            HealthyThresholdCount=3,
            Matcher={"HttpCode": "200-299"},
            Tags=listed(TAGS),
        )
        arn = str(made["TargetGroups"][0]["TargetGroupArn"])
        algorithm = listed({"load_balancing.algorithm.type": "least_outstanding_requests"})
        self.elbv2.modify_target_group_attributes(TargetGroupArn=arn, Attributes=algorithm)
        return arn

    def _load_balancer(self, network: Network) -> str:
        made = self.elbv2.create_load_balancer(Name=SERVICE, Subnets=list(network.subnets))
        return str(made["LoadBalancers"][0]["LoadBalancerArn"])

    def _listener(self) -> str:
        forward = {"Type": "forward", "TargetGroupArn": self.target_group}
        made = self.elbv2.create_listener(
            LoadBalancerArn=self.balancer, Protocol="HTTP", Port=PORT, DefaultActions=[forward]
        )
        return str(made["Listeners"][0]["ListenerArn"])

    def _group(self, network: Network) -> None:
        data = {"ImageId": self.images["1.0.0"], "InstanceType": "t3.small"}
        self.lab.client("ec2").create_launch_template(LaunchTemplateName="shop", LaunchTemplateData=data)
        self.lab.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=GROUP,
            LaunchTemplate={"LaunchTemplateName": "shop", "Version": "$Latest"},
            MinSize=1,
            MaxSize=4,
            DesiredCapacity=INSTANCES,
            VPCZoneIdentifier=",".join(network.subnets),
            TargetGroupARNs=[self.target_group],
            Tags=[{**tag, "PropagateAtLaunch": True} for tag in listed(TAGS)],
        )

    def _await_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        while time.monotonic() < deadline:
            found = self.elbv2.describe_target_health(TargetGroupArn=self.target_group)["TargetHealthDescriptions"]
            states = [each["TargetHealth"]["State"] for each in found]
            if states == ["healthy"] * INSTANCES:
                return
            time.sleep(0.05)
        raise TimeoutError(f"its targets did not become healthy: {states}")


def listed(values: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in values.items()]
