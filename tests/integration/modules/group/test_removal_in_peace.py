# SPDX-License-Identifier: GPL-3.0-or-later
"""A group that has served ends as in any scale-in, whatever would keep its instances; by force only what never did."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.in_use import InUseError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.emptying import Emptying
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.warm_pool import put_pool_back
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.service import settle

from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask

from ..conftest import Made, Plan
from ..demo import Demo
from ..pair import Pair

TERMINATING = {"LifecycleHookName": "save-logs", "LifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING"}
RETENTION = {"RetentionTriggers": {"TerminateHookAbandon": "retain"}}
GUARDS = {"DeletionProtection": "prevent-all-deletion", "InstanceLifecyclePolicy": RETENTION}
RESTORED = ("MinSize", "MaxSize", "DesiredCapacity", *GUARDS)
FOREVER = 7200  # seconds, in a test of a few


@pytest.fixture
def demo(scene: Scene) -> Demo:
    return Demo(scene)


def removal(demo: Demo, name: str, **options: Any) -> dict[str, Any]:
    return {"service": demo.service, "name": name, "state": "absent", **options}


def complete(scene: Scene, group: str, instance: str, result: str) -> None:
    scene.autoscaling.complete_lifecycle_action(
        AutoScalingGroupName=group,
        LifecycleHookName=TERMINATING["LifecycleHookName"],
        InstanceId=instance,
        LifecycleActionResult=result,
    )


def test_termination_hooks_run_and_are_waited_for_within_a_bound(ask: Ask, scene: Scene, demo: Demo) -> None:
    hook = {**TERMINATING, "HeartbeatTimeout": FOREVER}
    name = demo.group(1, LifecycleHookSpecificationList=[hook])
    (instance,) = scene.in_service(name, 1)
    stopped = ask("autoscaling_clone", **removal(demo, name, wait_timeout=2))
    assert f"{name} still has instances 2 s after it was scaled in: {instance} (Terminating:Wait)" in stopped["msg"]
    assert "run again to continue" in stopped["msg"]
    assert instance in scene.lab.info()["instances"], "what it has not saved yet is not lost"
    complete(scene, name, instance, "CONTINUE")
    removed = ask("autoscaling_clone", **removal(demo, name))
    assert (removed.get("failed"), scene.describe(name)) == (None, {}), removed


def test_whatever_would_keep_instances_is_taken_off_first(ask: Ask, scene: Scene, demo: Demo) -> None:
    abandoned = {**TERMINATING, "HeartbeatTimeout": 30, "DefaultResult": "ABANDON"}  # would be retained
    name = demo.group(2, NewInstancesProtectedFromScaleIn=True, LifecycleHookSpecificationList=[abandoned], **GUARDS)
    standby, _other = scene.in_service(name, 2)
    group = {"AutoScalingGroupName": name}
    scene.autoscaling.enter_standby(InstanceIds=[standby], ShouldDecrementDesiredCapacity=True, **group)
    scene.autoscaling.put_warm_pool(MinSize=1, InstanceReusePolicy={"ReuseOnScaleIn": True}, **group)
    scene.autoscaling.put_scheduled_update_group_action(
        ScheduledActionName="morning", Recurrence="0 8 * * *", MinSize=1, MaxSize=3, **group
    )
    scene.autoscaling.suspend_processes(ScalingProcesses=["Terminate"], **group)
    removed = ask("autoscaling_clone", **removal(demo, name))
    assert (removed.get("failed"), scene.describe(name)) == (None, {}), removed


def test_what_never_served_ends_by_force_at_once(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    hook = {**TERMINATING, "HeartbeatTimeout": FOREVER}
    name = demo.group(1, LifecycleHookSpecificationList=[hook], **GUARDS)
    scene.in_service(name, 1)
    made()
    removed = ask("autoscaling_clone", **removal(demo, name, force=True, wait=False))
    assert removed["changed"], removed
    assert made("write") == ["CreateOrUpdateTags", "UpdateAutoScalingGroup", "DeleteAutoScalingGroup"]
    eventually(lambda: scene.describe(name), lambda found: not found)


def test_instances_that_wait_for_a_person_stay(ask: Ask, scene: Scene, demo: Demo, made: Made) -> None:
    name = demo.group(1, LifecycleHookSpecificationList=[TERMINATING], InstanceLifecyclePolicy=RETENTION)
    (instance,) = scene.in_service(name, 1)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=0)
    eventually(lambda: scene.members(name), {instance: "Terminating:Wait"}.__eq__)
    complete(scene, name, instance, "ABANDON")
    eventually(lambda: scene.members(name), {instance: "Terminating:Retained"}.__eq__)
    made()
    refused = ask("autoscaling_clone", **removal(demo, name))
    assert f"{name} keeps {instance} in state Retained" in refused["msg"]
    assert made("write") == []


def test_preflight_finds_instances_that_wait_for_a_person(plan: Plan, scene: Scene) -> None:
    """In a group that the release would have to remove first."""
    pair = Pair(scene)
    listener = pair.listener()
    pair.declare_stable()
    name = pair.groups[1]
    group = {"AutoScalingGroupName": name}
    (instance,) = scene.in_service(name, 1)
    scene.autoscaling.put_lifecycle_hook(**group, **TERMINATING)
    scene.autoscaling.update_auto_scaling_group(**group, InstanceLifecyclePolicy=RETENTION)
    end = {"InstanceId": instance, "ShouldDecrementDesiredCapacity": False}
    scene.autoscaling.terminate_instance_in_auto_scaling_group(**end)
    eventually(lambda: scene.members(name).get(instance), "Terminating:Wait".__eq__)
    complete(scene, name, instance, "ABANDON")
    found = plan(**pair.definition, routes=[listener], image_id=scene.image(release="3"))["findings"]
    assert [said for said in found if f"{name} keeps {instance} in state Retained" in said], found


class Peace:
    """A guard that finds nothing, until ``ends`` is raised at a look."""

    def __init__(self, ends: Exception | None) -> None:
        self._ends = ends

    def __call__(self) -> None: ...

    def look(self) -> None:
        if self._ends:
            raise self._ends


class Lost:
    """The beat of a run that has lost its lease."""

    every = 0.2

    def beat(self) -> None:
        raise LostLeaseError("The lease was taken from this run.", other_run="another", to_return=True)


@pytest.mark.parametrize("ends", ["looks", "beats"])
def test_a_group_that_comes_to_be_in_use_again_gets_back_what_was_taken_from_it(
    scene: Scene, demo: Demo, ends: str
) -> None:
    """Within the step, whether it is seen to be in use or the run has lost its lease to the one that returns to it."""
    name = demo.group(2, MinSize=1, NewInstancesProtectedFromScaleIn=True, **GUARDS)
    scene.in_service(name, 2)
    group = {"AutoScalingGroupName": name}
    scene.autoscaling.put_warm_pool(MinSize=1, **group)
    scene.autoscaling.suspend_processes(ScalingProcesses=["Terminate"], **group)
    before = scene.describe(name)

    run, guard = Run(client=scene.lab.client), Peace(InUseError("It has traffic again.") if ends == "looks" else None)
    if ends == "beats":
        run.keep(Lost())
    began = time.monotonic()
    with pytest.raises(InUseError, match=r"traffic again|taken from this run"):
        Emptying(run, before, scheduled=True).scale_in(1200, guard)  # type: ignore[arg-type]
    assert time.monotonic() - began < settle.BACK_OUT_SECONDS
    now = scene.describe(name)
    assert [now[key] for key in RESTORED] == [before[key] for key in RESTORED]
    assert put_pool_back(run.without_beats(), before) == "It has its warm pool again."
    assert scene.describe(name)["WarmPoolConfiguration"] == before["WarmPoolConfiguration"]
    assert [each["ProcessName"] for each in scene.describe(name)["SuspendedProcesses"]] == ["Terminate"]
