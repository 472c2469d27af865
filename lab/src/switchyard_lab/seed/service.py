# SPDX-License-Identifier: GPL-3.0-or-later
"""One sample service: three instances of release 1.0.0 behind a load balancer, ready for blue/green."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from .account import Account, Network

COLORS = ("blue", "green")
ALL_BLUE = {"blue": 100, "green": 0}
PRODUCTION_PORT, TEST_PORT, APP_PORT = 8000, 8001, 8080
INSTANCES = 3
HEALTHY_SECONDS = 60.0


class SampleService:
    balancer_type, protocol = "application", "HTTP"

    def __init__(self, name: str, account: Account, network: Network, images: Mapping[str, str]) -> None:
        self.name = name
        self._client = account.client
        self._target_groups = {color: self._target_group(network, color) for color in COLORS}
        self._front(network)
        self._group(network, self._launch_template(network, images["1.0.0"]))

    def definition(self) -> dict[str, Any]:
        """The service's variables in an inventory."""
        return {
            **self._routes(),
            "bluegreen_target_groups": {color: f"{self.name}-{color}" for color in COLORS},
            "bluegreen_release_from": {"header": "X-Release"},
            "bluegreen_instance_from": {"header": "X-Instance-Id"},
            # As shallow as many a service's are: what fails only under users' requests is left to the alarms.
            "bluegreen_checks": [{"path": "/health", "status": 200, "repetitions": 10}],
            "bluegreen_strategy": [
                {"weight": 10, "bake_seconds": 10},
                {"weight": 50, "bake_seconds": 5},
                {"weight": 100, "bake_seconds": 5},
            ],
            "bluegreen_alarms": [f"{self.name}-{color}-5xx" for color in COLORS],
            "bluegreen_quiet_seconds": 2,  # the lab's metrics come without delay
        }

    def await_healthy(self) -> None:
        deadline = time.monotonic() + HEALTHY_SECONDS
        while time.monotonic() < deadline:
            found = self._client("elbv2").describe_target_health(TargetGroupArn=self._target_groups["blue"])
            states = [each["TargetHealth"]["State"] for each in found["TargetHealthDescriptions"]]
            if states == ["healthy"] * INSTANCES:
                return
            time.sleep(0.05)
        raise TimeoutError(f"the targets of {self.name} did not become healthy: {states}")

    def _front(self, network: Network) -> None:
        """What splits the traffic, and what watches over it."""
        balancer = self._load_balancer(network, self.name)
        self._address = balancer["DNSName"]
        self._production = self._listener(balancer["LoadBalancerArn"], PRODUCTION_PORT, ALL_BLUE, self._tags())
        self._test = self._listener(balancer["LoadBalancerArn"], TEST_PORT, ALL_BLUE)
        for color in COLORS:
            self._alarm(balancer["LoadBalancerArn"], color)

    def _routes(self) -> dict[str, Any]:
        return {
            "bluegreen_routes": [self._production],
            "bluegreen_test_route": {"arn": self._test, "url": f"http://{self._address}:{TEST_PORT}"},
        }

    def _target_group(self, network: Network, color: str) -> str:
        elbv2 = self._client("elbv2")
        group = elbv2.create_target_group(
            Name=f"{self.name}-{color}",
            Protocol=self.protocol,
            Port=APP_PORT,
            VpcId=network.vpc,
            HealthCheckProtocol="HTTP",
            HealthCheckPath="/health",
            HealthCheckIntervalSeconds=10,
            HealthCheckTimeoutSeconds=2,
            HealthyThresholdCount=2,
            UnhealthyThresholdCount=2,
            Tags=self._tags(color=color, stable="blue"),
        )["TargetGroups"][0]["TargetGroupArn"]
        delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}
        elbv2.modify_target_group_attributes(TargetGroupArn=group, Attributes=[delay])
        return str(group)

    def _load_balancer(self, network: Network, name: str) -> dict[str, str]:
        balancers = self._client("elbv2").create_load_balancer(
            Name=name,
            Type=self.balancer_type,
            Subnets=list(network.subnets),
            SecurityGroups=[network.security_group],
        )["LoadBalancers"]
        return dict(balancers[0])

    def _listener(
        self, balancer_arn: str, port: int, weights: Mapping[str, int], tags: Sequence[Mapping[str, str]] = ()
    ) -> str:
        """``tags``: by that of the service, the inventory plugin tells the production listener from the test route."""
        groups = [{"TargetGroupArn": self._target_groups[color], "Weight": weight} for color, weight in weights.items()]
        listener = self._client("elbv2").create_listener(
            LoadBalancerArn=balancer_arn,
            Protocol=self.protocol,
            Port=port,
            DefaultActions=[{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}],
            **({"Tags": tags} if tags else {}),
        )
        return str(listener["Listeners"][0]["ListenerArn"])

    def _launch_template(self, network: Network, image_id: str) -> str:
        template = self._client("ec2").create_launch_template(
            LaunchTemplateName=self.name,
            LaunchTemplateData={
                "ImageId": image_id,
                "InstanceType": "t3.small",
                "SecurityGroupIds": [network.security_group],
            },
        )
        return str(template["LaunchTemplate"]["LaunchTemplateId"])

    def _group(self, network: Network, template_id: str) -> None:
        self._client("autoscaling").create_auto_scaling_group(
            AutoScalingGroupName=f"{self.name}-blue-v001",
            LaunchTemplate={"LaunchTemplateId": template_id, "Version": "1"},
            MinSize=2,
            DesiredCapacity=INSTANCES,
            MaxSize=6,
            VPCZoneIdentifier=",".join(network.subnets),
            TargetGroupARNs=[self._target_groups["blue"]],
            HealthCheckType="ELB",
            HealthCheckGracePeriod=30,
            Tags=[{**tag, "PropagateAtLaunch": True} for tag in self._tags(color="blue", release="1.0.0")],
        )

    def _alarm(self, balancer_arn: str, color: str) -> None:
        """More than 5 % of a minute's requests to one color failed."""
        dimensions = [
            {"Name": "LoadBalancer", "Value": balancer_arn.partition(":loadbalancer/")[2]},
            {"Name": "TargetGroup", "Value": self._target_groups[color].rpartition(":")[2]},
        ]
        self._client("cloudwatch").put_metric_alarm(
            AlarmName=f"{self.name}-{color}-5xx",
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

    def _tags(self, **values: str) -> list[dict[str, str]]:
        named = {"service": self.name, **values}
        return [{"Key": f"bluegreen:{name}", "Value": value} for name, value in named.items()]


def _sum(identity: str, metric: str, dimensions: list[dict[str, str]]) -> dict[str, Any]:
    measured = {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": identity, "MetricStat": {"Metric": measured, "Period": 60, "Stat": "Sum"}, "ReturnData": False}
