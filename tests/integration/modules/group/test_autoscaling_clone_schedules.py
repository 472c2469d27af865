# SPDX-License-Identifier: GPL-3.0-or-later
"""Scheduled actions of a clone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask

from ..demo import Demo

YEARLY = "0 0 1 1 *"


def starts(scene: Scene, group: str) -> dict[str, datetime]:
    found = scene.autoscaling.describe_scheduled_actions(AutoScalingGroupName=group)["ScheduledUpdateGroupActions"]
    return {each["ScheduledActionName"]: each["StartTime"] for each in found}


def test_actions_that_meet_are_all_copied_and_the_warning_tells_which_come_later(ask: Ask, scene: Scene) -> None:
    """AWS refuses a new action for a time that another has; two that recur may still meet."""
    demo = Demo(scene)
    source = demo.group(1)
    put = scene.autoscaling.put_scheduled_update_group_action
    put(AutoScalingGroupName=source, ScheduledActionName="first", Recurrence=YEARLY, MinSize=0)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    put(AutoScalingGroupName=source, ScheduledActionName="then", Recurrence=YEARLY, MinSize=0, StartTime=soon)
    eventually(lambda: starts(scene, source), lambda found: found["first"] == found["then"])

    built = ask("autoscaling_clone", **demo.wanted(source))
    (warning,) = built["warnings"]
    assert "start a minute later, this once: then." in warning
    copied = starts(scene, built["group"]["name"])
    assert copied["then"] - copied["first"] == timedelta(minutes=1)
