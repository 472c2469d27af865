# SPDX-License-Identifier: GPL-3.0-or-later
"""Pins that hold, journals that outlive a kill, originals that come back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal
from tests.integration.conftest import Ask

from ..conftest import Made

BOUNDS = {"MinSize": 1, "MaxSize": 4}
PINNED = {"bluegreen:pinned-minimum": "1 3", "bluegreen:pinned-maximum": "4 4"}


def sizes(scene: Scene, group: str) -> tuple[int, int, int]:
    """Minimum, desired capacity, maximum."""
    found = scene.describe(group)
    return found["MinSize"], found["DesiredCapacity"], found["MaxSize"]


def pins(scene: Scene, group: str) -> dict[str, str]:
    tags = {tag["Key"]: tag["Value"] for tag in scene.describe(group)["Tags"]}
    return {key: value for key, value in tags.items() if key.startswith("bluegreen:pinned-")}


def tag(group: str, key: str, value: str) -> dict[str, Any]:
    which = {"ResourceId": group, "ResourceType": "auto-scaling-group", "PropagateAtLaunch": False}
    return {**which, "Key": key, "Value": value}


@pytest.fixture
def group(scene: Scene) -> str:
    name = scene.group(desired=3, **BOUNDS)
    scene.in_service(name, 3)
    return name


def test_a_pinned_group_cannot_scale_in_and_a_released_one_is_as_it_was(
    ask: Ask, scene: Scene, group: str, made: Made
) -> None:
    before = scene.describe(group)
    made()
    reported = ask("autoscaling_capacity", check=True, group=group)
    assert (reported["changed"], made("write")) == (True, [])

    pinned = ask("autoscaling_capacity", group=group)
    assert made("write") == ["CreateOrUpdateTags", "UpdateAutoScalingGroup"], "the journal comes first"
    assert {key: pinned[key] for key in ("capacity", "raised", "diff")} == {
        key: reported[key] for key in ("capacity", "raised", "diff")
    }
    assert pinned["capacity"] == {
        "group": group,
        "desired": 3,
        "minimum": 3,
        "maximum": 4,
        "pinned": {"minimum": 1, "maximum": 4},
    }
    assert (sizes(scene, group), pins(scene, group)) == ((3, 3, 4), PINNED)
    scale_in = {"AutoScalingGroupName": group, "DesiredCapacity": 2}
    assert refusal(scene.autoscaling.set_desired_capacity, **scale_in) == "ValidationError"

    made()
    assert not ask("autoscaling_capacity", group=group)["changed"]
    assert made() == ["DescribeAutoScalingGroups"]

    released = ask("autoscaling_capacity", group=group, state="released")
    assert (released["changed"], released["capacity"]["pinned"]) == (True, None)
    assert made("write") == ["UpdateAutoScalingGroup", "DeleteTags"], "the journal goes last"
    assert scene.describe(group) == before
    assert not ask("autoscaling_capacity", group=group, state="released")["changed"]
    assert made("write") == []


def test_a_group_grows_to_match_another_and_keeps_its_own_bounds_in_mind(ask: Ask, scene: Scene, group: str) -> None:
    large = scene.group(desired=6)
    matched = ask("autoscaling_capacity", group=group, match=large)
    assert (matched["raised"], sizes(scene, group)) == (3, (6, 6, 6))
    grown = {"bluegreen:pinned-minimum": "1 6", "bluegreen:pinned-maximum": "4 6"}
    assert pins(scene, group) == grown
    scene.in_service(group, 6)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=large, DesiredCapacity=2)
    followed = ask("autoscaling_capacity", group=group, match=large)
    followed_in_tags = grown | {"bluegreen:pinned-minimum": "1 6 2"}
    assert (followed["raised"], sizes(scene, group), pins(scene, group)) == (0, (2, 6, 6), followed_in_tags)
    ask("autoscaling_capacity", group=group, state="released")
    assert (sizes(scene, group), pins(scene, group)) == ((1, 4, 4), {})


def test_bounds_that_somebody_else_sets_while_it_is_pinned_stay(ask: Ask, scene: Scene, group: str) -> None:
    """A scheduled action, before the peak: the group is not cut to the maximum of the night."""
    ask("autoscaling_capacity", group=group)
    scheduled = {"MinSize": 2, "MaxSize": 8, "DesiredCapacity": 5}
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, **scheduled)
    released = ask("autoscaling_capacity", group=group, state="released")
    assert released["diff"]["before"]["pinned"] == {"minimum": 2, "maximum": 8}
    assert (sizes(scene, group), pins(scene, group)) == ((2, 5, 8), {})


def test_bounds_that_somebody_sets_while_an_alarm_is_waited_for_stay(ask: Ask, scene: Scene, group: str) -> None:
    """The wait can take minutes, and the morning's scheduled action comes in between."""
    scales_in = {"AdjustmentType": "ChangeInCapacity", "ScalingAdjustment": -1}
    policy = scene.autoscaling.put_scaling_policy(AutoScalingGroupName=group, PolicyName="less", **scales_in)
    alarm, cloudwatch = f"{group}-low", scene.lab.client("cloudwatch")
    metric = {"Namespace": "demo", "MetricName": "load", "Statistic": "Average", "Period": 60, "EvaluationPeriods": 1}
    compared = {"Threshold": 1.0, "ComparisonOperator": "LessThanThreshold", "TreatMissingData": "ignore"}
    cloudwatch.put_metric_alarm(AlarmName=alarm, AlarmActions=[policy["PolicyARN"]], **metric, **compared)
    ask("autoscaling_capacity", group=group)
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="no load")
    since = time.time()

    def resize() -> None:
        eventually(
            lambda: [call["operation"] for call in scene.lab.calls(since)], lambda made: "DescribeAlarms" in made
        )
        scheduled = {"MinSize": 2, "MaxSize": 8, "DesiredCapacity": 5}
        scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, **scheduled)
        cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="OK", StateReason="some load")

    with ThreadPoolExecutor() as beside:
        resized = beside.submit(resize)
        released = ask("autoscaling_capacity", group=group, state="released")
        resized.result()
    assert (released["capacity"]["minimum"], released["capacity"]["maximum"]) == (2, 8)
    assert (sizes(scene, group), pins(scene, group)) == ((2, 5, 8), {})


