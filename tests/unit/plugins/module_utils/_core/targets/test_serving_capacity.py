# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.members import Member, Members
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.targets.serving_capacity import (
    ServingCapacity,
    needed_by,
    serving,
)


def group(*members: Member) -> Members:
    return Members("demo", len(members), members, [], datetime.now(UTC), 0, True)


FIVE = group(*[Member(f"i-{number}", "InService", "Healthy", 1) for number in range(5)])


@pytest.mark.parametrize(
    ("capacity", "present", "share"),
    [
        (ServingCapacity(3, 3), 50, 100),
        (ServingCapacity(1, 3), 10, 33),
        (ServingCapacity(1, 3), 50, 50),
        (ServingCapacity(0, 3), 20, 20),
        (ServingCapacity(0, 0), 0, 100),
    ],
)
def test_it_may_have_what_it_can_carry_and_never_less_than_it_has(
    capacity: ServingCapacity, present: int, share: int
) -> None:
    assert capacity.share(present) == share


def test_what_the_traffic_needs_is_told_by_what_carries_it_less_the_headroom() -> None:
    assert needed_by(FIVE, 0) == 5
    assert needed_by(FIVE, 25) == 4
    assert needed_by(None, 0) == 0


def test_only_what_serves_and_is_healthy_counts_by_its_units() -> None:
    members = group(
        Member("i-1", "InService", "Healthy", 2),
        Member("i-2", "InService", "Unhealthy", 2),
        Member("i-3", "Terminating", "Healthy", 2),
        Member("i-4", "InService", "Healthy", 4),
    )
    assert serving(members) == 6
    assert serving(members, healthy={"i-1"}) == 2
