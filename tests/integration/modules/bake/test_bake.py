# SPDX-License-Identifier: GPL-3.0-or-later
"""Alarms and target health, watched on the lab."""

from __future__ import annotations

from collections import Counter
from typing import Any

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.benchmark.rates import CALLS_PER_LOOK
from tests.integration.conftest import Ask

from ..alarms import alarm_in, composite_of
from ..conftest import Made


def watched(scene: Scene, desired: int = 2) -> tuple[str, list[str]]:
    """A target group with healthy targets, and their ids."""
    target_group = scene.target_group()
    scene.listener({target_group: 100})
    group = scene.group(desired, (target_group,))
    scene.healthy(target_group, desired)
    return target_group, scene.in_service(group, desired)


def test_quiet_alarms_and_healthy_targets_pass(ask: Ask, lab: LabProcess, scene: Scene, made: Made) -> None:
    target_group, ids = watched(scene)
    alarm = alarm_in(lab, "OK")
    composite = composite_of(lab, alarm)
    result = ask(
        "bake",
        seconds=1,
        interval=0.4,
        alarms=[alarm, composite],
        target_groups=[{"target_group": target_group, "minimum_healthy": 2}],
    )
    assert (result["verdict"], result["reasons"], result["changed"]) == ("pass", [], False)
    assert [(each["name"], each["state"]) for each in result["alarms"]] == [(alarm, "OK"), (composite, "OK")]
    assert result["alarms"][0]["updated"].startswith("20")
    health = result["target_groups"][0]
    assert (health["target_group_arn"], health["healthy"], health["minimum_healthy"]) == (target_group, 2, 2)
    assert {target["id"] for target in health["targets"]} == set(ids)
    assert result["seconds"] >= 1
    assert made("write") == []


def test_ringing_alarms_fail_at_once_with_the_reason_of_aws(ask: Ask, lab: LabProcess) -> None:
    alarm = alarm_in(lab, "ALARM")
    composite = composite_of(lab, alarm)
    result = ask("bake", seconds=60, alarms=[alarm, composite])
    assert result["verdict"] == "fail"
    assert not result.get("failed")
    for name, reason, found in zip([alarm, composite], result["reasons"], result["alarms"], strict=True):
        assert reason == f"Alarm {name} is in ALARM: {found['reason'].rstrip('.')}."
    assert result["msg"] == " ".join(result["reasons"])
    assert result["seconds"] < 30


def test_an_alarm_that_does_not_exist_fails_at_once(ask: Ask, lab: LabProcess) -> None:
    result = ask("bake", seconds=60, alarms=[alarm_in(lab, "OK"), "nobody-made-it"])
    assert result["verdict"] == "fail"
    assert "Alarm nobody-made-it cannot be watched: there is no such alarm" in result["msg"]
    assert [each["state"] for each in result["alarms"]] == ["OK", "MISSING"]
    assert result["seconds"] < 30


def test_alarms_that_cannot_be_read_fail_closed(ask: Ask, lab: LabProcess) -> None:
    alarm = alarm_in(lab, "OK")
    lab.fault(operation="DescribeAlarms", times=2, error="AccessDenied")
    result = ask("bake", seconds=60, alarms=[alarm])
    assert result["verdict"] == "fail"
    assert f"AWS refused reading alarms {alarm}" in result["msg"]


def test_no_data_is_inconclusive(ask: Ask, lab: LabProcess) -> None:
    result = ask("bake", seconds=1, interval=0.4, alarms=[alarm_in(lab, "INSUFFICIENT_DATA")])
    assert (result["verdict"], result["seconds"] >= 1) == ("inconclusive", True)


def test_too_few_healthy_targets_fail_with_each_bad_target(ask: Ask, lab: LabProcess, scene: Scene) -> None:
    target_group, (good, bad) = watched(scene)
    lab.fault(instance=bad, action="unhealthy")
    result = ask(
        "bake",
        seconds=60,
        interval=0.2,
        target_groups=[{"target_group": target_group, "minimum_healthy": 2}],
    )
    assert result["verdict"] == "fail"
    assert "has 1 healthy targets of at least 2: " in result["msg"]
    assert f"{bad}:8080 unhealthy (Target.ResponseCodeMismatch)" in result["msg"]
    assert f"{good}:8080" not in result["msg"]
    assert result["seconds"] < 30