def test_bounds_that_a_removal_has_taken_from_a_pinned_group_are_restored(ask: Ask, scene: Scene, group: str) -> None:
    """By a removal that died, so that nobody else gives them back."""
    tags = {"bluegreen:service": group, "bluegreen:retain-until": "2020-01-01T00:00:00+00:00"}
    scene.autoscaling.create_or_update_tags(Tags=[tag(group, *each) for each in tags.items()])
    ask("autoscaling_capacity", group=group)
    ask("autoscaling_clone", service=group, name=group, state="leaving")
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, MinSize=0, MaxSize=2)
    ask("autoscaling_capacity", group=group, state="released", wait_timeout=0)
    assert (sizes(scene, group), pins(scene, group)) == ((1, 2, 4), {})


def test_both_groups_are_pinned_at_once_and_the_one_that_grows_is_waited_for(
    ask: Ask, scene: Scene, group: str, made: Made
) -> None:
    target_group = scene.target_group()
    scene.listener({target_group: 0})
    small = scene.group(desired=1, target_groups=(target_group,))
    scene.healthy(target_group, 1)
    asked: dict[str, Any] = {"group": small, "match": group, "match_pinned": True, "health_timeout": 60}
    made()
    reported = ask("autoscaling_capacity", check=True, **asked)
    assert (made("write"), reported["raised"]) == ([], 2)

    pinned = ask("autoscaling_capacity", **asked)
    assert made("write") == ["CreateOrUpdateTags", *["UpdateAutoScalingGroup"] * 2], "both journals come first"
    assert (pinned["raised"], pinned["msg"], pinned["diff"]) == (2, "3/3 healthy", reported["diff"])
    assert (sizes(scene, group), pins(scene, group)) == ((3, 3, 4), PINNED)
    assert sizes(scene, small) == (3, 3, 10)
    scene.healthy(target_group, 3)

    made()
    again = ask("autoscaling_capacity", **asked)
    assert (again["changed"], again["msg"]) == (False, "3/3 healthy")
    assert made() == ["DescribeAutoScalingGroups", "DescribeTargetHealth"]


