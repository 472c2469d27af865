# SPDX-License-Identifier: GPL-3.0-or-later
"""Instance refreshes that do not simply continue: checkpoints, the bake, alarms, cancellation, rollback."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually, refusal

from .refreshed import LAUNCH_FIRST, Refreshed

HOLD = {**LAUNCH_FIRST, "CheckpointPercentages": [50, 100], "CheckpointDelay": 3600}


def alarm(scene: Scene, state: str = "OK") -> str:
    """That stays as it is set: its metric has no data, and that means nothing to it."""
    cloudwatch, name = scene.lab.client("cloudwatch"), scene.name("alarm")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Nobody",
        MetricName="Nothing",
        Statistic="Sum",
        Period=86400,
        EvaluationPeriods=1,
        ComparisonOperator="GreaterThanThreshold",
        Threshold=5,
        TreatMissingData="ignore",
    )
    cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="asked for")
    return name


@pytest.fixture
def held(scene: Scene) -> Refreshed:
    """Two instances, one of them replaced, and nothing more for an hour."""
    group = Refreshed(scene, 2, balanced=False)
    group.start(**HOLD)
    eventually(group.seen, lambda seen: "checkpoint of 50 %" in seen.get("StatusReason", ""))
    return group


def test_a_checkpoint_holds_the_refresh(held: Refreshed) -> None:
    seen = held.seen()
    assert (seen["Status"], seen["PercentageComplete"], seen["InstancesToUpdate"]) == ("InProgress", 50, 1)
    assert (held.versions(), held.launches_from()) == ({"1": 1, "2": 1}, "1")


def test_a_group_is_not_changed_under_a_refresh(held: Refreshed) -> None:
    autoscaling, name = held.scene.autoscaling, {"AutoScalingGroupName": held.name}
    arns, update = [held.scene.target_group()], autoscaling.update_auto_scaling_group
    template = {"LaunchTemplateId": held.template, "Version": "1"}
    assert refusal(update, **name, LaunchTemplate=template) == "ValidationError"
    sources = [{"Identifier": arns[0], "Type": "elbv2"}]
    refused = [
        refusal(autoscaling.attach_load_balancer_target_groups, **name, TargetGroupARNs=arns),
        refusal(autoscaling.attach_traffic_sources, **name, TrafficSources=sources),
        refusal(autoscaling.put_warm_pool, **name),
    ]
    assert refused == ["InstanceRefreshInProgress"] * 3
    update(**name, MaxSize=5)
    autoscaling.cancel_instance_refresh(**name)
    held.until("Cancelled")
    update(**name, LaunchTemplate=template)


def test_what_is_canceled_stays_half_done(held: Refreshed) -> None:
    autoscaling, name = held.scene.autoscaling, {"AutoScalingGroupName": held.name}
    autoscaling.cancel_instance_refresh(**name)
    assert held.until("Cancelled")["StatusReason"] == "Cancelled due to user request."
    assert (held.versions(), held.launches_from()) == ({"1": 1, "2": 1}, "1")
    assert refusal(autoscaling.cancel_instance_refresh, **name) == "ActiveInstanceRefreshNotFound"
    assert refusal(autoscaling.rollback_instance_refresh, **name) == "ActiveInstanceRefreshNotFound"


def test_a_rollback_replaces_what_was_replaced(held: Refreshed) -> None:
    kept = set(held.before) & set(held.scene.members(held.name))
    held.scene.autoscaling.rollback_instance_refresh(AutoScalingGroupName=held.name)
    details = held.seen()["RollbackDetails"]
    assert (details["PercentageCompleteOnRollback"], details["InstancesToUpdateOnRollback"]) == (50, 1)
    seen = held.until("RollbackSuccessful")
    assert (seen["PercentageComplete"], seen["InstancesToUpdate"]) == (0, 1)
    assert (held.versions(), held.launches_from()) == ({"1": 2}, "1")
    assert kept <= set(held.scene.members(held.name))


def test_with_skip_matching_only_the_rest_is_replaced(held: Refreshed) -> None:
    held.scene.autoscaling.cancel_instance_refresh(AutoScalingGroupName=held.name)
    held.until("Cancelled")
    new = set(held.scene.members(held.name)) - set(held.before)
    held.start(**LAUNCH_FIRST, SkipMatching=True)
    held.until("Successful")
    assert held.versions() == {"2": 2}
    assert new <= set(held.scene.members(held.name))
    held.start(**LAUNCH_FIRST, SkipMatching=True)
    before = held.scene.members(held.name)
    held.until("Successful")
    assert held.scene.members(held.name) == before


def test_an_instance_that_a_refresh_launches_meanwhile_is_of_the_new_version(held: Refreshed) -> None:
    held.scene.autoscaling.set_desired_capacity(AutoScalingGroupName=held.name, DesiredCapacity=3)
    eventually(held.versions, lambda versions: versions == {"1": 1, "2": 2})


def test_the_bake_can_be_rolled_back_and_its_end_can_not(scene: Scene) -> None:
    group = Refreshed(scene, 1, balanced=False)
    group.start(**LAUNCH_FIRST, BakeTime=3600)
    eventually(group.seen, lambda seen: "Waiting for bake time to finish" in seen.get("StatusReason", ""))
    assert (group.seen()["PercentageComplete"], group.launches_from()) == (100, "1")
    scene.autoscaling.rollback_instance_refresh(AutoScalingGroupName=group.name)
    group.until("RollbackSuccessful")
    group.start(**LAUNCH_FIRST, BakeTime=20)
    group.until("Baking")
    group.until("Successful")
    assert group.launches_from() == "2"
    name = {"AutoScalingGroupName": group.name}
    assert refusal(scene.autoscaling.rollback_instance_refresh, **name) == "ActiveInstanceRefreshNotFound"


@pytest.mark.parametrize(("rolls_back", "status"), [(True, "RollbackSuccessful"), (False, "Failed")])
def test_an_alarm_ends_the_refresh(scene: Scene, rolls_back: bool, status: str) -> None:
    group, name = Refreshed(scene, 2, balanced=False), alarm(scene)
    group.start(**HOLD, AutoRollback=rolls_back, AlarmSpecification={"Alarms": [name]})
    eventually(group.versions, lambda versions: versions == {"1": 1, "2": 1})
    scene.lab.client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="ALARM", StateReason="asked for")
    assert name in group.until(status)["StatusReason"]
    assert group.versions() == ({"1": 2} if rolls_back else {"1": 1, "2": 1})
    assert group.launches_from() == "1"


@pytest.mark.parametrize("state", ["ALARM", "INSUFFICIENT_DATA"])
def test_an_alarm_must_be_ok_at_the_start(scene: Scene, state: str) -> None:
    group = Refreshed(scene, 0, balanced=False)
    request = group.request(**LAUNCH_FIRST, AlarmSpecification={"Alarms": [alarm(scene, state)]})
    assert refusal(scene.autoscaling.start_instance_refresh, **request) == "ValidationError"


def test_without_a_number_to_return_to_there_is_no_rollback(scene: Scene) -> None:
    group = Refreshed(scene, 1, balanced=False, version="$Default")
    start = scene.autoscaling.start_instance_refresh
    assert refusal(start, **group.request(**LAUNCH_FIRST, AutoRollback=True)) == "ValidationError"
    group.start(**HOLD)
    name: dict[str, Any] = {"AutoScalingGroupName": group.name}
    assert refusal(scene.autoscaling.rollback_instance_refresh, **name) == "IrreversibleInstanceRefresh"
    group.until("Successful")
    start(**name, Preferences={**LAUNCH_FIRST, "BakeTime": 3600})  # without a desired configuration
    assert refusal(scene.autoscaling.rollback_instance_refresh, **name) == "IrreversibleInstanceRefresh"
    scene.autoscaling.cancel_instance_refresh(**name)


def test_an_instance_that_is_protected_is_waited_for(scene: Scene) -> None:
    group = Refreshed(scene, 1, balanced=False, NewInstancesProtectedFromScaleIn=True)
    group.start(**LAUNCH_FIRST)
    (protected,) = group.before
    eventually(group.seen, lambda seen: f"{protected} is protected" in seen.get("StatusReason", ""))
    scene.autoscaling.set_instance_protection(
        AutoScalingGroupName=group.name, InstanceIds=[protected], ProtectedFromScaleIn=False
    )
    group.until("Successful")
    assert group.versions() == {"2": 1}
