# SPDX-License-Identifier: GPL-3.0-or-later
"""One sample service: three instances of release 1.0.0 behind a load balancer, ready for blue/green."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .account import Account, Network
from .resources import COLORS, FIRST_PORT, SIZE, Resources, dimension, forward

ALL_BLUE = {"blue": 100, "green": 0}
PRODUCTION_PORT, TEST_PORT = FIRST_PORT, FIRST_PORT + 1


class SampleService:
    balancer_type, protocol = "application", "HTTP"

    def __init__(self, name: str, account: Account, network: Network, images: Mapping[str, str]) -> None:
        self.name = name
        self._resources = Resources(name, account, network)
        self._client = account.client
        self._target_groups = {color: self._target_group(color) for color in COLORS}
        self._front()
        self._resources.group(images["1.0.0"], "1.0.0", [self._target_groups["blue"]])

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
        self._resources.await_healthy([self._target_groups["blue"]], SIZE["DesiredCapacity"])

    def _front(self) -> None:
        """What splits the traffic, and what watches over it."""
        balancer = self._resources.load_balancer(self.name, self.balancer_type)
        self._address = balancer["DNSName"]
        # By its tags, the inventory plugin tells the production listener from the test route.
        self._production = self._listener(balancer, PRODUCTION_PORT, ALL_BLUE, self._resources.tags())
        self._test = self._listener(balancer, TEST_PORT, ALL_BLUE)
        for color in COLORS:
            self._alarm(balancer["LoadBalancerArn"], color)

    def _routes(self) -> dict[str, Any]:
        return {
            "bluegreen_routes": [self._production],
            "bluegreen_test_route": {"arn": self._test, "url": f"http://{self._address}:{TEST_PORT}"},
        }

    def _target_group(self, color: str) -> str:
        group = self._resources.target_group(f"{self.name}-{color}", color, self.protocol)
        delay = {"Key": "deregistration_delay.timeout_seconds", "Value": "30"}
        self._client("elbv2").modify_target_group_attributes(TargetGroupArn=group, Attributes=[delay])
        return group

    def _listener(
        self,
        balancer: Mapping[str, str],
        port: int,
        weights: Mapping[str, int],
        tags: Sequence[Mapping[str, str]] = (),
    ) -> str:
        action = forward({self._target_groups[color]: weight for color, weight in weights.items()})
        return self._resources.listener(balancer["LoadBalancerArn"], port, action, self.protocol, tags)

    def _alarm(self, balancer_arn: str, color: str) -> None:
        """More than 5 % of a minute's requests to one color failed."""
        dimensions = [dimension(balancer_arn), dimension(self._target_groups[color])]
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


def _sum(identity: str, metric: str, dimensions: list[dict[str, str]]) -> dict[str, Any]:
    measured = {"Namespace": "AWS/ApplicationELB", "MetricName": metric, "Dimensions": dimensions}
    return {"Id": identity, "MetricStat": {"Metric": measured, "Period": 60, "Stat": "Sum"}, "ReturnData": False}
