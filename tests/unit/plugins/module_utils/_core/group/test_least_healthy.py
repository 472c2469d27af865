# SPDX-License-Identifier: GPL-3.0-or-later
"""How many targets a group must have while something bakes, in units of its capacity."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.least_healthy import least_healthy


def group(**fields: Any) -> dict[str, Any]:
    return {
        "AutoScalingGroupName": "web-blue-v001",
        "CreatedTime": datetime(2026, 1, 6, tzinfo=UTC),
        "MinSize": 2,
        "MaxSize": 8,
        "DesiredCapacity": 6,
        "HealthCheckType": "ELB",
        "TargetGroupARNs": [],
        "Instances": [],
        **fields,
    }


@pytest.mark.parametrize(
    ("fields", "capacity", "percent", "least"),
    [
        ({}, "desired", 100, 6),
        ({}, "desired", 90, 6),
        ({}, "minimum", 100, 2),
        ({}, "minimum", 66, 2),
        ({"MinSize": 5}, "minimum", 66, 4),
        ({"MinSize": 0}, "minimum", 100, 1),
        ({"MinSize": 0, "DesiredCapacity": 0}, "minimum", 100, 0),
        ({"MinSize": 3}, "minimum", 0, 1),
    ],
)
def test_a_part_of_the_capacity_in_whole_targets(
    fields: dict[str, Any], capacity: str, percent: int, least: int
) -> None:
    assert least_healthy(group(**fields), capacity, percent) == least


def test_a_pinned_group_counts_with_the_minimum_that_it_had() -> None:
    pinned = [{"Key": "bluegreen:pinned-minimum", "Value": "2"}, {"Key": "bluegreen:pinned-maximum", "Value": "8"}]
    assert least_healthy(group(MinSize=6, Tags=pinned), "minimum", 100) == 2
