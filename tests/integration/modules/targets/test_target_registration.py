# SPDX-License-Identifier: GPL-3.0-or-later
"""Targets by name: registered, deregistered, awaited."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask

from ..conftest import Made

FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:web"
LONG_DELAY = 3000  # seconds of draining that no test waits for


def instances(scene: Scene, count: int) -> list[str]:
    image = scene.image(release="1")
    started = scene.ec2.run_instances(ImageId=image, MinCount=count, MaxCount=count, SubnetId=scene.subnets[0])
    return [instance["InstanceId"] for instance in started["Instances"]]


def in_use(scene: Scene, **options: Any) -> str:
    """A target group that a listener refers to, without traffic: its targets are checked."""
    group = scene.target_group(**options)
    scene.listener({group: 0})
    return group


def registered(scene: Scene, group: str, *ids: str) -> None:
    scene.elbv2.register_targets(TargetGroupArn=group, Targets=[{"Id": each} for each in ids])
    eventually(lambda: scene.health(group), lambda states: all(states[each, 8080] == "healthy" for each in ids))


def named(*ids: str) -> list[dict[str, Any]]:
    return [{"id": each} for each in ids]


def states(result: dict[str, Any]) -> dict[str, str]:
    return {target["id"]: target["state"] for target in result["targets"]}


def test_missing_targets_are_registered_and_awaited(ask: Ask, scene: Scene, made: Made) -> None:
    group, (old, new) = in_use(scene), instances(scene, 2)
    registered(scene, group, old)
    made()
    result = ask("target_registration", target_group=group, targets=named(old, new))
    assert result["changed"]
    assert result["registered"] == [{"id": new, "port": 8080, "availability_zone": None}]
    assert states(result) == {old: "healthy", new: "healthy"}
    assert result["diff"]["before"] == {"targets": [f"{old}:8080"]}
    assert result["diff"]["after"] == {"targets": sorted([f"{old}:8080", f"{new}:8080"])}
    assert made("write") == ["RegisterTargets"]


def test_a_second_run_changes_nothing_and_reads_little(ask: Ask, scene: Scene, made: Made) -> None:
    group, ids = in_use(scene), instances(scene, 2)
    registered(scene, group, *ids)
    made()
    result = ask("target_registration", target_group=group, targets=named(*ids))
    assert not result["changed"]
    assert result["registered"] == []
    assert made() == ["DescribeTargetGroups", *["DescribeTargetHealth"] * 4]


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_tells_and_writes_nothing(ask: Ask, scene: Scene, made: Made, state: str) -> None:
    group, (here, there) = in_use(scene), instances(scene, 2)
    registered(scene, group, here)
    made()
    result = ask("target_registration", check=True, target_group=group, targets=named(here, there), state=state)
    reported = {"id": there if state == "present" else here, "port": 8080, "availability_zone": None}
    assert result["changed"]
    assert (result["registered"] if state == "present" else result["deregistered"]) == [reported]
    assert result["diff"]["before"] != result["diff"]["after"]
    assert states(result) == {here: "healthy"}
    assert made("write") == []


def test_a_draining_target_is_taken_back_and_awaited(ask: Ask, scene: Scene) -> None:
    group, (instance,) = in_use(scene, delay=LONG_DELAY), instances(scene, 1)
    registered(scene, group, instance)
    scene.elbv2.deregister_targets(TargetGroupArn=group, Targets=[{"Id": instance}])
    assert scene.health(group) == {(instance, 8080): "draining"}
    result = ask("target_registration", target_group=group, targets=named(instance))
    assert result["changed"]
    assert states(result) == {instance: "healthy"}


def test_a_registered_target_that_is_unhealthy_is_no_success(ask: Ask, scene: Scene) -> None:
    group, (good, bad) = in_use(scene), instances(scene, 2)
    registered(scene, group, good, bad)
    scene.lab.fault(instance=bad, action="unhealthy")
    eventually(lambda: scene.health(group)[bad, 8080], "unhealthy".__eq__)
    result = ask("target_registration", target_group=group, targets=named(good, bad), wait_timeout=1)
    assert result["failed"]
    assert "1 of 2 healthy" in result["msg"]
    assert f"{bad}:8080 unhealthy (Target.ResponseCodeMismatch)" in result["msg"]
    assert good not in result["msg"]
    assert states(result) == {good: "healthy", bad: "unhealthy"}


def test_one_look_at_their_health_that_cannot_be_read_does_not_end_the_wait(ask: Ask, scene: Scene) -> None:
    group, (instance,) = in_use(scene), instances(scene, 1)
    scene.lab.fault(operation="DescribeTargetHealth", after=1, times=1, error="AccessDenied")
    result = ask("target_registration", target_group=group, targets=named(instance))
    assert states(result) == {instance: "healthy"}


def test_two_ports_of_an_instance_are_two_targets(ask: Ask, scene: Scene) -> None:
    group, (instance,) = scene.target_group(), instances(scene, 1)
    both = [{"id": instance, "port": 8080}, {"id": instance, "port": 8081}]
    result = ask("target_registration", target_group=group, targets=both, wait=False)
    assert [target["port"] for target in result["registered"]] == [8080, 8081]
    result = ask("target_registration", target_group=group, targets=both[1:], state="absent", wait=False)
    assert [target["port"] for target in result["deregistered"]] == [8081]
    assert list(scene.health(group)) == [(instance, 8080)]


def test_nothing_is_deregistered_that_was_not_asked_for(ask: Ask, scene: Scene, made: Made) -> None:
    group, (stranger, instance) = in_use(scene), instances(scene, 2)
    registered(scene, group, stranger)
    ask("target_registration", target_group=group, targets=named(instance))
    assert scene.health(group)[stranger, 8080] == "healthy"
    assert "DeregisterTargets" not in made("write")


def test_purge_lets_strangers_go_once_the_named_are_healthy(ask: Ask, scene: Scene, made: Made) -> None:
    group, (stranger, instance) = in_use(scene), instances(scene, 2)
    registered(scene, group, stranger)
    made()
    result = ask("target_registration", target_group=group, targets=named(instance), purge=True)
    assert [target["id"] for target in result["deregistered"]] == [stranger]
    assert result["diff"]["after"] == {"targets": [f"{instance}:8080"]}
    assert states(result) == {instance: "healthy"}
    calls = made()
    between = calls[calls.index("RegisterTargets") + 1 : calls.index("DeregisterTargets")]
    assert between.count("DescribeTargetHealth") >= 3


def test_purge_leaves_strangers_when_the_named_do_not_become_healthy(ask: Ask, scene: Scene, made: Made) -> None:
    group, (stranger, instance) = in_use(scene), instances(scene, 2)
    registered(scene, group, stranger)
    scene.lab.fault(instance=instance, action="unhealthy")
    result = ask("target_registration", target_group=group, targets=named(instance), purge=True, wait_timeout=1)
    assert result["failed"]
    assert scene.health(group)[stranger, 8080] == "healthy"
    assert made("write") == ["RegisterTargets"]


def test_deregistered_targets_are_awaited_until_they_have_drained(ask: Ask, scene: Scene, made: Made) -> None:
    group, (leaving, staying) = in_use(scene), instances(scene, 2)
    registered(scene, group, leaving, staying)
    made()
    result = ask("target_registration", target_group=group, targets=named(leaving), state="absent")
    assert result["changed"]
    assert [target["id"] for target in result["deregistered"]] == [leaving]
    assert states(result) == {staying: "healthy"}
    assert made("write") == ["DeregisterTargets"]
    assert not ask("target_registration", target_group=group, targets=named(leaving), state="absent")["changed"]
    assert made("write") == []


def test_hundreds_of_targets_take_a_call_per_hundred(ask: Ask, scene: Scene, made: Made) -> None:
    group = scene.target_group(TargetType="ip")
    targets = [{"id": f"10.9.{n // 250}.{n % 250 + 1}", "availability_zone": "all"} for n in range(350)]
    made()
    result = ask("target_registration", target_group=group, targets=targets, wait=False)
    assert len(result["registered"]) == len(result["targets"]) == 350
    assert made() == [
        "DescribeTargetGroups",
        "DescribeTargetHealth",
        *["RegisterTargets"] * 4,
        "DescribeTargetHealth",
    ]
    assert not ask("target_registration", target_group=group, targets=targets, wait=False)["changed"]
    assert made("write") == []
    result = ask("target_registration", target_group=group, targets=targets, state="absent")
    assert len(result["deregistered"]) == 350
    assert made("write") == ["DeregisterTargets"] * 4


def test_an_address_is_a_target(ask: Ask, scene: Scene) -> None:
    group, (instance,) = in_use(scene, TargetType="ip"), instances(scene, 1)
    found = scene.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    result = ask("target_registration", target_group=group, targets=named(found["PrivateIpAddress"]))
    assert states(result) == {found["PrivateIpAddress"]: "healthy"}


def test_a_function_is_a_target_without_a_port(ask: Ask, scene: Scene) -> None:
    created = scene.elbv2.create_target_group(Name=scene.name("functions"), TargetType="lambda")
    group = created["TargetGroups"][0]["TargetGroupArn"]
    scene.listener({group: 100})
    result = ask("target_registration", target_group=group, targets=named(FUNCTION))
    assert result["registered"] == [{"id": FUNCTION, "port": None, "availability_zone": None}]
    assert not ask("target_registration", target_group=group, targets=named(FUNCTION))["changed"]
    assert ask("target_registration", target_group=group, targets=named(FUNCTION), state="absent")["targets"] == []


def test_health_that_is_never_checked_is_not_waited_for(ask: Ask, scene: Scene, made: Made) -> None:
    group, (instance,) = scene.target_group(), instances(scene, 1)
    result = ask("target_registration", target_group=group, targets=named(instance))
    assert result["failed"]
    assert "No listener or rule refers to target group targets-" in result["msg"]
    assert made("write") == []
    assert ask("target_registration", target_group=group, targets=named(instance), wait=False)["changed"]


def test_a_name_that_does_not_exist_is_an_error_at_once(ask: Ask, made: Made) -> None:
    result = ask("target_registration", target_group="nowhere", targets=named("i-0123456789abcdef0"))
    assert result["failed"]
    assert "nowhere" in result["msg"]
    assert "TargetGroupNotFound" in result["msg"]
    assert made() == ["DescribeTargetGroups"]  # no retries


def test_a_throttled_registration_is_tried_again(ask: Ask, scene: Scene) -> None:
    group, (instance,) = scene.target_group(), instances(scene, 1)
    scene.lab.fault(operation="RegisterTargets", times=2, error="ThrottlingException")
    assert ask("target_registration", target_group=group, targets=named(instance), wait=False)["changed"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        pytest.param({}, "one of the following is required: targets, autoscaling_group", id="neither"),
        pytest.param(
            {"targets": [], "autoscaling_group": "web"}, "mutually exclusive: targets|autoscaling_group", id="both"
        ),
        pytest.param({"autoscaling_group": "web", "purge": True}, "purge is True but all of the following", id="purge"),
    ],
)
def test_options_that_do_not_go_together_are_refused(ask: Ask, made: Made, options: dict[str, Any], said: str) -> None:
    result = ask("target_registration", target_group="web-blue", **options)
    assert result["failed"]
    assert said in result["msg"]
    assert made() == []
