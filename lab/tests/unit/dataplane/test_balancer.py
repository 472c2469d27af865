# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests go to groups by weight and to the targets of a group in turn."""

from collections import Counter
from dataclasses import dataclass, replace
from random import Random

import pytest

from switchyard_lab.dataplane.balancer import Rotation, SlowStart, choose_group, eligible
from switchyard_lab.dataplane.health import Health


@dataclass(frozen=True)
class Candidate:
    name: str
    health: Health
    outstanding: int = 0
    rests: bool = False

    def takes_turn(self) -> bool:
        return not self.rests


HEALTHY, UNHEALTHY, INITIAL = Health(state="healthy"), Health(state="unhealthy"), Health(state="initial")
A, B, C = (Candidate(name, HEALTHY) for name in "abc")


def test_groups_are_drawn_by_weight() -> None:
    random = Random(1)
    drawn = Counter(choose_group([("blue", 90), ("green", 10), ("other", 0)], random) for _request in range(10_000))
    assert drawn.keys() == {"blue", "green"}
    assert drawn["green"] == pytest.approx(1000, abs=100)


def test_weights_of_zero_everywhere_choose_no_group() -> None:
    assert choose_group([("blue", 0), ("green", 0)], Random(1)) is None


def test_only_healthy_targets_get_traffic() -> None:
    sick = replace(B, health=UNHEALTHY)
    new = replace(C, health=INITIAL)
    assert eligible([A, sick, new]) == [A]


def test_without_a_healthy_target_the_group_fails_open() -> None:
    sick = replace(B, health=UNHEALTHY)
    new = replace(C, health=INITIAL)
    assert eligible([sick, new]) == [sick, new]
    assert eligible([]) == []


def test_targets_take_turns() -> None:
    rotation = Rotation()
    assert Counter(rotation.next([A, B, C], "round_robin").name for _turn in range(30)) == {"a": 10, "b": 10, "c": 10}


def test_a_target_that_does_not_take_its_turn_leaves_it_to_the_next() -> None:
    rotation = Rotation()
    chosen = Counter(rotation.next([replace(A, rests=True), B, C], "round_robin").name for _turn in range(30))
    assert chosen.keys() == {"b", "c"}
    assert rotation.next([replace(A, rests=True)], "round_robin").name == "a"


def test_in_slow_start_a_target_takes_a_growing_part_of_its_turns() -> None:
    slow_start = SlowStart(began=100, seconds=30)
    taken = [sum(slow_start.takes_turn(100 + second) for _turn in range(100)) for second in (0, 3, 15, 27)]
    assert taken == [pytest.approx(share, abs=1) for share in (0, 10, 50, 90)]
    assert not slow_start.is_over(129)
    assert slow_start.is_over(130)


def test_least_outstanding_requests_prefers_the_idle_and_takes_turns_among_them() -> None:
    busy = replace(A, outstanding=3)
    rotation = Rotation()
    chosen = Counter(rotation.next([busy, B, C], "least_outstanding_requests").name for _turn in range(30))
    assert set(chosen) == {"b", "c"}
    assert chosen["b"] > 0 < chosen["c"]
