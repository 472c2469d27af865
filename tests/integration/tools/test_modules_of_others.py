# SPDX-License-Identifier: GPL-3.0-or-later
"""Modules of amazon.aws and community.aws build a service on the lab, and run again beside a release."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import eventually
from switchyard_lab.seed.account import Account
from switchyard_lab.seed.inventory import write_inventory
from tests.playing import Played, playbook
from tests.plays import forked
from tests.sample import SERVICE, Sample

pytestmark = pytest.mark.thorough

HERE = Path(__file__).parent


class Built:
    """By these modules, in an empty account."""

    def __init__(self, lab: LabProcess) -> None:
        self.lab, self.elbv2, self.autoscaling = lab, lab.client("elbv2"), lab.client("autoscaling")
        account = Account(lab.endpoint, lab.info()["cidr"])
        network, self.images = account.network(), account.images()
        self._given = {"vpc": network.vpc, "subnets": network.subnets, "security_group": network.security_group}
        self._given["image"] = self.images["1.0.0"]

    def play(self, name: str, *arguments: str, **more: Any) -> Played:
        given = ["-i", "localhost,", "-e", json.dumps({**self._given, **more})]
        return playbook(HERE / f"{name}.yml", self.lab.env, *given, *arguments, run=forked)

    def again(self, module: str, **more: Any) -> Played:
        """One of its tasks."""
        return self.play("service", "--tags", module, **more)

    @property
    def listeners(self) -> list[dict[str, Any]]:
        (balancer,) = self.elbv2.describe_load_balancers(Names=[SERVICE])["LoadBalancers"]
        return list(self.elbv2.describe_listeners(LoadBalancerArn=balancer["LoadBalancerArn"])["Listeners"])

    def weights(self) -> dict[str, int]:
        """Of the production listener, by target group."""
        (production,) = [each for each in self.listeners if each["Port"] == 8000]
        groups = production["DefaultActions"][0]["ForwardConfig"]["TargetGroups"]
        return {each["TargetGroupArn"].split("/")[1]: each["Weight"] for each in groups}

    def healthy(self, name: str) -> int:
        (group,) = self.elbv2.describe_target_groups(Names=[name])["TargetGroups"]
        found = self.elbv2.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        return [each["TargetHealth"]["State"] for each in found].count("healthy")

    def groups(self) -> dict[str, dict[str, Any]]:
        found = self.autoscaling.describe_auto_scaling_groups()["AutoScalingGroups"]
        return {each["AutoScalingGroupName"]: each for each in found}

    def define(self, **variables: Any) -> Sample:
        (production,) = [each["ListenerArn"] for each in self.listeners if each["Port"] == 8000]
        definition = {
            "bluegreen_routes": [production],
            "bluegreen_target_groups": {"blue": "shop-tg", "green": "shop-tg-green"},
            "bluegreen_adopt_test_route": {"port": 8001},
            "bluegreen_quiet_seconds": 2,
        }
        write_inventory(self.lab.inventory, {SERVICE: definition | variables}, self.images)
        return Sample(self.lab)


@pytest.fixture
def built() -> Iterator[Built]:
    with LabProcess(seed=False, speed=20) as lab:
        built = Built(lab)
        made = built.play("service")
        assert made.returncode == 0, made.messages
        eventually(lambda: built.healthy("shop-tg"), lambda count: count == 2, 60)
        yield built


def test_they_build_and_read_a_service_and_find_nothing_to_change(built: Built) -> None:
    again = built.play("service")
    assert (again.returncode, again.changed) == (0, 0), again.messages
    read = built.play("read")
    assert read.returncode == 0, read.messages


def test_what_each_takes_back_after_a_release(built: Built, good: dict[str, Any]) -> None:
    sample = built.define()
    adopted = sample.open("adopt")
    assert adopted.returncode == 0, adopted.messages
    released = sample.open("deploy", **good)
    assert released.returncode == 0, released.messages
    assert built.weights() == {"shop-tg": 0, "shop-tg-green": 100}
    print("groups", {n: (g["DesiredCapacity"], g.get("LaunchTemplate")) for n, g in built.groups().items()})
    for module, more in [
        ("always", {"modify_targets": True}),
        ("ec2_launch_template", {}),
        ("autoscaling_group", {}),
        ("cloudwatch_metric_alarm", {}),
        ("route53", {}),
        ("elb_application_lb", {"purge_listeners": False}),
        ("elb_application_lb", {}),
    ]:
        again = built.again(module, **more)
        print(module, more, again.returncode, again.changed, again.messages)
        print([each["task"] for each in again.results if each.get("changed")])
        print(built.weights(), built.healthy("shop-tg"), len(built.listeners))
        print("groups", {n: (g["DesiredCapacity"], g.get("LaunchTemplate")) for n, g in built.groups().items()})
        print(sample.open("status").messages)
    raise AssertionError
