# SPDX-License-Identifier: GPL-3.0-or-later
"""A candidate that can't start: the reason within seconds, nothing of it left, stable as it was.

The lab runs at the speed of a clock on the wall here, so that seconds of the lab and of the play are the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.load import BackgroundLoad
from switchyard_lab.scene import Scene, eventually
from tests.sample import Sample

BLUE, GREEN = "demo-blue-v001", "demo-green-v002"
WITHIN = 15.0  # seconds from the first evidence to the end of the play
LACK_LASTS = 180.0
REMOVAL = ("DetachTrafficSources", "DeleteAutoScalingGroup")
LEAVES_WITHIN = 120.0  # the deregistration delay of the sample is 30 s

Cause = Callable[[Sample], dict[str, Any]]


@pytest.fixture
def sample() -> Iterator[Sample]:
    with LabProcess(speed=1, latency_ms=20) as lab:
        yield Sample(lab)


def bad_image(sample: Sample) -> dict[str, Any]:
    """Its instances answer their health checks with an error, for ever."""
    return {"bluegreen_image_id": Scene(sample.lab).image(release="1.1.0", health="fail")}


def no_capacity(sample: Sample) -> dict[str, Any]:
    sentence = (
        "We currently do not have sufficient t3.small capacity in the Availability Zone you requested (eu-west-1a)"
    )
    sample.lab.fault(operation="RunInstances", error="InsufficientInstanceCapacity", message=sentence, times=100)
    return {}


def no_quota(sample: Sample) -> dict[str, Any]:
    sentence = "You have requested more vCPU capacity than your current vCPU limit of 6 allows for {{ instances }}"
    sample.lab.fault(operation="RunInstances", error="VcpuLimitExceeded", message=sentence, times=100)
    return {}


CASES: dict[str, tuple[Cause, list[str]]] = {
    "bad image": (
        bad_image,
        [
            "ELB system health check failure",
            "Target.ResponseCodeMismatch: Health checks failed with these codes: [500]",
        ],
    ),
    "no capacity": (no_capacity, ["do not have sufficient t3.small capacity", "let the group use more zones"]),
    "no quota": (no_quota, ["vCPU limit of 6 allows for {{ instances }}", "Raise that quota"]),
}


def first_evidence(sample: Sample) -> float:
    """When the first launch failed, or the first instance was taken out of service for its health."""
    found = sample.lab.client("autoscaling").describe_scaling_activities(
        AutoScalingGroupName=GREEN, IncludeDeletedGroups=True
    )["Activities"]
    telling = [each for each in found if each["StatusCode"] == "Failed" or "health check" in each["Cause"]]
    return min(each["StartTime"].timestamp() for each in telling)


def left_of_it(sample: Sample) -> list[str]:
    """Groups, instances and targets next to stable's."""
    groups = sample.lab.client("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    stable = {each["InstanceId"] for group in groups for each in group["Instances"] if _name(group) == BLUE}
    elbv2 = sample.lab.client("elbv2")
    targets = [
        each["Target"]["Id"]
        for group in elbv2.describe_target_groups(Names=["demo-blue", "demo-green"])["TargetGroups"]
        for each in elbv2.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
    ]
    instances = [
        instance["InstanceId"]
        for reservation in sample.lab.client("ec2").describe_instances()["Reservations"]
        for instance in reservation["Instances"]
        if instance["State"]["Name"] != "terminated"
    ]
    return sorted({_name(group) for group in groups} - {BLUE} | ({*targets, *instances} - stable))


def _name(group: dict[str, Any]) -> str:
    return str(group["AutoScalingGroupName"])


@pytest.mark.parametrize(
    ("case", "within"),
    [
        pytest.param("bad image", WITHIN, marks=pytest.mark.thorough),
        pytest.param("no quota", WITHIN, marks=pytest.mark.thorough),
        pytest.param("no capacity", LACK_LASTS + WITHIN, marks=pytest.mark.thorough),
    ],
)
def test_it_fails_in_time_with_the_cause_and_leaves_stable_alone(sample: Sample, case: str, within: float) -> None:
    """A lack of capacity may pass, as AWS tries another zone, so it takes three minutes to be one."""
    cause, sentences = CASES[case]
    scene = Scene(sample.lab)
    before = scene.describe(BLUE)
    with BackgroundLoad(sample.url, rate=20) as load:
        played = sample.open("deploy", bluegreen_release="1.1.0", **cause(sample))
    took = time.time() - first_evidence(sample)

    assert played.returncode != 0
    reason = played.results[-1]["msg"]
    for sentence in [*sentences, f"{GREEN} does not come up in target group demo-green", "blue has all traffic"]:
        assert sentence in reason
    assert took < within
    assert scene.describe(BLUE) == before
    assert load.result.failed == 0
    eventually(lambda: left_of_it(sample), [].__eq__, LEAVES_WITHIN)


def test_a_candidate_that_is_to_be_kept_for_a_look_is_kept(sample: Sample) -> None:
    played = sample.open("deploy", bluegreen_release="1.1.0", bluegreen_failed_candidate="keep", **no_quota(sample))
    assert played.returncode != 0
    assert Scene(sample.lab).describe(GREEN)["DesiredCapacity"] == 3


@pytest.mark.thorough
def test_one_to_which_a_load_balancer_without_weights_leads_is_drained_before_it_is_deleted(sample: Sample) -> None:
    """It may have got requests from there."""
    scene, since = Scene(sample.lab), time.time()
    lattice = [{"Identifier": scene.lattice_target_group(), "Type": "vpc-lattice"}]
    sample.lab.client("autoscaling").attach_traffic_sources(AutoScalingGroupName=BLUE, TrafficSources=lattice)
    played = sample.open("deploy", bluegreen_release="1.1.0", **bad_image(sample))
    assert played.outcomes["demo"]["end_state"] == "rolled_back", played.outcomes["demo"]["message"]
    assert left_of_it(sample) == []
    removal = [each["operation"] for each in sample.lab.calls(since) if each["operation"] in REMOVAL]
    assert removal == list(REMOVAL)
