# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a bake takes, what ends it, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError

from .watched import ARN, GROUP, Aws, aws


def test_a_pass_takes_the_whole_time_and_no_more() -> None:
    result = aws().bake(60, alarms=["a"], target_groups=GROUP)
    assert (result["verdict"], result["seconds"], result["changed"]) == ("pass", 60, False)
    assert result["target_groups"][0]["healthy"] == 2
    assert [target["state"] for target in result["target_groups"][0]["targets"]][-1] == "draining"


def test_nothing_to_watch_passes_after_the_time() -> None:
    result = aws().bake(60)
    assert (result["verdict"], result["seconds"], result["reasons"]) == ("pass", 60, [])


def test_an_alarm_ends_the_bake_at_once() -> None:
    result = aws(alarm=lambda time: "ALARM" if time >= 20 else "OK").bake(60, alarms=["a"])
    assert result["verdict"] == "fail"
    assert 20 <= result["seconds"] <= 25
    assert result["msg"] == "Alarm a is in ALARM: why."


def test_an_alarm_that_disappears_ends_the_bake() -> None:
    result = aws(alarm=lambda time: None if time >= 20 else "OK").bake(60, alarms=["a"])
    assert (result["verdict"], result["alarms"][0]["state"]) == ("fail", "MISSING")
    assert result["seconds"] <= 25


def test_no_data_is_waited_for_until_the_end() -> None:
    assert (
        aws(alarm=lambda time: "OK" if time >= 60 else "INSUFFICIENT_DATA").bake(60, alarms=["a"])["verdict"] == "pass"
    )
    result = aws(alarm=lambda _: "INSUFFICIENT_DATA").bake(60, alarms=["a"])
    assert (result["verdict"], result["seconds"]) == ("inconclusive", 60)


def test_a_dip_that_one_look_sees_is_forgiven() -> None:
    looks = iter([2, 1, *[2] * 100])
    assert aws(healthy=lambda _: next(looks)).bake(60, target_groups=GROUP)["verdict"] == "pass"


def test_too_few_healthy_targets_in_two_looks_end_the_bake() -> None:
    result = aws(healthy=lambda time: 1 if time >= 20 else 2).bake(60, target_groups=GROUP)
    assert (result["verdict"], result["target_groups"][0]["healthy"]) == ("fail", 1)
    assert 23 <= result["seconds"] <= 30


def test_health_that_cannot_be_read_fails_closed() -> None:
    result = aws(healthy=lambda time: -1 if time else 2).bake(60, target_groups=GROUP)
    assert result["verdict"] == "fail"
    assert "AWS refused reading the health of" in result["msg"]


@pytest.mark.parametrize(("seconds", "check_mode"), [(0, False), (60, True)])
def test_one_look(seconds: int, check_mode: bool) -> None:
    world = aws()
    result = world.bake(seconds, check_mode=check_mode, alarms=["a"])
    assert (result["verdict"], result["seconds"], world.batches) == ("pass", 0, [1])


def test_the_look_that_finds_alarms_quiet_is_the_first_of_the_bake() -> None:
    shown: list[str] = []

    def rings(time: float) -> str:
        shown.append("ALARM" if time < 5 else "OK")
        return shown[-1]

    candidate = {"target_group": ARN, "placeholders": {"auto_scaling_group": "web-green-v002"}}
    world = Aws(rings, lambda _: 2, about="web-green-v002")
    assert world.bake(0, alarms=["a"], candidate=candidate, quiet_timeout=60)["verdict"] == "pass"
    assert shown.count("OK") == 1, "nothing new is to be seen a moment later"


def test_alarms_are_read_a_hundred_a_call() -> None:
    world = aws()
    world.bake(0, alarms=[f"alarm-{number}" for number in range(250)])
    assert sorted(world.batches) == [50, 100, 100]


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"seconds": -1}, "seconds must be 0 or more; given: -1"),
        ({"interval": 0.0}, "interval must be more than 0 seconds"),
        ({"metrics_interval": -1.0}, "metrics_interval must be more than 0 seconds"),
        ({"significance": 1.0}, "significance must be a probability"),
        ({"metrics": [{"name": "errors"}]}, "Metrics are of a candidate"),
        ({"metrics": [{"name": "errors"}], "candidate": {"target_group": ARN}}, "errors is compared with stable"),
    ],
)
def test_what_makes_no_sense_is_refused(options: dict[str, Any], problem: str) -> None:
    with pytest.raises(BluegreenError, match=problem):
        aws().bake(**options)
