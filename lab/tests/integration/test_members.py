# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances of groups: which go, which are replaced, and what the load balancer has of them."""

from __future__ import annotations

from switchyard_lab.scene import Scene, eventually, refusal


def test_suspended_processes_are_obeyed(scene: Scene) -> None:
    group = scene.group(1)
    scene.in_service(group, 1)
    name = {"AutoScalingGroupName": group}
    scene.autoscaling.suspend_processes(**name, ScalingProcesses=["Launch", "Terminate"])
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=2)
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=0)
    scene.autoscaling.resume_processes(**name, ScalingProcesses=["Terminate"])
    eventually(lambda: scene.members(group), lambda members: members == {})
    assert [each["Description"].split()[0] for each in scene.activities(group)] == ["Terminating", "Launching"]
    assert [each["ProcessName"] for each in scene.describe(group)["SuspendedProcesses"]] == ["Launch"]
    assert refusal(scene.autoscaling.suspend_processes, **name, ScalingProcesses=["Sleep"]) == "ValidationError"


def test_what_comes_up_without_add_to_load_balancer_is_never_registered(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(0, (targets,))
    name = {"AutoScalingGroupName": group}
    scene.autoscaling.suspend_processes(**name, ScalingProcesses=["AddToLoadBalancer"])
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=1)
    (stranded,) = scene.in_service(group, 1)
    scene.autoscaling.resume_processes(**name)
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=2)
    scene.in_service(group, 2)
    scene.healthy(targets, 1)
    assert stranded not in {instance for instance, _port in scene.health(targets)}


def test_scale_in_drains_first(scene: Scene) -> None:
    targets = scene.target_group(delay=60)
    scene.listener({targets: 1})
    group = scene.group(2, (targets,))
    scene.in_service(group, 2)
    scene.healthy(targets, 2)
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    leaving = eventually(lambda: [each for each, state in scene.members(group).items() if state == "Terminating"], bool)
    assert scene.health(targets)[leaving[0], 8080] == "draining"
    assert scene.activities(group)[0]["StatusCode"] == "WaitingForELBConnectionDraining"
    assert leaving[0] in scene.lab.info()["instances"]
    eventually(lambda: leaving[0] in scene.lab.info()["instances"], lambda runs: not runs)
    assert leaving[0] not in scene.members(group)
    assert scene.activities(group)[0]["StatusCode"] == "Successful"


def test_termination_policies_and_protection_decide(scene: Scene) -> None:
    group = scene.group(1, TerminationPolicies=["NewestInstance"])
    (first,) = scene.in_service(group, 1)
    name = {"AutoScalingGroupName": group}
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=3)
    second, third = (each for each in scene.in_service(group, 3) if each != first)
    scene.autoscaling.set_instance_protection(**name, InstanceIds=[third], ProtectedFromScaleIn=True)
    scene.autoscaling.set_desired_capacity(**name, DesiredCapacity=1)
    eventually(lambda: set(scene.members(group)), lambda left: left == {third})
    assert second not in scene.members(group)


def test_unhealthy_targets_are_replaced_after_the_grace_period(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(1, (targets,), HealthCheckType="ELB", HealthCheckGracePeriod=10)
    (sick,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    scene.lab.fault(instance=sick, action="crash")
    eventually(lambda: scene.members(group), lambda members: sick not in members and len(members) == 1)
    scene.healthy(targets, 1)
    _second_launch, end, launch = scene.activities(group)
    assert "ELB system health check failure" in end["Cause"]
    assert (end["StartTime"] - launch["EndTime"]).total_seconds() >= 3  # the least, as 10 s of the lab are 0.5


def test_a_group_without_elb_checks_keeps_a_crashed_application(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(1, (targets,), HealthCheckType="EC2")
    (crashed,) = scene.in_service(group, 1)
    scene.healthy(targets, 1)
    scene.lab.fault(instance=crashed, action="crash")
    eventually(lambda: list(scene.health(targets).values()), lambda states: states == ["unhealthy"])
    assert scene.members(group) == {crashed: "InService"}


def test_a_terminated_instance_is_replaced_and_registered(scene: Scene) -> None:
    targets = scene.target_group(delay=1)
    scene.listener({targets: 1})
    group = scene.group(2, (targets,))
    gone, kept = scene.in_service(group, 2)
    scene.ec2.terminate_instances(InstanceIds=[gone])
    eventually(lambda: set(scene.members(group)), lambda members: gone not in members and len(members) == 2)
    scene.healthy(targets, 2)
    assert kept in scene.members(group)


def test_set_instance_health_replaces(scene: Scene) -> None:
    group = scene.group(1)
    (sick,) = scene.in_service(group, 1)
    scene.autoscaling.set_instance_health(InstanceId=sick, HealthStatus="Unhealthy")
    eventually(lambda: set(scene.members(group)), lambda members: sick not in members and len(members) == 1)


def test_terminating_one_instance_can_shrink_the_group(scene: Scene) -> None:
    group = scene.group(2)
    first, second = scene.in_service(group, 2)
    activity = scene.autoscaling.terminate_instance_in_auto_scaling_group(
        InstanceId=first, ShouldDecrementDesiredCapacity=True
    )["Activity"]
    assert first in activity["Description"]
    eventually(lambda: scene.members(group), lambda members: members == {second: "InService"})
