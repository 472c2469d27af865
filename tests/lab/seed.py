# SPDX-License-Identifier: GPL-3.0-or-later
"""The sample infrastructure: what a team that uses blue/green already has, made over the wire as they would."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import boto3
import yaml  # type: ignore[import-untyped]

from .settings import REGION

SERVICE = "demo"
GROUP = "demo-blue-v001"
COLORS = ("blue", "green")
PRODUCTION_PORT, TEST_PORT, APP_PORT = 8000, 8001, 8080
HEALTHY_SECONDS = 60.0
IMAGES = {
    "1.0.0": {"lab:release": "1.0.0"},
    "1.1.0": {"lab:release": "1.1.0"},
    "1.2.0-bad": {"lab:release": "1.2.0-bad", "lab:error-percent": "30"},
}


@dataclass(frozen=True)
class Network:
    vpc: str
    subnets: tuple[str, ...]
    security_group: str


class Seed:
    def __init__(self, endpoint: str, cidr: str) -> None:
        self._endpoint = endpoint
        self._cidr = cidr
        self.client = cache(self._client)

    def _client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self._endpoint,
            region_name=REGION,
            aws_access_key_id="lab",
            aws_secret_access_key="lab",
        )

    def network(self) -> Network:
        """Two large subnets: every instance of a lab's life takes a new address."""
        ec2 = self.client("ec2")
        vpc = ec2.create_vpc(CidrBlock=self._cidr)["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=str(block), AvailabilityZone=f"{REGION}{zone}")["Subnet"]["SubnetId"]
            for zone, block in zip("ab", IPv4Network(self._cidr).subnets(prefixlen_diff=2), strict=False)
        ]
        security_group = ec2.create_security_group(GroupName=SERVICE, Description=SERVICE, VpcId=vpc)["GroupId"]
        return Network(vpc, tuple(subnets), security_group)

    def images(self) -> dict[str, str]:
        return {label: self.image(f"{SERVICE}-{label}", tags) for label, tags in IMAGES.items()}

    def image(self, name: str, tags: dict[str, str]) -> str:
        specification = {"ResourceType": "image", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        registered = self.client("ec2").register_image(Name=name, TagSpecifications=[specification])
        return str(registered["ImageId"])

    def target_groups(self, network: Network) -> dict[str, str]:
        return {color: self._target_group(network, color) for color in COLORS}

    def _target_group(self, network: Network, color: str) -> str:
        elbv2 = self.client("elbv2")
        group = elbv2.create_target_group(
            Name=f"{SERVICE}-{color}",
            Protocol="HTTP",
            Port=APP_PORT,
            VpcId=network.vpc,
            HealthCheckPath="/health",
            HealthCheckIntervalSeconds=5,
            HealthCheckTimeoutSeconds=2,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=2,
            Tags=tags(service=SERVICE, color=color, stable="blue"),
        )["TargetGroups"][0]["TargetGroupArn"]
        delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}
        elbv2.modify_target_group_attributes(TargetGroupArn=group, Attributes=[delay])
        return str(group)

    def load_balancer(self, network: Network) -> dict[str, str]:
        balancer = self.client("elbv2").create_load_balancer(
            Name=SERVICE, Subnets=list(network.subnets), SecurityGroups=[network.security_group]
        )["LoadBalancers"][0]
        return {"arn": balancer["LoadBalancerArn"], "address": balancer["DNSName"]}

    def listener(self, balancer_arn: str, port: int, groups: dict[str, str]) -> str:
        weights = [
            {"TargetGroupArn": groups["blue"], "Weight": 100},
            {"TargetGroupArn": groups["green"], "Weight": 0},
        ]
        listener = self.client("elbv2").create_listener(
            LoadBalancerArn=balancer_arn,
            Protocol="HTTP",
            Port=port,
            DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": weights}}],
        )
        return str(listener["Listeners"][0]["ListenerArn"])

    def launch_template(self, network: Network, image_id: str) -> str:
        template = self.client("ec2").create_launch_template(
            LaunchTemplateName=SERVICE,
            LaunchTemplateData={
                "ImageId": image_id,
                "InstanceType": "t3.small",
                "SecurityGroupIds": [network.security_group],
            },
        )
        return str(template["LaunchTemplate"]["LaunchTemplateId"])

    def group(self, network: Network, template_id: str, target_group: str) -> None:
        propagated = [
            {**tag, "PropagateAtLaunch": True} for tag in tags(service=SERVICE, color="blue", release="1.0.0")
        ]
        self.client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=GROUP,
            LaunchTemplate={"LaunchTemplateId": template_id, "Version": "1"},
            MinSize=2,
            DesiredCapacity=3,
            MaxSize=6,
            VPCZoneIdentifier=",".join(network.subnets),
            TargetGroupARNs=[target_group],
            HealthCheckType="ELB",
            HealthCheckGracePeriod=30,
            Tags=propagated,
        )

    def alarm(self, balancer_arn: str, color: str, target_group: str) -> None:
        """More than 5 % of a minute's requests to one color failed."""
        dimensions = [
            {"Name": "LoadBalancer", "Value": balancer_arn.partition(":loadbalancer/")[2]},
            {"Name": "TargetGroup", "Value": target_group.rpartition(":")[2]},
        ]
        self.client("cloudwatch").put_metric_alarm(
            AlarmName=f"{SERVICE}-{color}-5xx",
            Metrics=[
                {"Id": "percent", "Expression": "100*errors/requests", "ReturnData": True},
                _sum("errors", "HTTPCode_Target_5XX_Count", dimensions),
                _sum("requests", "RequestCount", dimensions),
            ],
            ComparisonOperator="GreaterThanThreshold",
            Threshold=5,
            EvaluationPeriods=1,
            DatapointsToAlarm=1,
            TreatMissingData="notBreaching",
        )

    def await_healthy(self, target_group: str, count: int) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        while time.monotonic() < deadline:
            found = self.client("elbv2").describe_target_health(TargetGroupArn=target_group)["TargetHealthDescriptions"]
            states = [each["TargetHealth"]["State"] for each in found]
            if states == ["healthy"] * count:
                return
            time.sleep(0.05)
        raise TimeoutError(f"the seed's targets did not become healthy: {states}")