def test_a_group_that_does_not_come_up_is_not_waited_for_in_vain(ask: Ask, scene: Scene, group: str) -> None:
    """A run that died may have raised the capacity, and not waited."""
    alone = ask("autoscaling_capacity", group=group, health_timeout=60)
    assert f"{group} is attached to no target group" in alone["msg"]
    target_group = scene.target_group()
    unused = scene.group(desired=1, target_groups=(target_group,))
    scene.in_service(unused, 1)
    result = ask("autoscaling_capacity", group=unused, health_timeout=60)
    assert "No listener or rule refers to target group" in result["msg"]


@pytest.mark.parametrize("bounds", [BOUNDS, {"MinSize": 3, "MaxSize": 4}], ids=["journaled only", "pinned"])
def test_a_run_that_died_between_its_writes_is_taken_up(
    ask: Ask, scene: Scene, group: str, bounds: dict[str, Any]
) -> None:
    """The journal is written first and removed last, so that these are the two states a kill can leave."""
    scene.autoscaling.create_or_update_tags(Tags=[tag(group, *each) for each in PINNED.items()])
    scene.autoscaling.update_auto_scaling_group(AutoScalingGroupName=group, **bounds)
    ask("autoscaling_capacity", group=group)
    assert (sizes(scene, group), pins(scene, group)) == ((3, 3, 4), PINNED)
    ask("autoscaling_capacity", group=group, state="released")
    assert (sizes(scene, group), pins(scene, group)) == ((1, 3, 4), {})


def test_a_busy_group_is_tried_again(ask: Ask, scene: Scene, group: str) -> None:
    scene.lab.fault(operation="UpdateAutoScalingGroup", error="ScalingActivityInProgress", times=1)
    assert ask("autoscaling_capacity", group=group)["changed"]
    assert sizes(scene, group) == (3, 3, 4)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"group": "nobody"}, "There is no Auto Scaling group nobody"),
        ({"match": "nobody"}, "There is no Auto Scaling group nobody"),
        ({"match": "nobody", "state": "released"}, "match and health_timeout say what a pin is to hold"),
        ({"health_timeout": 60, "state": "released"}, "match and health_timeout say what a pin is to hold"),
        ({"match_pinned": True}, "match_pinned needs match"),
    ],
)
def test_bad_input_is_told_before_anything_is_written(
    ask: Ask, group: str, made: Made, options: dict[str, str], said: str
) -> None:
    made()
    result = ask("autoscaling_capacity", **{"group": group, **options})
    assert result["failed"]
    assert said in result["msg"]
    assert made("write") == []


def test_a_group_that_is_being_deleted_is_left_alone(ask: Ask, scene: Scene, made: Made) -> None:
    target_group = scene.target_group(delay=300)
    scene.listener({target_group: 0})
    leaving = scene.group(desired=1, target_groups=(target_group,))
    scene.healthy(target_group, 1)
    scene.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=leaving, ForceDelete=True)
    eventually(lambda: scene.describe(leaving).get("Status"), "Delete in progress".__eq__)
    made()
    result = ask("autoscaling_capacity", group=leaving)
    assert f"{leaving} is being deleted" in result["msg"]
    assert made("write") == []


def test_the_candidate_of_another_run_is_left_as_it_is(ask: Ask, scene: Scene, group: str, made: Made) -> None:
    ask("environment_mark", group=group, mark="run", value="theirs")
    made()
    refused = ask("autoscaling_capacity", group=group, run="ours")
    assert f"{group} is the candidate of another run (theirs), not of this one (ours)" in refused["msg"]
    assert (made("write"), pins(scene, group)) == ([], {})
    stable = scene.group(desired=2)
    refused = ask("autoscaling_capacity", group=group, run="ours", match=stable, match_pinned=True)
    assert (refused["failed"], made("write"), pins(scene, stable)) == (True, [], {})
    assert ask("autoscaling_capacity", group=group, run="theirs")["changed"]
