# SPDX-License-Identifier: GPL-3.0-or-later
"""Capacity stays where it is needed while traffic moves, and its bounds come back exactly."""

from __future__ import annotations

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from switchyard_lab.scene import Scene, eventually
from tests.sample import Sample

from .interrupting import interrupt_at

BLUE, GREEN = "demo-blue-v001", "demo-green-v002"
OWN = (2, 6)  # the seed's bounds; it runs 3 instances
LEASE = ("AddTags", "RemoveTags")  # with the first write of a rollback, which waits for neither
FREE, PINNED = (OWN, None), ((3, 6), {"minimum": 2, "maximum": 6})

Variables = dict[str, Any]
Seen = tuple[tuple[int, int], dict[str, int] | None]


def bounds(sample: Sample) -> dict[str, Seen]:
    """Each environment's minimum and maximum, and what status.yml says it had before it was pinned."""
    found = sample.status()["environments"].values()
    return {each["color"]: ((each["minimum"], each["maximum"]), each["pinned"]) for each in found if each["group"]}


def resize(sample: Sample, group: str, desired: int) -> None:
    sample.lab.client("autoscaling").set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=desired)


def leak(sample: Sample, group: str) -> None:
    """What a run leaves that dies between declaring the group stable and releasing its pin."""
    tag(sample, group, {"bluegreen:pinned-minimum": "2 3", "bluegreen:pinned-maximum": "6 6"})
    sample.lab.client("autoscaling").update_auto_scaling_group(AutoScalingGroupName=group, MinSize=3)


def tag(sample: Sample, group: str, tags: dict[str, str]) -> None:
    sample.lab.client("autoscaling").create_or_update_tags(
        Tags=[
            {
                "ResourceId": group,
                "ResourceType": "auto-scaling-group",
                "Key": key,
                "Value": value,
                "PropagateAtLaunch": False,
            }
            for key, value in tags.items()
        ]
    )


@pytest.mark.thorough
def test_capacity_is_held_while_traffic_moves_and_let_go_afterwards(sample: Sample, good: Variables) -> None:
    interrupt_at(sample, good, 50)
    assert bounds(sample) == {"blue": PINNED, "green": PINNED}
    for group in (BLUE, GREEN):
        with pytest.raises(ClientError, match="ValidationError"):
            resize(sample, group, 2)

    tag(sample, BLUE, {"bluegreen:retain-until": "2020-01-01T00:00:00+00:00"})  # as by a run that dies while it settles
    since = time.time()
    assert sample.open("rollback").returncode == 0
    made = [call["operation"] for call in sample.lab.calls(since, kind="write")]
    writes = [operation for operation in made if operation not in LEASE]
    assert writes[0] == "ModifyListener"
    assert sorted(writes[1:]) == ["CreateOrUpdateTags", *["DeleteTags"] * 2, *["UpdateAutoScalingGroup"] * 2]
    assert bounds(sample) == {"blue": FREE, "green": FREE}

    leak(sample, BLUE)
    assert sample.open("deploy", **good).returncode == 0
    assert bounds(sample) == {"blue": PINNED, "green": FREE}, "what is retained stays as large as it was"

    resize(sample, GREEN, 5)
    since = time.time()
    played = sample.open("rollback")
    assert played.returncode == 0, played.messages
    moves = [result["moves"] for result in played.results if "moves" in result]
    assert [moves[-1][0]["weight"], moves[-1][-1]["weight"]] == [60, 100]
    *_first, whole = [call["time"] for call in sample.lab.calls(since) if call["operation"] == "ModifyListener"]
    assert last_launch(sample, BLUE) < whole
    assert bounds(sample) == {"blue": FREE, "green": FREE}


@pytest.mark.thorough
def test_the_size_that_a_scheduled_action_sets_in_mid_release_is_that_of_the_day(
    sample: Sample, good: Variables
) -> None:
    """Settling and returning would otherwise cut what has all traffic to the maximum of the night."""
    interrupt_at(sample, good, 50)
    for group in (BLUE, GREEN):
        sample.lab.client("autoscaling").update_auto_scaling_group(
            AutoScalingGroupName=group, MinSize=4, MaxSize=8, DesiredCapacity=7
        )
    assert sample.open("deploy", **good).returncode == 0
    assert bounds(sample) == {"blue": ((7, 8), {"minimum": 4, "maximum": 8}), "green": ((4, 8), None)}
    assert Scene(sample.lab).describe(GREEN)["DesiredCapacity"] == 7
    assert sample.open("rollback").returncode == 0
    assert bounds(sample)["blue"] == ((4, 8), None)
    assert Scene(sample.lab).describe(BLUE)["DesiredCapacity"] == 7


@pytest.mark.thorough
def test_a_candidate_grows_to_what_stable_has_and_a_return_is_not_held_up_by_what_aws_cannot_give(
    sample: Sample, good: Variables
) -> None:
    leak(sample, BLUE)
    assert sample.open("deploy", bluegreen_release="1.0.0").returncode == 0
    assert bounds(sample) == {"blue": FREE}, "a dead run's pin on what is stable already"

    assert sample.open("provision", **good).returncode == 0
    resize(sample, BLUE, 5)
    since = time.time()
    assert sample.open("swap", **good).returncode == 0
    environments = sample.status()["environments"]
    assert (environments["green"]["desired"], environments["green"]["healthy"]) == (5, 5)
    shifted = next(call["time"] for call in sample.lab.calls(since) if call["operation"] == "ModifyListener")
    assert last_launch(sample, GREEN) < shifted

    resize(sample, GREEN, 6)
    eventually(lambda: len(Scene(sample.lab).members(GREEN)), (6).__eq__)
    sample.lab.fault(operation="RunInstances", error="InsufficientInstanceCapacity", times=1000)
    played = sample.open("rollback")
    assert played.returncode == 0, played.messages
    status = sample.status()
    assert (status["stable"], status["environments"]["blue"]["weight"]) == ("blue", 100)
    assert bounds(sample) == {"blue": FREE, "green": FREE}


def last_launch(sample: Sample, group: str) -> float:
    launches = sample.lab.client("autoscaling").describe_scaling_activities(AutoScalingGroupName=group)["Activities"]
    return float(max(launch["EndTime"].timestamp() for launch in launches))
