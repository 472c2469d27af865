# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.removal import (
    check_removable,
    hook_seconds,
    left_message,
    protected,
    shrinking_sizes,
    standing_by,
)


def group(service: str | None, **fields: Any) -> dict[str, Any]:
    tags = [{"Key": "bluegreen:service", "Value": service}] if service else []
    return {"AutoScalingGroupName": "web-blue-v001", "Tags": tags, "Instances": [], **fields}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (group(None), "tag bluegreen:service is missing"),
        (group("shop"), "tag bluegreen:service says shop"),
        (
            group("web", Instances=[{"InstanceId": "i-1", "LifecycleState": "Terminating:Retained"}]),
            "web-blue-v001 keeps i-1 in state Retained, because a termination hook was abandoned",
        ),
    ],
)
def test_a_group_of_somebody_else_or_one_that_a_person_is_to_look_at_stays(found: dict[str, Any], reason: str) -> None:
    with pytest.raises(BluegreenError, match=reason):
        check_removable(found, "web")


@pytest.mark.parametrize("fields", [{}, {"DeletionProtection": "prevent-all-deletion"}])
def test_a_group_of_the_service_may_go(fields: dict[str, Any]) -> None:
    check_removable(group("web", **fields), "web")


@pytest.mark.parametrize(
    ("desired", "sizes"),
    [(0, []), (1, [0]), (3, [2, 1, 0]), (500, [500 - 25 * step for step in range(1, 21)])],
)
def test_a_group_shrinks_evenly_in_a_few_steps(desired: int, sizes: list[int]) -> None:
    assert shrinking_sizes(desired) == sizes


def test_instances_that_a_scale_in_would_pass_over_are_found() -> None:
    """Nobody can unprotect one that is not in service yet."""
    instances = [
        {"InstanceId": f"i-{state}-{protects}", "LifecycleState": state, "ProtectedFromScaleIn": protects}
        for state in ("InService", "Pending", "Standby")
        for protects in (True, False)
    ]
    assert protected({"Instances": instances}) == ["i-InService-True"]
    assert standing_by({"Instances": instances}) == ["i-Standby-True", "i-Standby-False"]


def test_termination_hooks_hold_an_instance_side_by_side() -> None:
    leaving, coming = "autoscaling:EC2_INSTANCE_TERMINATING", "autoscaling:EC2_INSTANCE_LAUNCHING"
    hooks = [(leaving, 300), (leaving, 900), (coming, 7200)]
    assert hook_seconds({"LifecycleTransition": kind, "HeartbeatTimeout": seconds} for kind, seconds in hooks) == 900
    assert hook_seconds([]) == 0


@pytest.mark.parametrize(
    ("fields", "reported"),
    [
        ({}, "none"),
        ({"WarmPoolSize": 2}, "2 of its warm pool"),
        (
            {"Instances": [{"InstanceId": "i-1", "LifecycleState": "Terminating"}], "WarmPoolSize": 1},
            "i-1 (Terminating), 1 of its warm pool",
        ),
    ],
)
def test_what_is_left_of_a_group_includes_its_warm_pool(fields: dict[str, Any], reported: str) -> None:
    assert left_message(group("web", **{"Instances": [], **fields})) == reported
