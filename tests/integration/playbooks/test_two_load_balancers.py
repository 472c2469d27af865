# SPDX-License-Identifier: GPL-3.0-or-later
"""A service behind a public and an internal load balancer: two target groups in each environment, moved as one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import eventually
from tests.sample import Sample

from .plain_service import GROUP, PORT, TARGET_GROUP, TWIN, PlainService
from .retaining import RETAINED, await_due

ADMIN, ADMIN_TWIN, ADMIN_PORT = "shop-admin", "shop-admin-green", 8100
PAIRS = {"blue": [TARGET_GROUP, ADMIN], "green": [TWIN, ADMIN_TWIN]}


class TwoLoadBalancers(PlainService):
    """One group of instances, with a target group at each of two load balancers."""

    def __init__(self, lab: LabProcess) -> None:
        super().__init__(lab)
        public = self.elbv2.describe_load_balancers(LoadBalancerArns=[self.balancer])["LoadBalancers"][0]
        subnets = [zone["SubnetId"] for zone in public["AvailabilityZones"]]
        made = self.elbv2.create_load_balancer(Name="admin", Subnets=subnets, Scheme="internal")["LoadBalancers"][0]
        self.hosts = {PORT: public["DNSName"], ADMIN_PORT: made["DNSName"]}
        fields = ("Protocol", "Port", "VpcId", "HealthCheckPath", "HealthCheckIntervalSeconds", "HealthyThresholdCount")
        alike = {field: self.target_group_named(TARGET_GROUP)[field] for field in fields}
        group = self.elbv2.create_target_group(Name=ADMIN, **alike)["TargetGroups"][0]
        self.admin = str(group["TargetGroupArn"])
        forward = {"Type": "forward", "TargetGroupArn": self.admin}
        listener = self.elbv2.create_listener(
            LoadBalancerArn=made["LoadBalancerArn"], Protocol="HTTP", Port=ADMIN_PORT, DefaultActions=[forward]
        )
        self.admin_listener = str(listener["Listeners"][0]["ListenerArn"])
        lab.client("autoscaling").attach_load_balancer_target_groups(
            AutoScalingGroupName=GROUP, TargetGroupARNs=[self.admin]
        )
        eventually(lambda: self.states(ADMIN), lambda seen: seen == ["healthy"] * 2)
        self.define()

    def define(self, **variables: Any) -> None:
        routes = [self.listener, getattr(self, "admin_listener", self.listener)]
        super().define(**{"bluegreen_routes": routes, "bluegreen_target_groups": PAIRS} | variables)

    def states(self, name: str) -> list[str]:
        arn = self.target_group_named(name)["TargetGroupArn"]
        found = self.elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
        return [each["TargetHealth"]["State"] for each in found]

    def load(self, port: int) -> BackgroundLoad:
        return BackgroundLoad(f"http://{self.hosts[port]}:{port}/", rate=30)

    def weights(self) -> list[dict[str, int]]:
        """Of both listeners, by the target groups' names."""
        listeners = self.elbv2.describe_listeners(ListenerArns=[self.listener, self.admin_listener])["Listeners"]
        forwards = [each["DefaultActions"][0]["ForwardConfig"]["TargetGroups"] for each in listeners]
        return [{each["TargetGroupArn"].split("/")[1]: each["Weight"] for each in groups} for groups in forwards]


@pytest.fixture
def service() -> Iterator[TwoLoadBalancers]:
    with LabProcess(seed=False, speed=20, latency_ms=20, propagation_ms=5000) as lab:
        yield TwoLoadBalancers(lab)


@pytest.mark.thorough
def test_both_load_balancers_move_as_one_and_no_request_fails(service: TwoLoadBalancers, good: dict[str, Any]) -> None:
    sample, retained = Sample(service.lab), good | {"bluegreen_retain_seconds": RETAINED}
    with service.load(PORT) as public, service.load(ADMIN_PORT) as internal:
        adopted = sample.open("adopt", bluegreen_adopt_test_route={"port": 8001})
        assert adopted.returncode == 0, adopted.messages
        assert service.weights() == [{TARGET_GROUP: 100, TWIN: 0}, {ADMIN: 100, ADMIN_TWIN: 0}]
        service.define(bluegreen_quiet_seconds=2)  # the lab's metrics come without delay
        for door, variables, blue in [("deploy", good, 0), ("rollback", {}, 100), ("deploy", retained, 0)]:
            played = sample.open(door, **variables)
            assert played.returncode == 0, (door, played.messages)
            split = [{TARGET_GROUP: blue, TWIN: 100 - blue}, {ADMIN: blue, ADMIN_TWIN: 100 - blue}]
            assert service.weights() == split, door
        await_due(sample.status())
        removed = sample.open("teardown")
        assert removed.returncode == 0, removed.messages
        again = sample.open("adopt", bluegreen_adopt_test_route={"port": 8001})
        assert (again.returncode, again.changed) == (0, 0), again.messages
    for load in (public, internal):
        assert load.result.failed == 0, load.result.failures[:5]
        assert load.result.requests > 100
    assert {name: service.states(name) for name in (TARGET_GROUP, ADMIN)} == {TARGET_GROUP: [], ADMIN: []}
    assert sample.answering() == {"1.1.0"}
