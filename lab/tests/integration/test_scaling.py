# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling policies: the alarms that AWS makes for them, and the capacity that they change."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal, status

from .target_tracking import tracking


def alarms(scene: Scene, group: str) -> dict[str, dict[str, Any]]:
    """Those of target tracking, by AlarmHigh and AlarmLow."""
    prefix = f"TargetTracking-{group}-"
    found = scene.lab.client("cloudwatch").describe_alarms(AlarmNamePrefix=prefix)["MetricAlarms"]
    return {each["AlarmName"].removeprefix(prefix).partition("-")[0]: each for each in found}


def test_target_tracking_has_two_alarms_that_go_with_the_policy_and_with_the_group(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(0, (targets,))
    named = {"AutoScalingGroupName": group}
    put = scene.autoscaling.put_scaling_policy(**named, **tracking(scene, targets, 100))
    made = alarms(scene, group)
    assert {name: (each["EvaluationPeriods"], each["Threshold"]) for name, each in made.items()} == {
        "AlarmHigh": (3, 100.0),
        "AlarmLow": (15, 90.0),
    }
    assert sorted(each["AlarmName"] for each in put["Alarms"]) == sorted(each["AlarmName"] for each in made.values())
    scene.autoscaling.delete_policy(**named, PolicyName="requests")
    assert alarms(scene, group) == {}
    scene.autoscaling.put_scaling_policy(**named, **tracking(scene, targets, 100))
    scene.autoscaling.delete_auto_scaling_group(**named)
    assert alarms(scene, group) == {}


def test_a_label_must_be_of_an_attached_target_group(scene: Scene) -> None:
    targets = scene.target_group()
    scene.listener({targets: 1})
    group = scene.group(0)
    with pytest.raises(scene.autoscaling.exceptions.ClientError, match="Target group not attached to the Auto Scaling"):
        scene.autoscaling.put_scaling_policy(AutoScalingGroupName=group, **tracking(scene, targets, 100))


@pytest.mark.thorough
def test_target_tracking_follows_the_requests(scene: Scene) -> None:
    targets = scene.target_group()
    url = scene.url(scene.listener({targets: 1}))
    group = scene.group(1, (targets,), MaxSize=3, MinSize=1)
    scene.healthy(targets, 1)
    scene.autoscaling.put_scaling_policy(AutoScalingGroupName=group, **tracking(scene, targets, 10))

    def asked() -> int:
        assert status(url) == 200
        return int(scene.describe(group)["DesiredCapacity"])

    eventually(asked, lambda desired: desired == 3, seconds=60)
    scene.in_service(group, 3)


def test_an_alarm_sets_off_the_policy_that_it_names(scene: Scene) -> None:
    group = scene.group(1, MaxSize=4)
    policy = scene.autoscaling.put_scaling_policy(
        AutoScalingGroupName=group, PolicyName="more", AdjustmentType="ChangeInCapacity", ScalingAdjustment=2
    )["PolicyARN"]
    name = scene.name("alarm")
    cloudwatch = scene.lab.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Lab",
        MetricName=name,
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        AlarmActions=[policy],
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="tested")
    scene.in_service(group, 3)
    cloudwatch.delete_alarms(AlarmNames=[name])


def desired(scene: Scene, group: str) -> int:
    return int(scene.describe(group)["DesiredCapacity"])


def test_a_simple_policy_is_executed_on_request_within_the_bounds(scene: Scene) -> None:
    group = scene.group(0, MaxSize=3)
    named = {"AutoScalingGroupName": group, "PolicyName": "more"}
    scene.autoscaling.put_scaling_policy(**named, AdjustmentType="ChangeInCapacity", ScalingAdjustment=2, Cooldown=6000)
    execute = scene.autoscaling.execute_policy
    execute(**named, HonorCooldown=True)
    assert desired(scene, group) == 2
    assert refusal(execute, **named, HonorCooldown=True) == "ScalingActivityInProgress"
    execute(**named)
    assert desired(scene, group) == 3


def test_a_step_policy_is_executed_with_the_step_of_the_value(scene: Scene) -> None:
    group = scene.group(0)
    named = {"AutoScalingGroupName": group, "PolicyName": "steps"}
    steps = [
        {"MetricIntervalLowerBound": 0.0, "MetricIntervalUpperBound": 10.0, "ScalingAdjustment": 1},
        {"MetricIntervalLowerBound": 10.0, "ScalingAdjustment": 4},
    ]
    scene.autoscaling.put_scaling_policy(
        **named, PolicyType="StepScaling", AdjustmentType="ChangeInCapacity", StepAdjustments=steps
    )
    execute = scene.autoscaling.execute_policy
    assert refusal(execute, **named) == "ValidationError"
    assert refusal(execute, **named, MetricValue=40.0, BreachThreshold=50.0) == "ValidationError"
    execute(**named, MetricValue=65.0, BreachThreshold=50.0)
    assert desired(scene, group) == 4


def test_target_tracking_is_not_executed_on_request(scene: Scene) -> None:
    group = scene.group(0)
    metric = {"PredefinedMetricType": "ASGAverageCPUUtilization"}
    named = {"AutoScalingGroupName": group, "PolicyName": "cpu"}
    scene.autoscaling.put_scaling_policy(
        **named,
        PolicyType="TargetTrackingScaling",
        TargetTrackingConfiguration={"PredefinedMetricSpecification": metric, "TargetValue": 50.0},
    )
    assert refusal(scene.autoscaling.execute_policy, **named) == "ValidationError"
