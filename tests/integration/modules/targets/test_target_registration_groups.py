# SPDX-License-Identifier: GPL-3.0-or-later
"""Auto Scaling groups: attached, detached, and all of their instances awaited."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask

from ..conftest import Made


@pytest.fixture
def target_group(scene: Scene) -> str:
    group = scene.target_group()
    scene.listener({group: 0})
    return group


def healthy(result: dict[str, Any]) -> set[str]:
    return {target["id"] for target in result["targets"] if target["state"] == "healthy"}


def test_attaching_a_group_waits_for_every_instance(ask: Ask, scene: Scene, target_group: str, made: Made) -> None:
    group = scene.group(desired=2)
    members = set(scene.in_service(group, 2))
    made()
    result = ask("target_registration", target_group=target_group, autoscaling_group=group)
    assert result["changed"]
    assert {each["id"] for each in result["registered"]} == members
    assert healthy(result) == members
    assert [result["diff"][side]["attached"] for side in ("before", "after")] == [False, True]
    assert made("write") == ["AttachTrafficSources"]


@pytest.mark.parametrize("by", ["autoscaling_group", "targets"])
def test_a_wait_for_targets_to_drain_that_is_too_short_is_refused(
    ask: Ask, scene: Scene, target_group: str, made: Made, by: str
) -> None:
    group = scene.group(desired=1, target_groups=(target_group,))
    (instance,) = scene.in_service(group, 1)
    leaving = {"autoscaling_group": group} if by == "autoscaling_group" else {"targets": [{"id": instance}]}
    made()
    refused = ask("target_registration", target_group=target_group, state="absent", wait_timeout=19, **leaving)
    assert "wait_timeout is 19 s, and targets that leave" in refused["msg"]
    assert "drain for 20 s, its deregistration delay" in refused["msg"]
    assert made("write") == []


def test_an_attached_group_is_awaited_and_not_touched(ask: Ask, scene: Scene, target_group: str, made: Made) -> None:
    group = scene.group(desired=2, target_groups=(target_group,))
    made()
    result = ask("target_registration", target_group=target_group, autoscaling_group=group)
    assert not result["changed"]
    assert healthy(result) == set(scene.members(group))
    assert len(healthy(result)) == 2
    assert made("write") == []


def test_check_mode_attaches_nothing(ask: Ask, scene: Scene, target_group: str, made: Made) -> None:
    group = scene.group(desired=1)
    members = scene.in_service(group, 1)
    made()
    result = ask("target_registration", check=True, target_group=target_group, autoscaling_group=group)
    assert result["changed"]
    assert [each["id"] for each in result["registered"]] == members
    assert made("write") == []


def test_being_healthy_in_one_of_two_target_groups_is_not_enough(ask: Ask, scene: Scene, target_group: str) -> None:
    picky = scene.target_group(Matcher={"HttpCode": "299"})
    scene.listener({picky: 0})
    group = scene.group(desired=1, target_groups=(target_group, picky))
    (member,) = scene.in_service(group, 1)
    eventually(lambda: scene.health(picky), {(member, 8080): "unhealthy"}.__eq__)
    eventually(lambda: scene.health(target_group), {(member, 8080): "healthy"}.__eq__)
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, wait_timeout=1)
    assert result["failed"]
    assert f"0 of 1 healthy, {member}:8080 unhealthy (Target.ResponseCodeMismatch)" in result["msg"]
    assert healthy(result) == {member}


def test_healthy_targets_of_another_group_do_not_count(ask: Ask, scene: Scene, target_group: str) -> None:
    scene.group(desired=2, target_groups=(target_group,))
    scene.healthy(target_group, 2)
    group = scene.group(desired=0, target_groups=(target_group,))
    scene.autoscaling.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=["Launch"])
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, wait_timeout=1)
    assert result["failed"]
    assert f"{group}: 0 of 1 in service" in result["msg"]


def test_an_empty_group_is_ready_at_once(ask: Ask, scene: Scene, target_group: str, made: Made) -> None:
    group = scene.group(desired=0)
    result = ask("target_registration", target_group=target_group, autoscaling_group=group)
    assert result["changed"]
    assert scene.describe(group)["TargetGroupARNs"] == [target_group]
    assert made().count("DescribeTargetHealth") == 1


def test_the_successor_of_an_instance_that_is_replaced_is_awaited(ask: Ask, scene: Scene, target_group: str) -> None:
    group = scene.group(desired=2, target_groups=(target_group,))
    doomed, spared = scene.in_service(group, 2)
    scene.healthy(target_group, 2)
    scene.autoscaling.set_instance_health(InstanceId=doomed, HealthStatus="Unhealthy", ShouldRespectGracePeriod=False)
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, wait_timeout=60)
    assert not result.get("failed"), result
    (successor,) = healthy(result) - {doomed, spared}
    assert scene.members(group)[successor] == "InService"


def test_other_settings_of_the_group_stay_as_they_are(ask: Ask, scene: Scene, target_group: str) -> None:
    group = scene.group(desired=1, HealthCheckType="ELB", HealthCheckGracePeriod=77, DefaultCooldown=33)
    scene.autoscaling.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=["AZRebalance"])
    scene.in_service(group, 1)
    before = scene.describe(group)
    ask("target_registration", target_group=target_group, autoscaling_group=group)
    after = scene.describe(group)
    attachment = {"TargetGroupARNs", "TrafficSources", "Instances"}
    assert {key: after[key] for key in after.keys() - attachment} == {
        key: before[key] for key in before.keys() - attachment
    }


def test_a_second_target_group_that_no_route_refers_to_is_not_waited_for(
    ask: Ask, scene: Scene, target_group: str, made: Made
) -> None:
    idle = scene.target_group()
    group = scene.group(desired=1, target_groups=(idle,))
    made()
    result = ask("target_registration", target_group=target_group, autoscaling_group=group)
    assert result["failed"]
    assert f"No listener or rule refers to target group {idle.split('/')[1]}," in result["msg"]
    assert made("write") == []


def test_a_group_that_does_not_exist_is_an_error(ask: Ask, target_group: str, made: Made) -> None:
    for state in ("present", "absent"):
        result = ask("target_registration", target_group=target_group, autoscaling_group="nobody", state=state)
        assert result["failed"]
        assert "There is no Auto Scaling group nobody" in result["msg"]
    assert made("write") == []


def test_detaching_a_group_waits_until_its_instances_have_drained(
    ask: Ask, scene: Scene, target_group: str, made: Made
) -> None:
    group = scene.group(desired=2, target_groups=(target_group,))
    other = scene.group(desired=1, target_groups=(target_group,))
    members, (stranger,) = set(scene.in_service(group, 2)), scene.in_service(other, 1)
    scene.healthy(target_group, 3)
    made()
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, state="absent")
    assert result["changed"]
    assert {each["id"] for each in result["deregistered"]} == members
    assert [each["id"] for each in result["targets"]] == [stranger]
    assert set(scene.members(group)) == members
    assert made("write") == ["DetachTrafficSources"]
    again = ask("target_registration", target_group=target_group, autoscaling_group=group, state="absent")
    assert not again["changed"]
    assert made("write") == []


def test_a_wait_that_ends_names_the_lifecycle_hook_that_nobody_completes(
    ask: Ask, scene: Scene, target_group: str
) -> None:
    group = scene.group(desired=0, target_groups=(target_group,))
    scene.autoscaling.put_lifecycle_hook(
        AutoScalingGroupName=group,
        LifecycleHookName="install",
        LifecycleTransition="autoscaling:EC2_INSTANCE_LAUNCHING",
        HeartbeatTimeout=7200,
    )
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=1)
    (instance,) = eventually(lambda: scene.members(group), lambda found: list(found.values()) == ["Pending:Wait"])
    result = ask("target_registration", target_group=target_group, autoscaling_group=group, wait_timeout=1)
    assert f"Not healthy within 1 seconds. {group}: 0 of 1 in service, {instance} Pending:Wait" in result["msg"]
    assert "lifecycle hook install (ABANDON after 7200 seconds) is completed" in result["msg"]
