# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the image fits the live group's instance types, and whether there is room for a second group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually

from ..conftest import Made, Plan
from ..demo import Demo

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


# Groups are the service's, which are read with the service, and all, for who else launches from its template; images
# are the release's and the live group's.
TWICE = {"DescribeAccountLimits": 2, "DescribeAutoScalingGroups": 2, "DescribeImages": 2}


@pytest.fixture(autouse=True)
def much(lab: LabProcess) -> Iterator[None]:
    lab.fault(quota={"vcpus": MUCH})
    yield
    lab.fault(quota={"vcpus": MUCH})


@pytest.fixture
def release(scene: Scene, demo: Demo) -> dict[str, Any]:
    """Of an image that the live group does not have."""
    return {**demo.definition, "image_id": scene.image(release="2")}


def test_each_thing_is_read_once(plan: Plan, demo: Demo, release: dict[str, Any], made: Made) -> None:
    demo.live(1)
    made()
    result = plan(**release)
    assert (result["findings"], result["unchecked"]) == ([], []), result
    calls = made()
    assert sorted(set(ROOM) - set(calls)) == []
    assert [each for each in ROOM if calls.count(each) > TWICE.get(each, 1)] == []


def test_an_image_of_another_architecture(plan: Plan, scene: Scene, demo: Demo) -> None:
    demo.live(1)
    image = scene.ec2.register_image(Name=scene.name("image"), Architecture="arm64")["ImageId"]
    result = plan(**demo.definition, image_id=image)
    (finding,) = result["findings"]
    assert f"Image {image} does not run on t3.small: its architecture is arm64, the type's x86_64" in finding


@pytest.fixture
def full_subnet(scene: Scene) -> Iterator[str]:
    """Of 16 addresses AWS keeps five for itself."""
    block = scene.ec2.describe_vpcs(VpcIds=[scene.vpc])["Vpcs"][0]["CidrBlock"].split(".")
    asked = {"CidrBlock": ".".join([*block[:2], "240", "0/28"]), "AvailabilityZone": "eu-west-1a"}
    subnet = str(scene.ec2.create_subnet(VpcId=scene.vpc, **asked)["Subnet"]["SubnetId"])
    yield subnet
    scene.clear()
    scene.ec2.delete_subnet(SubnetId=subnet)


def test_no_room_for_a_second_group(
    plan: Plan, lab: LabProcess, scene: Scene, demo: Demo, release: dict[str, Any], full_subnet: str
) -> None:
    """Six instances of two vCPUs each run, whatever else runs in the account."""
    source = demo.live(6, VPCZoneIdentifier=full_subnet)
    scene.in_service(source, 6)
    lab.fault(quota={"vcpus": 20})
    result = plan(**release)
    addresses, vcpus = sorted(result["findings"], key=lambda finding: "vCPUs" in finding)
    assert "needs 6 addresses; its subnets have 5 free" in addresses
    assert "needs 12 vCPUs, " in vcpus
    demo.candidate(release["image_id"])
    assert plan(**release)["findings"] == [], "a candidate that is there has its room"


def test_what_else_runs_in_the_account_is_in_use(
    plan: Plan, lab: LabProcess, scene: Scene, demo: Demo, release: dict[str, Any]
) -> None:
    """The quota would do for the group and its clone alone."""
    source, other = demo.live(1), scene.group(4)
    scene.in_service(source, 1)
    scene.in_service(other, 4)
    used = eventually(lambda: vcpus_told(lab), lambda reported: reported == vcpus_running(scene))
    lab.fault(quota={"vcpus": used + 2})
    assert plan(**release)["findings"] == []
    lab.fault(quota={"vcpus": used + 1})
    (finding,) = plan(**release)["findings"]
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


def test_a_quota_that_cannot_be_read_is_told_and_proves_nothing(
    plan: Plan, lab: LabProcess, demo: Demo, release: dict[str, Any]
) -> None:
    demo.live(1)
    lab.fault(operation="GetServiceQuota", times=1, error="AccessDeniedException")
    result = plan(**release)
    assert result["findings"] == []
    (reported,) = result["unchecked"]
    assert reported.startswith("Not checked. AWS refused reading quota L-1216C47A of ec2")
    assert reported in result["warnings"]


def test_two_fleets_that_are_too_many_for_a_load_balancer(plan: Plan, scene: Scene, release: dict[str, Any]) -> None:
    """With a first group that is as large."""
    sizes = {"min_size": 1, "desired_capacity": 1001, "max_size": 1001, "vpc_zone_identifier": scene.subnets}
    group = {"launch_template": {"instance_type": "t3.small"}, "autoscaling_group": sizes}
    findings = plan(**release, group=group)["findings"]
    assert any("may have 1000 targets, and with the new group there are 1001" in finding for finding in findings)
