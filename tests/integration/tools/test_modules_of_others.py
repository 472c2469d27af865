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

    def back(self, module: str, *, changes: bool = True) -> None:
        """One of its tasks again, as it was at first."""
        again = self.play("service", "--tags", module, arn=self.target_group("shop-tg")["TargetGroupArn"])
        assert (again.returncode, bool(again.changed)) == (0, changes), (module, again.messages)

    def target_group(self, name: str) -> dict[str, Any]:
        return dict(self.elbv2.describe_target_groups(Names=[name])["TargetGroups"][0])

    def tags(self, name: str) -> dict[str, str]:
        found = self.elbv2.describe_tags(ResourceArns=[self.target_group(name)["TargetGroupArn"]])["TagDescriptions"]
        return {tag["Key"]: tag["Value"] for tag in found[0]["Tags"]}

    def record(self, weight: int | None = None) -> int:
        """Its weight, which is set first if it is given."""
        route53 = self.lab.client("route53")
        zone = route53.list_hosted_zones()["HostedZones"][0]["Id"]
        records = route53.list_resource_record_sets(HostedZoneId=zone)["ResourceRecordSets"]
        (found,) = [each for each in records if "Weight" in each]
        if weight is not None:
            changes = [{"Action": "UPSERT", "ResourceRecordSet": {**found, "Weight": weight}}]
            route53.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
        return int(found["Weight"])

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
        arn = self.target_group(name)["TargetGroupArn"]
        found = self.elbv2.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
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
    again = built.play("service", beside=True)
    assert (again.returncode, again.changed) == (0, 0), again.messages
    read = built.play("read")
    assert read.returncode == 0, read.messages


def test_they_leave_a_release_alone_or_take_it_back(built: Built) -> None:
    """What docs/adopt.md says of each."""
    sample = built.define(bluegreen_retain_seconds=0)
    for door in ("adopt", "deploy", "teardown"):
        played = sample.open(door, bluegreen_release="1.1.0", bluegreen_strategy="all_at_once")
        assert played.returncode == 0, (door, played.messages)
    released = {"shop-tg": 0, "shop-tg-green": 100}
    assert (built.weights(), len(built.listeners), list(built.groups())) == (released, 2, ["demo-green-v001"])
    tags = built.tags("shop-tg")
    assert tags["bluegreen:stable"] == "green"

    beside = built.play("service", beside=True)
    assert (beside.returncode, beside.changed) == (0, 0), beside.messages
    assert (built.weights(), len(built.listeners), built.tags("shop-tg")) == (released, 2, tags)
    assert sample.status()["environments"]["green"]["weight"] == 100

    built.back("cloudwatch_metric_alarm", changes=False)
    built.back("elb_target_group")
    assert built.tags("shop-tg") == {"team": "shop"}
    built.back("ec2_launch_template")
    (template,) = built.lab.client("ec2").describe_launch_templates()["LaunchTemplates"]
    assert (template["DefaultVersionNumber"], template["LatestVersionNumber"]) == (3, 3)
    built.back("autoscaling_group")
    assert sorted(built.groups()) == ["demo-green-v001", "shop-asg"]
    built.record(0)
    built.back("route53")
    assert built.record() == 100
    built.back("elb_application_lb")
    assert (built.weights(), len(built.listeners)) == ({"shop-tg": 1}, 1)

    for door in ("adopt", "deploy"):
        mended = sample.open(door, bluegreen_release="1.1.0", bluegreen_strategy="all_at_once")
        assert mended.returncode == 0, (door, mended.messages)
    assert sample.answering() == {"1.1.0"}
