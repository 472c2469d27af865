# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.capacity import Bounds, Capacity
from hypothesis import given
from hypothesis import strategies as st

OWN = Bounds(2, 6)


def group(
    desired: int = 3, minimum: int = 2, maximum: int = 6, tags: Mapping[str, str] | None = None
) -> dict[str, Any]:
    listed = [{"Key": f"bluegreen:pinned-{key}", "Value": value} for key, value in (tags or {}).items()]
    sizes = {"DesiredCapacity": desired, "MinSize": minimum, "MaxSize": maximum}
    return {"AutoScalingGroupName": "web-blue", **sizes, "Tags": listed}


def written(capacity: Capacity) -> dict[str, str]:
    """Its journal, as ``group`` takes it."""
    assert capacity.journal
    return {key.removeprefix("bluegreen:pinned-"): text for key, text in capacity.journal.tags().items()}


def test_a_pin_raises_the_minimum_and_journals_what_it_was() -> None:
    after = Capacity.read(group()).pinned(3)
    assert (after.bounds, after.own, written(after)) == (Bounds(3, 6), OWN, {"minimum": "2 3", "maximum": "6 6"})


@pytest.mark.parametrize(
    ("needed", "bounds", "desired"),
    [
        pytest.param(1, Bounds(2, 6), 3, id="never below the own minimum, nor lowering what is desired"),
        pytest.param(5, Bounds(5, 6), 5, id="raised to what is needed"),
        pytest.param(8, Bounds(8, 8), 8, id="the maximum only where it must be"),
    ],
)
def test_a_pin_holds_what_is_needed(needed: int, bounds: Bounds, desired: int) -> None:
    after = Capacity.read(group()).pinned(needed)
    assert (after.bounds, after.desired, after.own) == (bounds, desired, OWN)


@pytest.mark.parametrize(
    ("needed", "minimum", "journal"),
    [(5, 5, "2 3 5"), (3, 3, "2 3"), (0, 2, "2 3")],
    ids=["more is needed", "the same", "less"],
)
def test_a_second_pin_follows_what_is_needed_now(needed: int, minimum: int, journal: str) -> None:
    """The journal is written first, so what stands until the bound is written as well is the pin's too."""
    after = Capacity.read(group(5, 3, 6, {"minimum": "2 3", "maximum": "6 6"})).pinned(needed)
    assert (after.bounds, after.own) == (Bounds(minimum, 6), OWN)
    assert written(after) == {"minimum": journal, "maximum": "6 6"}
    killed_before_the_bounds = Capacity.read(group(5, 3, 6, written(after)))
    assert killed_before_the_bounds.released().bounds == OWN


@pytest.mark.parametrize(
    ("minimum", "maximum", "released"),
    [
        pytest.param(3, 6, Bounds(2, 4), id="nothing was changed"),
        pytest.param(10, 40, Bounds(10, 40), id="both were raised"),
        pytest.param(1, 2, Bounds(1, 2), id="both were lowered"),
        pytest.param(3, 40, Bounds(2, 40), id="the maximum was raised"),
        pytest.param(5, 6, Bounds(5, 5), id="the minimum was raised above the own maximum"),
    ],
)
def test_what_somebody_else_has_changed_since_the_pin_stays(minimum: int, maximum: int, released: Bounds) -> None:
    """A scheduled action, for example, which fires while a release goes on."""
    pinned = group(minimum, minimum, maximum, {"minimum": "2 3", "maximum": "4 6"})
    assert Capacity.read(pinned).released().bounds == released


def test_a_second_pin_goes_back_to_what_somebody_else_has_set_since_the_first() -> None:
    after = Capacity.read(group(20, 10, 40, {"minimum": "2 3", "maximum": "4 4"})).pinned(20)
    assert (after.bounds, written(after)) == (Bounds(20, 40), {"minimum": "10 20", "maximum": "40 40"})
    assert Capacity.read(group(20, 20, 40, written(after))).released().bounds == Bounds(10, 40)


def test_bounds_that_a_person_has_written_into_the_tags_are_restored_whatever_the_bounds_are() -> None:
    before = Capacity.read(group(5, 4, 9, {"minimum": "2", "maximum": "6"}))
    assert (before.released().bounds, before.pinned(5).own) == (OWN, OWN)


def test_only_what_differs_is_sent() -> None:
    before = Capacity.read(group())
    assert before.update_to(before.pinned(3)) == {"MinSize": 3}
    assert before.update_to(before.pinned(8)) == {"MinSize": 8, "MaxSize": 8}
    assert before.update_to(before.pinned(2)) == {}


@given(
    minimum=st.integers(0, 20), spare=st.integers(0, 20), room=st.integers(0, 20), needed=st.lists(st.integers(0, 60))
)
def test_releasing_restores_the_first_bounds_exactly(minimum: int, spare: int, room: int, needed: list[int]) -> None:
    desired, maximum = minimum + spare, minimum + spare + room
    before = seen = Capacity.read(group(desired, minimum, maximum))
    for need in needed:
        after = seen.pinned(need)
        assert after.desired >= max(need, seen.desired)
        assert after.bounds.minimum <= after.desired <= after.bounds.maximum
        seen = Capacity.read(group(after.desired, after.bounds.minimum, after.bounds.maximum, written(after)))
    released = seen.released()
    assert (released.bounds, released.journal) == (before.bounds, None)
    assert released.desired == min(seen.desired, maximum)


def test_a_group_that_is_not_pinned_has_nothing_to_release() -> None:
    before = Capacity.read(group())
    assert before.released() == before


@pytest.mark.parametrize(
    "tags", [{"minimum": "2"}, {"minimum": "2", "maximum": "six"}, {"minimum": "2", "maximum": ""}]
)
def test_a_broken_journal_is_told_and_not_guessed(tags: dict[str, str]) -> None:
    with pytest.raises(BluegreenError, match=r"web-blue is pinned, but its tags do not say what to go back to"):
        Capacity.read(group(tags=tags))
