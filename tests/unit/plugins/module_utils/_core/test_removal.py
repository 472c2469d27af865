# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.removal import (
    check_removable,
    protected,
    shrinking_sizes,
    told_left,
)


def group(service: str | None, **fields: Any) -> dict[str, Any]:
    tags = [{"Key": "bluegreen:service", "Value": service}] if service else []
    return {"AutoScalingGroupName": "web-blue-v001", "Tags": tags, **fields}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (group(None), "tag bluegreen:service is missing"),
        (group("shop"), "tag bluegreen:service says shop"),
        (group("web", DeletionProtection="prevent-force-deletion"), "deletion protection is prevent-force-deletion"),
    ],
)
def test_a_group_of_somebody_else_or_a_protected_one_stays(found: dict[str, Any], reason: str) -> None:
    with pytest.raises(BluegreenError, match=reason):
        check_removable(found, "web")


@pytest.mark.parametrize("fields", [{}, {"DeletionProtection": "none"}])
def test_a_group_of_the_service_may_go(fields: dict[str, Any]) -> None:
    check_removable(group("web", **fields), "web")


@pytest.mark.parametrize(
    ("desired", "sizes"),
    [(0, []), (1, [0]), (3, [2, 1, 0]), (500, [500 - 25 * step for step in range(1, 21)])],
)
def test_a_group_shrinks_evenly_in_a_few_steps(desired: int, sizes: list[int]) -> None:
    assert shrinking_sizes(desired) == sizes


def test_instances_that_a_scale_in_would_pass_over_are_found() -> None:
    instances = [{"InstanceId": f"i-{each}", "ProtectedFromScaleIn": each} for each in (True, False)]
    assert protected({"Instances": instances}) == ["i-True"]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({}, "none"),
        ({"WarmPoolSize": 2}, "2 of its warm pool"),
        (
            {"Instances": [{"InstanceId": "i-1", "LifecycleState": "Terminating"}], "WarmPoolSize": 1},
            "i-1 (Terminating), 1 of its warm pool",
        ),
    ],
)
def test_what_is_left_of_a_group_includes_its_warm_pool(fields: dict[str, Any], told: str) -> None:
    assert told_left(group("web", **{"Instances": [], **fields})) == told
