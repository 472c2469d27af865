# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of an instance refresh, and what is found wrong before."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.refresh.preferences import (
    Preferences,
    check_percentage,
)


def test_what_is_not_said_is_left_to_aws() -> None:
    assert Preferences().request() == {
        "MinHealthyPercentage": 100,
        "MaxHealthyPercentage": 110,
        "SkipMatching": True,
        "ScaleInProtectedInstances": "Wait",
        "StandbyInstances": "Wait",
        "AutoRollback": True,
    }


@pytest.mark.parametrize(("checkpoints", "asked"), [([20, 50], [20, 50, 100]), ([50, 100], [50, 100])])
def test_a_refresh_always_goes_on_to_the_whole_group(checkpoints: list[int], asked: list[int]) -> None:
    found = Preferences(checkpoints=checkpoints, checkpoint_delay=60).request()
    assert (found["CheckpointPercentages"], found["CheckpointDelay"]) == (asked, 60)


@pytest.mark.parametrize(
    ("options", "finding"),
    [
        ({"min_healthy_percentage": 101}, "min_healthy_percentage is 101; it must be from 0 to 100"),
        ({"max_healthy_percentage": 90}, "max_healthy_percentage is 90"),
        ({"min_healthy_percentage": 5}, "a difference of at most 100"),
        ({"checkpoints": [50, 20]}, "in rising order, each once; given: 50, 20"),
        ({"checkpoints": [0]}, "from 1 to 100"),
        ({"checkpoint_delay": 172801}, "checkpoint_delay is 172801"),
        ({"bake_time": -1}, "bake_time is -1"),
        ({"alarms": [f"alarm-{number}" for number in range(11)]}, "alarms names 11; AWS accepts at most 10"),
    ],
)
def test_what_aws_would_refuse_is_told_before_anything_is_made(options: dict[str, Any], finding: str) -> None:
    with pytest.raises(BluegreenError, match=finding):
        Preferences(**options).check()


def test_everything_that_aws_would_refuse_is_in_one_message() -> None:
    with pytest.raises(BluegreenError, match=r"bake_time is -1.* in rising order"):
        Preferences(bake_time=-1, checkpoints=[50, 20]).check()


@pytest.mark.parametrize("percentage", [0, 101])
def test_nobody_waits_for_a_percentage_that_is_never_reached(percentage: int) -> None:
    check_percentage(100)
    check_percentage(None)
    with pytest.raises(BluegreenError, match=f"until_percentage is {percentage}; it must be from 1 to 100"):
        check_percentage(percentage)


def test_who_may_replace_all_instances_at_once_is_warned() -> None:
    assert "Raise one of them" in Preferences(min_healthy_percentage=0, max_healthy_percentage=100).warnings()[0]
    assert Preferences(min_healthy_percentage=0).warnings() == Preferences().warnings() == []


def test_on_the_way_back_no_alarm_is_in_the_way() -> None:
    way_back = Preferences(alarms=["web-5xx"], checkpoints=[50], bake_time=60, standby="ignore").to_return()
    assert way_back == Preferences(auto_rollback=False, standby="ignore")


@pytest.mark.parametrize(("said", "meant"), [("wait", "ignore"), ("ignore", "ignore"), ("terminate", "terminate")])
def test_on_the_way_back_nobody_waits_for_an_instance_in_standby(said: Any, meant: str) -> None:
    assert Preferences(standby=said).to_return().standby == meant
