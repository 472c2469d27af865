# SPDX-License-Identifier: GPL-3.0-or-later
"""What prevents a release, found on the lab before anything is written."""

from __future__ import annotations

import pytest

from tests.integration.conftest import Ask
from tests.integration.lab.scene import Scene
from tests.lab.client import LabProcess

from ..alarms import alarm_in, composite_of
from ..conftest import Made

STEPS = [{"weight": 10, "bake_seconds": 60}, {"weight": "100", "bake_seconds": "60"}]


def test_nothing_stands_against_a_release(ask: Ask, lab: LabProcess, scene: Scene, made: Made) -> None:
    quiet = alarm_in(lab, "OK")
    alarms = [quiet, composite_of(lab, quiet), alarm_in(lab, "INSUFFICIENT_DATA")]
    image = scene.image(release="2")
    made()
    result = ask("preflight", image_id=image, alarms=alarms, strategy=STEPS)
    assert (result["changed"], result["findings"], result.get("failed", False)) == (False, [], False)
    assert sorted(made()) == ["DescribeAlarms", "DescribeImages"]


def test_all_that_stands_against_a_release_is_told_at_once(ask: Ask, lab: LabProcess, made: Made) -> None:
    ringing = alarm_in(lab, "ALARM")
    result = ask(
        "preflight",
        image_id="ami-0123456789abcdef0",
        alarms=[ringing, "nobody-made-it"],
        strategy=[{"weight": 50}, {"weight": 10, "bake_second": 5}],
        metrics=[{"name": "errors"}, {"name": "latancy"}],
    )
    assert result["failed"]
    assert len(result["findings"]) == 5
    for number, said in enumerate(
        [
            "ami-0123456789abcdef0",
            f"Alarm {ringing} is in ALARM: ",
            "Alarm nobody-made-it cannot be watched",
            "Step 2 has an unknown key bake_second",
            "Metric latancy: it needs compare and queries",
        ],
        1,
    ):
        assert said in result["findings"][number - 1]
        assert f"{number}. {result['findings'][number - 1]}" in result["msg"]
    assert made("write") == []


def test_a_placeholder_in_metrics_that_no_release_fills_is_a_finding(ask: Ask) -> None:
    cpu = {"id": "cpu", "namespace": "AWS/EC2", "metric_name": "CPUUtilization", "dimensions": {"Group": "{group}"}}
    metric = {"name": "load", "compare": "points", "queries": [cpu], "value": "cpu"}
    assert "nothing is known for {group}" in ask("preflight", metrics=[metric])["msg"]
    metric["queries"] = [cpu | {"dimensions": {"AutoScalingGroupName": "{auto_scaling_group}"}}]
    assert not ask("preflight", metrics=[metric]).get("failed")


@pytest.mark.parametrize("image_id", ["ubuntu", ""])
def test_what_can_be_no_image_is_a_finding(ask: Ask, image_id: str) -> None:
    result = ask("preflight", image_id=image_id)
    assert result["failed"]
    (finding,) = result["findings"]
    assert "image" in finding


def test_what_cannot_be_read_does_not_hide_the_rest(ask: Ask, lab: LabProcess) -> None:
    lab.fault(operation="DescribeAlarms", times=1, error="AccessDenied")
    result = ask("preflight", alarms=["any"], image_id="ami-0123456789abcdef0")
    assert result["failed"]
    assert len(result["findings"]) == 2
    assert "AWS refused reading alarms any" in result["msg"]
