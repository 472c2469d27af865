# SPDX-License-Identifier: GPL-3.0-or-later
"""What the account may run and what EC2 has left, and how a group tells that it met a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually, refusal

VCPUS = {"ServiceCode": "ec2", "QuotaCode": "L-1216C47A"}
SCARCE = "c5.large"  # no other test launches it
ZONE = "eu-west-1a"


@pytest.fixture
def limits(lab: LabProcess) -> Iterator[LabProcess]:
    """What a test limits, it gives back."""
    before = lab.client("service-quotas").get_service_quota(**VCPUS)["Quota"]["Value"]
    yield lab
    lab.fault(quota={"vcpus": int(before)}, capacity={"instance_type": SCARCE, "available": None})
    lab.fault(capacity={"instance_type": SCARCE, "available": None, "zone": ZONE})


def test_quotas_are_told_and_groups_meet_them(limits: LabProcess, scene: Scene) -> None:
    group = scene.group(1)
    scene.in_service(group, 1)
    limits.fault(quota={"vcpus": 2})
    quotas = limits.client("service-quotas")
    assert quotas.get_service_quota(**VCPUS)["Quota"]["Value"] == 2
    reported = {each["QuotaCode"]: each["Value"] for each in quotas.list_service_quotas(ServiceCode="ec2")["Quotas"]}
    assert reported["L-1216C47A"] == 2
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=2)
    failure = failed(scene, group)
    assert "current vCPU limit of 2 allows for the instance bucket" in failure["StatusMessage"]
    limits.fault(quota={"vcpus": 8192})
    scene.in_service(group, 2)


def test_capacity_that_ec2_lacks(limits: LabProcess, scene: Scene) -> None:
    limits.fault(capacity={"instance_type": SCARCE, "available": 1})
    group = scene.group(2, LaunchTemplate=scarce(scene))
    failure = failed(scene, group)
    assert failure["StatusMessage"].startswith("We currently do not have sufficient c5.large capacity")
    assert failure["StatusMessage"].endswith("Launching EC2 instance failed.")
    scene.in_service(group, 1)
    limits.fault(capacity={"instance_type": SCARCE, "available": None})
    scene.in_service(group, 2)


def test_capacity_that_a_zone_lacks_is_found_in_another(limits: LabProcess, scene: Scene) -> None:
    limits.fault(capacity={"instance_type": SCARCE, "available": 0, "zone": ZONE})
    group = scene.group(2, LaunchTemplate=scarce(scene))
    scene.in_service(group, 2)
    assert {each["AvailabilityZone"] for each in scene.describe(group)["Instances"]} == {"eu-west-1b"}
    assert f"in the Availability Zone you requested ({ZONE})" in failed(scene, group)["StatusMessage"]


def test_a_group_that_is_to_stay_balanced_tries_the_same_zone_again(limits: LabProcess, scene: Scene) -> None:
    limits.fault(capacity={"instance_type": SCARCE, "available": 0, "zone": ZONE})
    balanced = {"CapacityDistributionStrategy": "balanced-only"}
    group = scene.group(2, LaunchTemplate=scarce(scene), AvailabilityZoneDistribution=balanced)
    eventually(
        lambda: scene.activities(group), lambda found: [each["StatusCode"] for each in found].count("Failed") > 1
    )
    assert "eu-west-1a" not in {each["AvailabilityZone"] for each in scene.describe(group)["Instances"]}
    assert len(scene.members(group)) < 2


def test_account_limits(scene: Scene) -> None:
    assert scene.autoscaling.describe_account_limits()["MaxNumberOfAutoScalingGroups"] == 500
    reported = {each["Name"]: each["Max"] for each in scene.elbv2.describe_account_limits()["Limits"]}
    assert reported["targets-per-application-load-balancer"] == "1000"
    quotas = scene.lab.client("service-quotas")
    unknown = {"ServiceCode": "ec2", "QuotaCode": "L-00000000"}
    assert refusal(quotas.get_service_quota, **unknown) == "NoSuchResourceException"


def scarce(scene: Scene) -> dict[str, str]:
    """What to launch instances of the scarce type from."""
    template = scene.template()
    scene.ec2.create_launch_template_version(
        LaunchTemplateId=template, SourceVersion="1", LaunchTemplateData={"InstanceType": SCARCE}
    )
    return {"LaunchTemplateId": template, "Version": "2"}


def failed(scene: Scene, group: str) -> dict[str, Any]:
    """The group's first launch that failed."""

    def look() -> list[dict[str, Any]]:
        return [each for each in scene.activities(group) if each["StatusCode"] == "Failed"]

    return eventually(look, bool)[0]