def test_a_group_that_scales_out_needs_a_share_of_its_minimum(ask: Ask, scene: Scene) -> None:
    """As at a checkpoint of a roll: those that boot, for ever here, are not missed yet."""
    target_group = scene.target_group()
    scene.listener({target_group: 100})
    group = scene.group(3, (target_group,), MinSize=3)
    scene.healthy(target_group, 3)
    scene.autoscaling.suspend_processes(AutoScalingGroupName=group, ScalingProcesses=["Launch"])
    scene.autoscaling.set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=6)
    found = {
        (capacity, percent): ask(
            "bake",
            check=True,
            seconds=60,
            target_groups=[
                {"target_group": target_group, "group": group, "capacity": capacity, "percent": percent},
            ],
        )
        for capacity, percent in (("minimum", 100), ("minimum", 66), ("desired", 100))
    }
    assert {asked: (each["verdict"], each["target_groups"][0]["minimum_healthy"]) for asked, each in found.items()} == {
        ("minimum", 100): ("pass", 3),
        ("minimum", 66): ("pass", 2),
        ("desired", 100): ("inconclusive", 6),  # by one look
    }


def test_a_target_group_of_a_misspelt_name_is_an_error(ask: Ask) -> None:
    result = ask("bake", seconds=60, target_groups=[{"target_group": "nobody-made-it", "minimum_healthy": 1}])
    assert result["failed"]
    assert "nobody-made-it" in result["msg"]


def test_check_mode_looks_once_with_a_call_for_all_alarms_and_one_for_each_group(
    ask: Ask, lab: LabProcess, scene: Scene, made: Made
) -> None:
    alarms = [alarm_in(lab, "OK"), alarm_in(lab, "OK")]
    groups = [{"target_group": scene.target_group(), "minimum_healthy": 0} for _group in range(2)]
    made()
    assert ask("bake", seconds=600, check=True, alarms=alarms, target_groups=groups)["verdict"] == "pass"
    assert sorted(made()) == ["DescribeAlarms", "DescribeTargetHealth", "DescribeTargetHealth"]


ONCE = {"retries": {"mode": "standard", "total_max_attempts": 1}}  # a throttle that outlasts botocore's own retries


def test_throttles_fail_no_bake(ask: Ask, lab: LabProcess, scene: Scene) -> None:
    """Twice in a row, until after its time: that others call AWS too often says nothing about the candidate."""
    target_group, _ids = watched(scene)
    alarm = alarm_in(lab, "OK")
    lab.fault(operation="DescribeAlarms", times=3, error="Throttling")
    lab.fault(operation="DescribeTargetHealth", times=2, error="ThrottlingException")
    result = ask(
        "bake",
        seconds=1,
        interval=0.9,
        aws_config=ONCE,
        alarms=[alarm],
        target_groups=[{"target_group": target_group, "minimum_healthy": 2}],
    )
    assert (result["verdict"], result["reasons"]) == ("pass", []), result["msg"]


def test_an_alarm_that_rings_behind_a_throttle_fails(ask: Ask, lab: LabProcess) -> None:
    alarm = alarm_in(lab, "ALARM")
    lab.fault(operation="DescribeAlarms", times=2, error="Throttling")
    result = ask("bake", seconds=0, interval=0.2, aws_config=ONCE, alarms=[alarm])
    assert result["verdict"] == "fail"
    assert "is in ALARM" in result["msg"]


def test_a_look_takes_no_more_calls_than_the_simulation_of_fleets_counts(
    ask: Ask, lab: LabProcess, scene: Scene, made: Made
) -> None:
    target_group, _ids = watched(scene)
    watch: dict[str, Any] = {"alarms": [alarm_in(lab, "OK"), alarm_in(lab, "OK")]}
    groups = (target_group, scene.target_group())
    watch["target_groups"] = [{"target_group": group, "minimum_healthy": 0} for group in groups]
    once = Counter(made())
    ask("bake", seconds=0, **watch)
    one = Counter(made()) - once
    assert {name: one[name] for name in CALLS_PER_LOOK} == CALLS_PER_LOOK
