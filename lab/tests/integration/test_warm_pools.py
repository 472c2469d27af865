# SPDX-License-Identifier: GPL-3.0-or-later
"""Warm pools: instances that are prepared next to a group, and join it when it grows."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal

LAUNCHING: dict[str, Any] = {
    "LifecycleHookName": "prepare",
    "LifecycleTransition": "autoscaling:EC2_INSTANCE_LAUNCHING",
}
TERMINATING: dict[str, Any] = {
    "LifecycleHookName": "store",
    "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
}
REUSE = {"ReuseOnScaleIn": True}


def warm(scene: Scene, group: str) -> dict[str, str]:
    """Lifecycle states by instance id."""
    found = scene.autoscaling.describe_warm_pool(AutoScalingGroupName=group)["Instances"]
    return {each["InstanceId"]: each["LifecycleState"] for each in found}


def prepared(scene: Scene, group: str, count: int, state: str = "Warmed:Stopped") -> list[str]:
    seen = eventually(lambda: warm(scene, group), lambda states: list(states.values()) == [state] * count)
    return list(seen)


def pooled(scene: Scene, desired: int = 0, pool: dict[str, Any] | None = None, **options: Any) -> str:
    group = scene.group(desired, **{"MaxSize": desired + 1, **options})
    scene.autoscaling.put_warm_pool(AutoScalingGroupName=group, **(pool or {}))
    return group


def state_of(scene: Scene, instance: str) -> str:
    (reservation,) = scene.ec2.describe_instances(InstanceIds=[instance])["Reservations"]
    return str(reservation["Instances"][0]["State"]["Name"])


def complete(scene: Scene, group: str, instance: str, hook: str, result: str = "CONTINUE") -> None:
    scene.autoscaling.complete_lifecycle_action(
        AutoScalingGroupName=group, LifecycleHookName=hook, InstanceId=instance, LifecycleActionResult=result
    )


def resize(scene: Scene, group: str, desired: int) -> None:
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=desired)


def test_instances_are_started_and_then_stopped_beside_the_group(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = pooled(scene, 1, MaxSize=3, TargetGroupARNs=[targets])
    (serving,) = scene.in_service(group, 1)
    stopped = prepared(scene, group, 2)
    scene.healthy(targets, 1)
    assert {state_of(scene, each) for each in stopped} == {"stopped"}
    assert not set(stopped) & set(scene.lab.info()["instances"])
    found = scene.describe(group)
    assert [each["InstanceId"] for each in found["Instances"]] == [serving]
    assert (found["WarmPoolConfiguration"], found["WarmPoolSize"]) == ({"MinSize": 0, "PoolState": "Stopped"}, 2)
    assert {each["Description"] for each in scene.activities(group) if " into " in each["Description"]} == {
        f"Launching a new EC2 instance into warm pool: {each}" for each in stopped
    }


def test_a_group_grows_from_its_pool_without_a_new_boot(scene: Scene) -> None:
    """A first boot lasts 80 s here, which is 4 s of the wall clock."""
    targets = scene.target_group()
    scene.listener({targets: 1})
    template = {"LaunchTemplateId": scene.template(scene.image(boot_seconds="80")), "Version": "1"}
    group = pooled(scene, 0, LaunchTemplate=template, TargetGroupARNs=[targets])
    (stopped,) = prepared(scene, group, 1)
    resize(scene, group, 1)
    eventually(lambda: scene.members(group), lambda members: members == {stopped: "InService"}, seconds=3)
    scene.healthy(targets, 1)
    assert warm(scene, group) == {}
    assert scene.activities(group)[0]["Description"] == f"Launching a new EC2 instance from warm pool: {stopped}"


@pytest.mark.parametrize(("hibernates", "state"), [(True, "Warmed:Hibernated"), (False, "Warmed:Stopped")])
def test_an_instance_hibernates_when_its_template_prepares_it(scene: Scene, hibernates: bool, state: str) -> None:
    data = {"ImageId": scene.image(), "InstanceType": "t3.small", "HibernationOptions": {"Configured": hibernates}}
    created = scene.ec2.create_launch_template(LaunchTemplateName=scene.name("template"), LaunchTemplateData=data)
    template = {"LaunchTemplateId": created["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"}
    group = pooled(scene, 0, {"PoolState": "Hibernated"}, LaunchTemplate=template)
    (instance,) = prepared(scene, group, 1, state)
    assert state_of(scene, instance) == "stopped"


def test_an_instance_that_is_kept_running_gets_no_traffic(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = pooled(scene, 0, {"PoolState": "Running"}, TargetGroupARNs=[targets])
    (instance,) = prepared(scene, group, 1, "Warmed:Running")
    assert instance in scene.lab.info()["instances"]
    assert scene.health(targets) == {}
    named = {"AutoScalingGroupName": group, "InstanceIds": [instance]}
    protect = scene.autoscaling.set_instance_protection
    assert refusal(protect, **named, ProtectedFromScaleIn=True) == "ValidationError"
    terminate = scene.autoscaling.terminate_instance_in_auto_scaling_group
    assert refusal(terminate, InstanceId=instance, ShouldDecrementDesiredCapacity=False) == "ValidationError"


def test_the_launch_hooks_hold_an_instance_on_its_way_in_and_on_its_way_out(scene: Scene) -> None:
    group = pooled(scene, 0, LifecycleHookSpecificationList=[LAUNCHING])
    (instance,) = prepared(scene, group, 1, "Warmed:Pending:Wait")
    complete(scene, group, instance, "prepare")
    assert prepared(scene, group, 1) == [instance]
    resize(scene, group, 1)
    eventually(lambda: scene.members(group), lambda members: members == {instance: "Pending:Wait"})
    complete(scene, group, instance, "prepare")
    assert scene.in_service(group, 1) == [instance]


def test_an_instance_whose_preparation_is_abandoned_is_replaced(scene: Scene) -> None:
    group = pooled(scene, 0, LifecycleHookSpecificationList=[LAUNCHING])
    (instance,) = prepared(scene, group, 1, "Warmed:Pending:Wait")
    complete(scene, group, instance, "prepare", "ABANDON")
    eventually(lambda: warm(scene, group), lambda found: instance not in found and len(found) == 1)
    assert state_of(scene, instance) == "terminated"


def test_a_scale_in_returns_instances_that_are_to_be_reused(scene: Scene) -> None:
    targets = scene.target_group(delay=20)
    scene.listener({targets: 1})
    group = pooled(
        scene,
        1,
        {"InstanceReusePolicy": REUSE, "MaxGroupPreparedCapacity": 1},
        TargetGroupARNs=[targets],
        LifecycleHookSpecificationList=[TERMINATING],
    )
    (instance,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    resize(scene, group, 0)
    eventually(lambda: warm(scene, group), lambda found: found == {instance: "Warmed:Pending"})
    assert scene.health(targets) == {(instance, 8080): "draining"}
    prepared(scene, group, 1, "Warmed:Pending:Wait")
    assert scene.health(targets) == {}
    complete(scene, group, instance, "store")
    assert prepared(scene, group, 1) == [instance]
    resize(scene, group, 1)
    assert scene.in_service(group, 1) == [instance]


def test_without_reuse_a_scale_in_terminates_and_the_pool_is_filled_anew(scene: Scene) -> None:
    group = pooled(scene, 1, MaxSize=1)
    (instance,) = scene.in_service(group, 1)
    resize(scene, group, 0)
    assert prepared(scene, group, 1) != [instance]
    eventually(lambda: state_of(scene, instance), lambda state: state == "terminated")


def test_the_pool_follows_its_settings_and_the_group(scene: Scene) -> None:
    group = pooled(scene, 0, {"MinSize": 1, "MaxGroupPreparedCapacity": 3}, MaxSize=10)
    put, name = scene.autoscaling.put_warm_pool, {"AutoScalingGroupName": group}
    prepared(scene, group, 3)
    put(**name, MaxGroupPreparedCapacity=0)
    (left,) = prepared(scene, group, 1)
    put(**name, MinSize=0)
    eventually(lambda: state_of(scene, left), lambda state: state == "terminated")
    put(**name, MaxGroupPreparedCapacity=-1)
    scene.autoscaling.update_auto_scaling_group(**name, MaxSize=2)
    prepared(scene, group, 2)
    assert scene.describe(group)["WarmPoolConfiguration"] == {"MinSize": 0, "PoolState": "Stopped"}


def test_a_lost_instance_of_the_pool_is_replaced(scene: Scene) -> None:
    group = pooled(scene)
    (lost,) = prepared(scene, group, 1)
    scene.ec2.terminate_instances(InstanceIds=[lost])
    eventually(lambda: list(warm(scene, group)), lambda found: len(found) == 1 and lost not in found)


def test_an_instance_that_can_not_be_started_is_a_failed_launch(scene: Scene) -> None:
    created = scene.ec2.create_launch_template(
        LaunchTemplateName=scene.name("template"),
        LaunchTemplateData={"ImageId": scene.image(), "InstanceType": "c5.2xlarge"},  # no other test launches it
    )
    template = {"LaunchTemplateId": created["LaunchTemplate"]["LaunchTemplateId"], "Version": "1"}
    group = pooled(scene, 0, LaunchTemplate=template)
    (stopped,) = prepared(scene, group, 1)
    scene.lab.fault(capacity={"instance_type": "c5.2xlarge", "available": 0})
    resize(scene, group, 1)
    eventually(lambda: state_of(scene, stopped), lambda state: state == "terminated")
    failed = next(each for each in scene.activities(group) if each["StatusCode"] == "Failed")
    assert failed["Description"].startswith("Launching a new EC2 instance from warm pool.  Status Reason: ")
    assert "do not have sufficient c5.2xlarge capacity" in failed["StatusMessage"]
    scene.lab.fault(capacity={"instance_type": "c5.2xlarge", "available": None})
    scene.in_service(group, 1)


def test_a_pool_with_instances_is_deleted_by_force(scene: Scene) -> None:
    group = pooled(scene, 0, LifecycleHookSpecificationList=[TERMINATING])
    (instance,) = prepared(scene, group, 1)
    delete, name = scene.autoscaling.delete_warm_pool, {"AutoScalingGroupName": group}
    assert refusal(delete, **name) == "ResourceInUse"
    delete(**name, ForceDelete=True)
    eventually(lambda: "WarmPoolConfiguration" in scene.describe(group), lambda found: not found)
    assert state_of(scene, instance) == "terminated"
    assert refusal(delete, **name) == "ValidationError"


def test_a_group_takes_its_pool_along(scene: Scene) -> None:
    group = pooled(scene, 1, {"InstanceReusePolicy": REUSE})
    instances = [*scene.in_service(group, 1), *prepared(scene, group, 1)]
    delete, name = scene.autoscaling.delete_auto_scaling_group, {"AutoScalingGroupName": group}
    assert refusal(delete, **name) == "ResourceInUse"
    delete(**name, ForceDelete=True)
    eventually(lambda: scene.describe(group), lambda found: not found)
    assert {state_of(scene, each) for each in instances} == {"terminated"}


def test_an_instance_refresh_replaces_what_is_prepared_too(scene: Scene) -> None:
    group = pooled(scene, 1)
    (old,) = prepared(scene, group, 1)
    scene.in_service(group, 1)
    scene.autoscaling.start_instance_refresh(AutoScalingGroupName=group, Preferences={"InstanceWarmup": 0})

    def seen() -> dict[str, Any]:
        found = scene.autoscaling.describe_instance_refreshes(AutoScalingGroupName=group)["InstanceRefreshes"]
        return dict(found[0])

    progress = eventually(seen, lambda found: found["Status"] == "Successful")["ProgressDetails"]
    assert {pool: each["PercentageComplete"] for pool, each in progress.items()} == {
        "LivePoolProgress": 100,
        "WarmPoolProgress": 100,
    }
    assert old not in prepared(scene, group, 1)