def seed(endpoint: str, cidr: str, inventory: Path) -> None:
    """Make the sample infrastructure, wait until it serves, write its inventory."""
    made = Seed(endpoint, cidr)
    network, images = made.network(), made.images()
    groups, balancer = made.target_groups(network), made.load_balancer(network)
    production = made.listener(balancer["arn"], PRODUCTION_PORT, groups)
    test = made.listener(balancer["arn"], TEST_PORT, groups)
    made.group(network, made.launch_template(network, images["1.0.0"]), groups["blue"])
    for color, group in groups.items():
        made.alarm(balancer["arn"], color, group)
    made.await_healthy(groups["blue"], 3)
    write_inventory(inventory, production, test, balancer["address"], images)


def write_inventory(path: Path, production: str, test: str, address: str, images: dict[str, str]) -> None:
    service = {
        "bluegreen_routes": [production],
        "bluegreen_target_groups": {color: f"{SERVICE}-{color}" for color in COLORS},
        "bluegreen_test_route": {"arn": test, "url": f"http://{address}:{TEST_PORT}"},
        "bluegreen_release_from": {"header": "X-Release"},
        "bluegreen_instance_from": {"header": "X-Instance-Id"},
        "bluegreen_checks": [{"path": "/", "status": 200, "repetitions": 10}],
        "bluegreen_steps": [
            {"weight": 10, "bake_seconds": 10},
            {"weight": 50, "bake_seconds": 5},
            {"weight": 100, "bake_seconds": 5},
        ],
        "bluegreen_alarms": [f"{SERVICE}-{color}-5xx" for color in COLORS],
    }
    by_release = {"bluegreen_images": images, "bluegreen_image_id": "{{ bluegreen_images[bluegreen_release] }}"}
    inventory = {"bluegreen": {"hosts": {SERVICE: service}, "vars": by_release}}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("---\n" + yaml.safe_dump(inventory, sort_keys=False), encoding="utf-8")


def tags(**values: str) -> list[dict[str, str]]:
    return [{"Key": f"bluegreen:{name}", "Value": value} for name, value in values.items()]


def _sum(identity: str, metric: str, dimensions: list[dict[str, str]]) -> dict[str, Any]:
    measured = {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": identity, "MetricStat": {"Metric": measured, "Period": 60, "Stat": "Sum"}, "ReturnData": False}
