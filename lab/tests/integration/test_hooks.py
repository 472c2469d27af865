# SPDX-License-Identifier: GPL-3.0-or-later
"""Lifecycle hooks hold an instance until somebody says continue, or time says it."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal

LAUNCHING = "autoscaling:EC2_INSTANCE_LAUNCHING"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
HOOK: dict[str, Any] = {"LifecycleHookName": "warm", "LifecycleTransition": LAUNCHING}


def hooked(scene: Scene, **options: Any) -> str:
    return scene.group(1, LifecycleHookSpecificationList=[HOOK | options])


def waiting(scene: Scene, group: str, state: str) -> str:
    seen = eventually(lambda: scene.members(group), lambda members: state in members.values())
    return next(instance for instance, each in seen.items() if each == state)


def complete(scene: Scene, group: str, instance: str, result: str = "CONTINUE") -> None:
    scene.autoscaling.complete_lifecycle_action(
        AutoScalingGroupName=group, LifecycleHookName="warm", InstanceId=instance, LifecycleActionResult=result
    )


def test_a_hook_of_the_creation_holds_the_first_launch(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(1, (targets,), LifecycleHookSpecificationList=[HOOK])
    instance = waiting(scene, group, "Pending:Wait")
    assert scene.health(targets) == {}
    assert scene.activities(group)[0]["StatusCode"] == "MidLifecycleAction"
    complete(scene, group, instance)
    assert scene.in_service(group, 1) == [instance]
    scene.healthy(targets, 1)


def test_an_abandoned_launch_is_replaced(scene: Scene) -> None:
    group = hooked(scene)
    instance = waiting(scene, group, "Pending:Wait")
    complete(scene, group, instance, "ABANDON")
    eventually(lambda: scene.members(group), lambda members: instance not in members)
    complete(scene, group, waiting(scene, group, "Pending:Wait"))
    scene.in_service(group, 1)


@pytest.mark.parametrize(("result", "stays"), [("CONTINUE", True), ("ABANDON", False)])
def test_silence_means_the_default_result(scene: Scene, result: str, stays: bool) -> None:
    group = hooked(scene, HeartbeatTimeout=30, DefaultResult=result)
    instance = waiting(scene, group, "Pending:Wait")
    seen = eventually(lambda: scene.members(group), lambda members: members.get(instance) != "Pending:Wait")
    assert (seen.get(instance) in ("Pending:Proceed", "InService")) == stays


def test_a_terminating_hook_comes_after_draining(scene: Scene) -> None:
    targets = scene.target_group(delay=10)
    scene.listener({targets: 1})
    group = scene.group(1, (targets,), LifecycleHookSpecificationList=[HOOK | {"LifecycleTransition": TERMINATING}])
    (instance,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=0)
    assert waiting(scene, group, "Terminating") == instance
    assert waiting(scene, group, "Terminating:Wait") == instance
    assert scene.health(targets) == {}
    assert instance in scene.lab.info()["instances"]
    complete(scene, group, instance)
    eventually(lambda: scene.members(group), lambda members: members == {})


def test_a_forced_deletion_waits_for_no_hook_and_ends_those_that_wait(scene: Scene) -> None:
    hook = HOOK | {"LifecycleTransition": TERMINATING, "HeartbeatTimeout": 7200}
    group = scene.group(2, LifecycleHookSpecificationList=[hook])
    waits, _other = scene.in_service(group, 2)
    end = {"InstanceId": waits, "ShouldDecrementDesiredCapacity": True}
    scene.autoscaling.terminate_instance_in_auto_scaling_group(**end)
    assert waiting(scene, group, "Terminating:Wait") == waits
    scene.autoscaling.delete_auto_scaling_group(AutoScalingGroupName=group, ForceDelete=True)
    eventually(lambda: scene.describe(group), lambda found: not found)


def test_an_instance_whose_termination_was_abandoned_is_retained_where_the_group_says_so(scene: Scene) -> None:
    """Until it is terminated: it counts towards nothing, and keeps the group from being deleted."""
    hook = HOOK | {"LifecycleTransition": TERMINATING}
    policy = {"RetentionTriggers": {"TerminateHookAbandon": "retain"}}
    group = scene.group(1, LifecycleHookSpecificationList=[hook], InstanceLifecyclePolicy=policy)
    (instance,) = scene.in_service(group, 1)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=0)
    complete(scene, group, waiting(scene, group, "Terminating:Wait"), "ABANDON")
    assert waiting(scene, group, "Terminating:Retained") == instance
    assert refusal(scene.autoscaling.delete_auto_scaling_group, AutoScalingGroupName=group) == "ResourceInUse"
    end = {"InstanceId": instance, "ShouldDecrementDesiredCapacity": False}
    scene.autoscaling.terminate_instance_in_auto_scaling_group(**end)
    eventually(lambda: scene.members(group), lambda members: not members)


def test_an_instance_that_is_launched_can_not_be_unprotected_yet(scene: Scene) -> None:
    group = hooked(scene)
    instance = waiting(scene, group, "Pending:Wait")
    request = {"AutoScalingGroupName": group, "InstanceIds": [instance], "ProtectedFromScaleIn": False}
    assert refusal(scene.autoscaling.set_instance_protection, **request) == "ValidationError"


def test_hooks_are_described_changed_and_deleted(scene: Scene) -> None:
    group = scene.group(0)
    name = {"AutoScalingGroupName": group}
    scene.autoscaling.put_lifecycle_hook(**name, **HOOK, NotificationMetadata="note")
    scene.autoscaling.put_lifecycle_hook(**name, LifecycleHookName="warm", HeartbeatTimeout=60)
    (hook,) = scene.autoscaling.describe_lifecycle_hooks(**name)["LifecycleHooks"]
    assert hook == HOOK | name | {
        "HeartbeatTimeout": 60,
        "GlobalTimeout": 6000,
        "DefaultResult": "ABANDON",
        "NotificationMetadata": "note",
    }
    assert refusal(scene.autoscaling.put_lifecycle_hook, **name, **HOOK, HeartbeatTimeout=1) == "ValidationError"
    scene.autoscaling.delete_lifecycle_hook(**name, LifecycleHookName="warm")
    assert scene.autoscaling.describe_lifecycle_hooks(**name)["LifecycleHooks"] == []


def test_nobody_waits_for_an_action_that_is_not_there(scene: Scene) -> None:
    group = scene.group(1)
    (instance,) = scene.in_service(group, 1)
    request = {
        "AutoScalingGroupName": group,
        "LifecycleHookName": "warm",
        "InstanceId": instance,
        "LifecycleActionResult": "CONTINUE",
    }
    assert refusal(scene.autoscaling.complete_lifecycle_action, **request) == "ValidationError"
