# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the image fits the live group's instance types, and whether there is room for a second group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene, eventually
from tests.lab.client import LabProcess

from ..conftest import Made

MUCH = 100_000
ROOM = [
    "DescribeAccountLimits",
    "DescribeAutoScalingGroups",
    "DescribeImages",
    "DescribeInstanceRefreshes",
    "DescribeInstanceTypes",
    "DescribeLaunchTemplateVersions",
    "DescribeSubnets",
    "GetMetricStatistics",
    "GetServiceQuota",
]


@pytest.fixture(autouse=True)
def much(lab: LabProcess) -> Iterator[None]:
    lab.fault(quota={"vcpus": MUCH})
    yield
    lab.fault(quota={"vcpus": MUCH})


def test_each_thing_is_read_once(ask: Ask, scene: Scene, made: Made) -> None:
    source, image = scene.group(1), scene.image(release="2")
    made()
    result = ask("preflight", image_id=image, source=source)
    assert (result["findings"], result["unchecked"]) == ([], []), result
    assert sorted(made()) == ROOM


def test_an_image_of_another_architecture(ask: Ask, scene: Scene) -> None:
    image = scene.ec2.register_image(Name=scene.name("image"), Architecture="arm64")["ImageId"]
    result = ask("preflight", image_id=image, source=scene.group(0, DesiredCapacity=1))
    (finding,) = result["findings"]
    assert f"Image {image} does not run on t3.small: its architecture is arm64, the type's x86_64" in finding


@pytest.fixture
def full_subnet(scene: Scene) -> Iterator[str]:
    """Of 16 addresses AWS keeps five for itself."""
    block = scene.ec2.describe_vpcs(VpcIds=[scene.vpc])["Vpcs"][0]["CidrBlock"].split(".")
    asked = ".".join([*block[:2], "240", "0/28"])
    subnet = str(scene.ec2.create_subnet(VpcId=scene.vpc, CidrBlock=asked)["Subnet"]["SubnetId"])
    yield subnet
    scene.clear()
    scene.ec2.delete_subnet(SubnetId=subnet)


def test_no_room_for_a_second_group(ask: Ask, lab: LabProcess, scene: Scene, full_subnet: str) -> None:
    """Six instances of two vCPUs each run, whatever else runs in the account."""
    source = scene.group(6, VPCZoneIdentifier=full_subnet)
    scene.in_service(source, 6)
    lab.fault(quota={"vcpus": 20})
    result = ask("preflight", source=source)
    addresses, vcpus = sorted(result["findings"], key=lambda finding: "vCPUs" in finding)
    assert "needs 6 addresses; its subnets have 5 free" in addresses
    assert "needs 12 vCPUs, " in vcpus
    there = ask("preflight", source=source, candidate="any-green-v002")
    assert there["findings"] == [], "a candidate that is there has its room"


def test_what_else_runs_in_the_account_is_in_use(ask: Ask, lab: LabProcess, scene: Scene) -> None:
    """The quota would do for the group and its clone alone."""
    source, other = scene.group(1), scene.group(4)
    scene.in_service(source, 1)
    scene.in_service(other, 4)
    used = eventually(lambda: vcpus_told(lab), lambda told: told == vcpus_running(scene))
    lab.fault(quota={"vcpus": used + 2})
    assert ask("preflight", source=source)["findings"] == []
    lab.fault(quota={"vcpus": used + 1})
    (finding,) = ask("preflight", source=source)["findings"]
    assert f"needs 2 vCPUs, {used} are in use" in finding


def vcpus_told(lab: LabProcess) -> int | None:
    """The last value of the metric that the quota names."""
    quota = lab.client("service-quotas").get_service_quota(ServiceCode="ec2", QuotaCode="L-1216C47A")["Quota"]
    metric, now = quota["UsageMetric"], datetime.now(UTC)
    points = lab.client("cloudwatch").get_metric_statistics(
        Namespace=metric["MetricNamespace"],
        MetricName=metric["MetricName"],
        Dimensions=[{"Name": name, "Value": value} for name, value in metric["MetricDimensions"].items()],
        StartTime=now - timedelta(minutes=5),
        EndTime=now,
        Period=60,
        Statistics=[metric["MetricStatisticRecommendation"]],
    )["Datapoints"]
    last = max(points, key=lambda point: point["Timestamp"], default=None)
    return int(last[metric["MetricStatisticRecommendation"]]) if last else None


def vcpus_running(scene: Scene) -> int:
    """All of the lab's instances have two."""
    states = [{"Name": "instance-state-name", "Values": ["pending", "running"]}]
    pages = scene.ec2.get_paginator("describe_instances").paginate(Filters=states)
    return 2 * sum(len(each["Instances"]) for page in pages for each in page["Reservations"])


def test_a_quota_that_cannot_be_read_is_told_and_proves_nothing(ask: Ask, lab: LabProcess, scene: Scene) -> None:
    source = scene.group(1)
    lab.fault(operation="GetServiceQuota", times=1, error="AccessDeniedException")
    result = ask("preflight", source=source)
    assert result["findings"] == []
    (told,) = result["unchecked"]
    assert told.startswith("Not checked. AWS refused reading quota L-1216C47A of ec2")
    assert len(result["warnings"]) == 1


def test_a_group_that_does_not_exist_is_a_finding_told_once(ask: Ask) -> None:
    result = ask("preflight", source="nobody-made-it")
    assert result["findings"] == ["There is no Auto Scaling group nobody-made-it to build from."]


def test_two_fleets_that_are_too_many_for_a_load_balancer(ask: Ask, scene: Scene) -> None:
    targets = scene.target_group()
    route = scene.listener({targets: 100})
    source = scene.group(1, (targets,), MaxSize=2000)
    (finding,) = ask("preflight", source=source, routes=[route], headroom_percent=99_900)["findings"]
    assert "may have 1000 targets, and with the new group there are 1001" in finding
