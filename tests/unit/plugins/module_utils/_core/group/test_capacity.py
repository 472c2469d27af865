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


def test_a_pin_raises_the_minimum_and_journals_what_it_was() -> None:
    after = Capacity.read(group()).pinned(3)
    assert after == Capacity("web-blue", 3, Bounds(3, 6), OWN)
    assert OWN.tags() == {"bluegreen:pinned-minimum": "2", "bluegreen:pinned-maximum": "6"}


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
    assert (after.bounds, after.desired, after.originals) == (bounds, desired, OWN)


@pytest.mark.parametrize(("needed", "minimum"), [(5, 5), (3, 3), (0, 2)])
def test_a_second_pin_keeps_the_journal_and_follows_what_is_needed_now(needed: int, minimum: int) -> None:
    tags = {"minimum": "2", "maximum": "6"}
    after = Capacity.read(group(5, 4, 9, tags)).pinned(needed)
    assert after == Capacity("web-blue", 5, Bounds(minimum, 9), OWN)


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
        seen = after
    released = seen.released()
    assert (released.bounds, released.originals) == (before.bounds, None)
    assert released.desired == min(seen.desired, maximum)


def test_a_group_that_is_not_pinned_has_nothing_to_release() -> None:
    before = Capacity.read(group())
    assert before.released() == before


@pytest.mark.parametrize("tags", [{"minimum": "2"}, {"minimum": "2", "maximum": "six"}])
def test_a_broken_journal_is_told_and_not_guessed(tags: dict[str, str]) -> None:
    with pytest.raises(BluegreenError, match=r"web-blue is pinned, but its tags do not say what to go back to"):
        Capacity.read(group(tags=tags))
