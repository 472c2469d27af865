# SPDX-License-Identifier: GPL-3.0-or-later
"""A release over a stable environment that is down: what was broken before says nothing about what comes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene, eventually
from tests.integration.conftest import Ask

from ..alarms import alarm_in, composite_of
from ..conftest import Plan
from ..pair import Pair


@pytest.fixture
def listener(pair: Pair) -> str:
    """No target of blue, which is stable, is healthy."""
    listener = pair.listener()
    pair.healthy()
    pair.declare_stable()
    processes = ["ReplaceUnhealthy", "Launch", "Terminate"]
    pair.scene.autoscaling.suspend_processes(AutoScalingGroupName=pair.groups[0], ScalingProcesses=processes)
    (instance,) = pair.scene.describe(pair.groups[0])["Instances"]
    pair.scene.lab.fault(instance=instance["InstanceId"], action="crash")
    eventually(lambda: set(pair.scene.health(pair.blue).values()), lambda states: states == {"unhealthy"})
    return listener


def judged(pair: Pair, **options: Any) -> dict[str, Any]:
    colors = zip(("stable", "candidate"), pair.arns, pair.groups, strict=True)
    return {
        "seconds": 0,
        "target_groups": [{"target_group": arn, "minimum_healthy": 1} for arn in pair.arns],
        **{color: {"target_group": arn, "placeholders": {"auto_scaling_group": group}} for color, arn, group in colors},
        **options,
    }


@pytest.mark.usefixtures("listener")
def test_a_stable_environment_that_was_down_judges_nothing(ask: Ask, lab: LabProcess, pair: Pair) -> None:
    alarm = alarm_in(lab, "ALARM", pair.blue)
    strict = ask("bake", **judged(pair, alarms=[alarm]))
    assert strict["verdict"] == "fail"
    assert ask("bake", **judged(pair, alarms=[alarm], judge_stable="once_up"))["verdict"] == "pass"
    others = [composite_of(lab, alarm), alarm_in(lab, "ALARM", pair.green)]
    for other in others:
        assert other in ask("bake", **judged(pair, alarms=[other], judge_stable="once_up"))["msg"]


@pytest.mark.usefixtures("listener")
def test_one_that_has_gone_down_before_the_shift_is_not_the_candidate_s_fault(
    ask: Ask, lab: LabProcess, pair: Pair
) -> None:
    of_blue, of_green = alarm_in(lab, "ALARM", pair.blue), alarm_in(lab, "ALARM", pair.green)
    passed = ask("bake", **judged(pair, alarms=[of_blue], judge_stable="unless_down"))
    assert (passed["verdict"], passed["stable_down"]) == ("pass", True)
    assert of_green in ask("bake", **judged(pair, alarms=[of_green], judge_stable="unless_down"))["msg"]


def test_one_that_is_up_judges_the_release(ask: Ask, lab: LabProcess, pair: Pair) -> None:
    pair.listener()
    pair.healthy()
    alarm = alarm_in(lab, "ALARM", pair.blue)
    failed = ask("bake", **judged(pair, alarms=[alarm], judge_stable="unless_down"))
    assert (failed["verdict"], failed["stable_down"]) == ("fail", False)
    again = ask("bake", **judged(pair, judge_stable="once_up"))
    assert (again["verdict"], again["stable_down"]) == ("pass", False)


def test_preflight_lets_a_fix_pass_and_says_what_will_not_judge_it(
    ask: Ask, plan: Plan, lab: LabProcess, scene: Scene, pair: Pair, listener: str
) -> None:
    of_blue, of_green, of_both = (
        alarm_in(lab, "ALARM", pair.blue),
        alarm_in(lab, "ALARM", pair.green),
        alarm_in(lab, "ALARM"),
    )
    release = {**pair.definition, "routes": [listener], "image_id": scene.image(release="2")}
    passed = plan(**release, alarms=[of_blue, of_green], propagation_timeout=0)
    assert passed["findings"] == [], passed["msg"]
    assert "blue, the stable environment" in str(passed["warnings"])
    assert "will not judge this release" in str(passed["warnings"])
    assert f"{of_green} is in ALARM" in str(passed["warnings"]), "it rings until there is data"
    (look,) = (stage for stage in passed["stages"] if stage["do"] == "look")
    assert look["quiet_timeout"] == 300, "that of its one period, and not how long requests are waited for"
    (finding,) = plan(**release, alarms=[of_blue, of_green, of_both])["findings"]
    assert of_both in finding

    # A run that died in the middle is taken up again; by now an alarm of green is about what users get.
    scene.elbv2.modify_listener(ListenerArn=listener, DefaultActions=[pair.forward(90, 10)])
    service = ask("service_info", **pair.definition, routes=[listener])["service"]
    release["image_id"] = service["environments"]["green"]["image_id"]
    (finding,) = plan(**release, alarms=[of_blue, of_green])["findings"]
    assert of_green in finding


def test_an_alarm_of_the_idle_environment_is_waited_for(ask: Ask, lab: LabProcess, pair: Pair) -> None:
    """It rings for what was there before."""
    pair.listener()
    alarm = alarm_in(lab, "ALARM", pair.green)
    assert ask("bake", **judged(pair, alarms=[alarm], target_groups=[], quiet_timeout=1))["verdict"] == "fail"
    lab.fault(operation="DescribeAlarms", times=1, error="AccessDenied")
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(ask, "bake", **judged(pair, alarms=[alarm], target_groups=[], quiet_timeout=60))
        lab.client("cloudwatch").delete_alarms(AlarmNames=[alarm])
        result = waiting.result()
    assert "there is no such alarm" in result["msg"], "it looked once more after the wait"
