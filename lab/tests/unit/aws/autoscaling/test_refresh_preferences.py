# SPDX-License-Identifier: GPL-3.0-or-later
"""Preferences of an instance refresh: what is refused, and the bounds that follow from the rest."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from moto.autoscaling.exceptions import ValidationError

from switchyard_lab.aws.autoscaling.group import LabGroup
from switchyard_lab.aws.autoscaling.refresh_preferences import Preferences


def preferences(asked: dict[str, Any], **group: Any) -> Preferences:
    fields = {"health_check_grace_period": 300, "default_instance_warmup": None, "instance_maintenance_policy": None}
    return Preferences.requested(asked, cast(LabGroup, SimpleNamespace(**fields | group)))


@pytest.mark.parametrize(
    ("minimum", "maximum", "desired", "bounds"),
    [
        (100, 150, 6, (6, 9)),
        (66, None, 6, (4, 6)),
        (66, 100, 6, (4, 6)),
        (90, None, 10, (9, 10)),
        (0, None, 4, (0, 4)),
        (100, None, 4, (3, 4)),  # an old and a new one are exchanged at the same time
        (100, 100, 4, (4, 5)),  # one is launched first
        (100, 110, 6, (6, 7)),  # 6.6 is no instance
        (90, None, 1, (0, 1)),
    ],
)
def test_the_bounds_always_leave_room_for_one(
    minimum: int, maximum: int | None, desired: int, bounds: tuple[int, int]
) -> None:
    given = {} if maximum is None else {"MaxHealthyPercentage": maximum}
    assert preferences({"MinHealthyPercentage": minimum, **given}).bounds(desired) == bounds


@pytest.mark.parametrize(
    ("asked", "group", "warmup"),
    [
        ({}, {}, 300),
        ({}, {"default_instance_warmup": 0}, 0),
        ({"InstanceWarmup": 7}, {"default_instance_warmup": 60}, 7),
    ],
)
def test_the_warmup_is_what_is_asked_or_the_groups(asked: dict[str, Any], group: dict[str, Any], warmup: int) -> None:
    assert preferences(asked, **group).warmup == warmup


def test_a_maintenance_policy_gives_the_bounds_that_are_not_asked() -> None:
    policy = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 120}
    assert preferences({}, instance_maintenance_policy=policy).bounds(10) == (10, 12)
    assert preferences({}).bounds(10) == (9, 10)


@pytest.mark.parametrize(
    "asked",
    [
        {"MinHealthyPercentage": 101},
        {"MaxHealthyPercentage": 120},
        {"MinHealthyPercentage": 50, "MaxHealthyPercentage": 201},
        {"MinHealthyPercentage": 50, "MaxHealthyPercentage": 151},
        {"CheckpointPercentages": [50, 20]},
        {"CheckpointPercentages": [20, 20]},
        {"CheckpointPercentages": [0, 20]},
        {"CheckpointDelay": 60},
        {"CheckpointPercentages": [20], "CheckpointDelay": 172801},
        {"BakeTime": 172801},
        {"AlarmSpecification": {"Alarms": [f"alarm-{number}" for number in range(11)]}},
    ],
)
def test_what_aws_refuses(asked: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        preferences(asked)
