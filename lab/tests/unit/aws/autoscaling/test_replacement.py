# SPDX-License-Identifier: GPL-3.0-or-later
"""What an instance refresh launches and terminates next."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from switchyard_lab.aws.autoscaling.group import LabGroup
from switchyard_lab.aws.autoscaling.member import LabMember
from switchyard_lab.aws.autoscaling.refresh import Refresh
from switchyard_lab.aws.autoscaling.refresh_preferences import Preferences
from switchyard_lab.aws.autoscaling.replacement import Standing, next_moves, survey, waits_for

LAUNCH_FIRST = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 150}
AT_ONCE = {"MinHealthyPercentage": 66}


@dataclass
class Member:
    instance_id: str
    lifecycle_state: str = "InService"
    health_status: str = "Healthy"
    protected_from_scale_in: bool = False
    weight: int = 1
    instance: Any = field(default_factory=lambda: SimpleNamespace(launch_time=0))


def members(old: int, new: int = 0, coming: int = 0, **more: Any) -> list[Member]:
    return [
        *[Member(f"i-old-{number}", **more) for number in range(old)],
        *[Member(f"i-new-{number}") for number in range(new)],
        *[Member(f"i-coming-{number}", "Pending") for number in range(coming)],
    ]


def refresh(found: list[Member], **asked: Any) -> Refresh:
    empty = cast(LabGroup, SimpleNamespace(health_check_grace_period=0))
    chosen = Preferences.requested(asked, empty)
    outdated = {each.instance_id for each in found if "old" in each.instance_id}
    return Refresh(
        "web", chosen, None, "Rolling", frozenset(outdated), outdated, list(chosen.checkpoints), status="InProgress"
    )


def standing(found: list[Member], seen: Refresh, desired: int = 6, **weights: str) -> Standing:
    live = [each for each in found if each.lifecycle_state in ("InService", "Pending")]
    group = SimpleNamespace(desired_capacity=desired, live=live, instances=found, weights=weights)
    return survey(cast(LabGroup, group), seen, lambda each: each.lifecycle_state == "InService")


@pytest.mark.parametrize(
    ("asked", "old", "new", "coming", "moves"),
    [
        (LAUNCH_FIRST, 6, 0, 0, (3, 0)),
        (LAUNCH_FIRST, 6, 0, 3, (0, 0)),
        (LAUNCH_FIRST, 6, 3, 0, (3, 3)),
        (LAUNCH_FIRST, 3, 6, 0, (0, 3)),
        (AT_ONCE, 6, 0, 0, (2, 2)),
        (AT_ONCE, 4, 0, 2, (0, 0)),
        (AT_ONCE, 4, 2, 0, (2, 2)),
        (AT_ONCE, 2, 4, 0, (2, 2)),
        ({**LAUNCH_FIRST, "CheckpointPercentages": [20, 100]}, 6, 0, 0, (2, 0)),
        ({**LAUNCH_FIRST, "CheckpointPercentages": [20, 100]}, 6, 2, 0, (0, 2)),
        ({**LAUNCH_FIRST, "CheckpointPercentages": [20, 100]}, 4, 2, 0, (0, 0)),
        ({**AT_ONCE, "CheckpointPercentages": [10, 100]}, 6, 0, 0, (1, 1)),
        ({"MinHealthyPercentage": 100, "MaxHealthyPercentage": 100}, 6, 0, 0, (1, 0)),
        ({"MinHealthyPercentage": 100}, 6, 0, 0, (1, 1)),
    ],
)
def test_replacements_keep_to_the_bounds_and_to_the_checkpoint(
    asked: dict[str, Any], old: int, new: int, coming: int, moves: tuple[int, int]
) -> None:
    found = members(old, new, coming)
    seen = refresh(found, **asked)
    next_ones = next_moves(standing(found, seen), seen)
    assert (next_ones.launch, len(next_ones.terminate)) == moves


def test_what_does_not_serve_goes_first_and_costs_nothing() -> None:
    found = members(5)
    found.append(Member("i-old-sick", health_status="Unhealthy"))
    seen = refresh(found, **LAUNCH_FIRST)
    assert [each.instance_id for each in next_moves(standing(found, seen), seen).terminate] == ["i-old-sick"]


def test_a_group_that_grows_meanwhile_gets_what_it_lacks() -> None:
    found = members(3, 3)
    seen = refresh(found, **LAUNCH_FIRST, CheckpointPercentages=[50, 100])
    assert next_moves(standing(found, seen, desired=8), seen).launch == 2


@pytest.mark.parametrize(("desired", "leave"), [(8, 2), (9, 0)])
def test_a_weight_as_large_as_the_desired_capacity_lets_all_instances_leave_at_once(desired: int, leave: int) -> None:
    found = members(2, weight=4)
    seen = refresh(found, **LAUNCH_FIRST)
    where = standing(found, seen, desired, xlarge="8", large="4")
    assert len(next_moves(where, seen).terminate) == leave


def test_nothing_is_replaced_while_an_alarm_has_no_data() -> None:
    found = members(6)
    seen = refresh(found, **LAUNCH_FIRST)
    seen.blind = True
    assert next_moves(standing(found, seen), seen).launch == 0


@pytest.mark.parametrize(
    ("aside", "choice", "counts", "said"),
    [
        ({"protected_from_scale_in": True}, {}, 1, "is protected. Remove instance scale-in protection to continue."),
        ({"protected_from_scale_in": True}, {"ScaleInProtectedInstances": "Refresh"}, 1, None),
        ({"protected_from_scale_in": True}, {"ScaleInProtectedInstances": "Ignore"}, 0, None),
        ({"lifecycle_state": "Standby"}, {}, 1, "is in Standby"),
        ({"lifecycle_state": "Standby"}, {"StandbyInstances": "Terminate"}, 1, None),
        ({"lifecycle_state": "Standby"}, {"StandbyInstances": "Ignore"}, 0, None),
    ],
)
def test_protected_and_standby_instances_are_waited_for_replaced_or_left(
    aside: dict[str, Any], choice: dict[str, str], counts: int, said: str | None
) -> None:
    found = [*members(0, 5), Member("i-old-aside", **aside)]
    seen = refresh(found, **LAUNCH_FIRST, **choice)
    where = standing(found, seen)
    assert where.remaining == counts
    assert (said or "") in (waits_for(where) or "")
    assert bool(waits_for(where)) == (said is not None)


def test_what_is_waited_for_is_told_with_an_instance() -> None:
    def reported(state: str) -> str | None:
        found = [Member("i-new-1", state)]
        seen = refresh(found, **LAUNCH_FIRST)
        group = SimpleNamespace(desired_capacity=1, live=found, instances=found, weights={})
        return waits_for(survey(cast(LabGroup, group), seen, lambda each: bool(cast(LabMember, each).weight > 1)))

    assert reported("InService") == (
        "Waiting for instances to warm up before continuing. For example: i-new-1 is warming up."
    )
    assert reported("Pending") == (
        "Waiting for remaining instances to be available. For example: i-new-1 has insufficient data to evaluate its "
        "health with Amazon EC2."
    )
