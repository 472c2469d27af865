# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled actions: they act at their time, and those that recur stay for the next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from switchyard_lab.scene import Scene, eventually, refusal


def test_an_action_acts_at_its_time_and_is_gone(scene: Scene) -> None:
    group = scene.group(0)
    named = {"AutoScalingGroupName": group}
    soon = datetime.now(UTC) + timedelta(seconds=2)
    scene.autoscaling.put_scheduled_update_group_action(
        **named, ScheduledActionName="soon", StartTime=soon, MinSize=1, MaxSize=3, DesiredCapacity=2
    )
    scene.in_service(group, 2)
    found = scene.describe(group)
    assert (found["MinSize"], found["MaxSize"]) == (1, 3)
    eventually(
        lambda: scene.autoscaling.describe_scheduled_actions(**named)["ScheduledUpdateGroupActions"],
        lambda left: left == [],
    )


def test_a_suspended_schedule_changes_nothing(scene: Scene) -> None:
    group = scene.group(0)
    named = {"AutoScalingGroupName": group}
    scene.autoscaling.suspend_processes(**named, ScalingProcesses=["ScheduledActions"])
    soon = datetime.now(UTC) + timedelta(seconds=1)
    action = {"ScheduledActionName": "soon", "StartTime": soon, "DesiredCapacity": 2}
    scene.autoscaling.put_scheduled_update_group_action(**named, **action)
    eventually(
        lambda: scene.autoscaling.describe_scheduled_actions(**named)["ScheduledUpdateGroupActions"],
        lambda left: left == [],
    )
    assert scene.describe(group)["DesiredCapacity"] == 0


def test_a_time_in_the_past_is_refused(scene: Scene) -> None:
    past = datetime.now(UTC) - timedelta(minutes=5)
    action = {"ScheduledActionName": "late", "StartTime": past, "DesiredCapacity": 1}
    put = scene.autoscaling.put_scheduled_update_group_action
    assert refusal(put, AutoScalingGroupName=scene.group(0), **action) == "ValidationError"


def test_a_recurring_action_acts_and_is_told_with_its_next_time(scene: Scene) -> None:
    group = scene.group(0)
    named = {"AutoScalingGroupName": group}
    soon = datetime.now(UTC) + timedelta(seconds=2)
    recurring = {"Recurrence": "0 22 * * *", "TimeZone": "Europe/Berlin"}
    scene.autoscaling.put_scheduled_update_group_action(
        **named, ScheduledActionName="night", StartTime=soon, DesiredCapacity=1, **recurring
    )
    scene.in_service(group, 1)
    (action,) = scene.autoscaling.describe_scheduled_actions(**named)["ScheduledUpdateGroupActions"]
    assert recurring.items() <= action.items()
    assert action["StartTime"] == action["Time"] > soon
    assert (action["StartTime"].astimezone(ZoneInfo("Europe/Berlin")).hour, action["StartTime"].minute) == (22, 0)


def test_of_a_batch_those_that_are_refused_are_named(scene: Scene) -> None:
    named = {"AutoScalingGroupName": scene.group(0)}
    nightly = {"Recurrence": "0 22 * * *", "MinSize": 0}
    put = scene.autoscaling.batch_put_scheduled_update_group_action(
        **named,
        ScheduledUpdateGroupActions=[
            {"ScheduledActionName": "night", **nightly},
            {"ScheduledActionName": "same-time", **nightly},
            {"ScheduledActionName": "never", **nightly, "Recurrence": "0 0 31 2 x"},
        ],
    )["FailedScheduledUpdateGroupActions"]
    assert {each["ScheduledActionName"]: each["ErrorCode"] for each in put} == {
        "same-time": "AlreadyExists",
        "never": "ValidationError",
    }
    deleted = scene.autoscaling.batch_delete_scheduled_action(**named, ScheduledActionNames=["night", "never"])
    assert [each["ScheduledActionName"] for each in deleted["FailedScheduledActions"]] == ["never"]
    assert not scene.autoscaling.describe_scheduled_actions(**named)["ScheduledUpdateGroupActions"]
