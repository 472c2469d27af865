# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a release, found on the lab before anything is written."""

from __future__ import annotations

from typing import Any

import pytest

from switchyard_lab.client import LabProcess
from switchyard_lab.scene import Scene
from tests.integration.conftest import Ask

from ..alarms import alarm_in, composite_of
from ..conftest import Made, Plan
from ..demo import Demo

NO_IMAGE = "ami-0123456789abcdef0"


@pytest.fixture
def definition(demo: Demo) -> dict[str, Any]:
    """Of a service that is live in blue."""
    demo.live()
    return demo.definition


def test_nothing_stands_against_a_release(
    plan: Plan, lab: LabProcess, scene: Scene, definition: dict[str, Any], made: Made
) -> None:
    quiet = alarm_in(lab, "OK")
    alarms = [quiet, composite_of(lab, quiet), alarm_in(lab, "INSUFFICIENT_DATA")]
    made()
    result = plan(**definition, image_id=scene.image(release="2"), alarms=alarms, strategy="10,100")
    assert (result["changed"], result["findings"], result.get("failed", False)) == (False, [], False), result["msg"]
    calls = made()
    assert [each for each in calls if not each.startswith(("Describe", "Get"))] == []
    assert calls.count("DescribeAccountLimits") == 1, "no load balancer is limited to so few targets"
    assert [each["do"] for each in result["stages"]][-3:] == ["shift", "shift", "settle"]


def test_all_that_stands_against_a_release_is_told_at_once(
    plan: Plan, lab: LabProcess, definition: dict[str, Any], made: Made
) -> None:
    ringing = alarm_in(lab, "ALARM")
    made()
    result = plan(
        **definition,
        image_id=NO_IMAGE,
        alarms=[ringing, "nobody-made-it"],
        strategy=[{"weight": 50}, {"weight": 10, "bake_second": 5}],
        metrics=[{"name": "errors"}, {"name": "latancy"}],
    )
    assert result["failed"]
    assert len(result["findings"]) == 5
    for number, said in enumerate(
        [
            "Step 2 has an unknown key bake_second",
            "Metric latancy: it needs compare and queries",
            NO_IMAGE,
            f"Alarm {ringing} is in ALARM: ",
            "Alarm nobody-made-it cannot be watched",
        ],
        1,
    ):
        assert said in result["findings"][number - 1]
        assert f"{number}. {result['findings'][number - 1]}" in result["msg"]
    assert made("write") == []


def test_a_bake_compares_no_requests_where_others_than_the_routes_send_some(
    plan: Plan, scene: Scene, definition: dict[str, Any]
) -> None:
    asked = {**definition, "image_id": scene.image(release="2"), "strategy": "50,100"}

    def compared() -> list[bool]:
        return [not stage["strays"] for stage in plan(**asked)["stages"] if stage["do"] == "shift"]

    assert compared() == [True, True]
    (route,) = definition["routes"]
    balancer = scene.elbv2.describe_listeners(ListenerArns=[route])["Listeners"][0]["LoadBalancerArn"]
    scene.listener({definition["target_groups"]["blue"]: 100}, balancer, 81)
    assert compared() == [False, False]


def test_what_cannot_be_read_does_not_hide_the_rest(plan: Plan, lab: LabProcess, definition: dict[str, Any]) -> None:
    lab.fault(operation="DescribeAlarms", times=1, error="AccessDenied")
    result = plan(**definition, alarms=["any"], image_id=NO_IMAGE)
    assert result["failed"]
    assert len(result["findings"]) == 2
    assert "AWS refused reading alarms any" in result["msg"]


def test_everything_that_stands_against_a_roll_is_told_at_once(
    ask: Ask, plan: Plan, lab: LabProcess, demo: Demo, definition: dict[str, Any]
) -> None:
    """An alarm that is only about the idle environment is no exception: AWS would not begin under it."""
    demo.group(0, "green")
    ask("freeze", service=demo.service, target_groups=definition["target_groups"], reason="Stock-taking")
    ringing = alarm_in(lab, "ALARM", definition["target_groups"]["green"])
    findings = plan(["roll"], **definition, image_id=NO_IMAGE, alarms=[ringing])["findings"]
    for number, said in enumerate(["has a second environment", "is frozen: Stock-taking", NO_IMAGE, ringing]):
        assert said in findings[number]
    assert len(findings) == 4


def test_a_roll_that_nothing_prevents_has_no_stages(
    plan: Plan, scene: Scene, definition: dict[str, Any], made: Made
) -> None:
    made()
    result = plan(["roll"], **definition, image_id=scene.image(release="2"))
    assert (result["brings_up"], result["stages"], result["service"]["stable"]) == ("roll", [], "blue")
    assert "DescribeImages" in made()
