# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import CLOCKS_APART, Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.contest import (
    find_holder,
    living,
    stand,
    taken_by,
)

NOW = 1_800_000_000.0


def claim(run: str, later: float = 0.0, *, held: bool = False) -> Claim:
    return replace(Claim.new(run, "deploy", run, f"here:{ord(run)}:1", NOW + later), held=held)


A, B, C = claim("a"), claim("b", 0.1), claim("c", 0.2)


def test_whoever_is_alone_wins() -> None:
    assert stand(A, [A]).won


@pytest.mark.parametrize("order", list(permutations([A, B, C])))
def test_of_all_that_ask_the_first_waits_and_the_others_lose(order: tuple[Claim, ...]) -> None:
    """It waits, for one behind it may have read back before it was there, and hold the lease soon."""
    assert [stand(each, order).lost for each in (A, B, C)] == [None, A, A]
    assert set(stand(A, order).behind) == {B, C}


def test_two_that_ask_in_the_same_millisecond_are_told_apart() -> None:
    one, other = claim("a"), claim("b")
    assert stand(other, [one, other]).lost == one
    assert stand(one, [one, other]).lost is None


def test_whoever_holds_it_has_it_however_late_it_asked() -> None:
    held = replace(C, held=True)
    assert stand(A, [A, B, held]).lost == held


def test_one_whose_tag_was_taken_away_has_not_won() -> None:
    assert stand(A, []).gone
    assert not stand(A, []).won


def test_of_two_that_hold_it_the_later_has_taken_it() -> None:
    first, second = claim("a", held=True), claim("b", 60, held=True)
    assert taken_by(first, [first, second]).lost == second
    assert taken_by(second, [first, second]).won
    assert taken_by(first, [second]).lost == second


def test_one_that_others_only_ask_for_is_still_held() -> None:
    first = claim("a", held=True)
    assert taken_by(first, [first, claim("b", 60)]).won
    assert taken_by(first, [claim("b", 60)]).gone


def test_a_claim_lives_until_its_end_and_as_long_as_clocks_may_differ() -> None:
    assert living([A], A.until + CLOCKS_APART - 1, set()) == [A]
    assert living([A], A.until + CLOCKS_APART, set()) == []


def test_a_claim_of_a_dead_process_is_over_at_once() -> None:
    assert A.process
    assert living([A, B], NOW, {A.process}) == [B]


def test_the_holder_is_who_holds_it_or_who_died_with_it() -> None:
    held, asked = claim("a", held=True), claim("b", 1)
    found = find_holder([held, asked], NOW, set())
    assert found
    assert (found.claim, found.alive) == (held, True)
    dead = find_holder([held], held.until + 60, set())
    assert dead
    assert (dead.claim, dead.alive) == (held, False)
    assert find_holder([], NOW, set()) is None
