# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.service.freeze import (
    Freeze,
    find_freeze,
    parse_freeze,
)

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
END = NOW + timedelta(days=30)


def test_tags_tell_the_whole_freeze() -> None:
    freeze = parse_freeze(" Stock-taking, until Monday. ", "the warehouse", END.isoformat(), NOW)
    assert Freeze.read(freeze.tags()) == freeze
    assert Freeze.from_data(freeze.as_data()) == freeze
    assert str(freeze) == "frozen by the warehouse until 2026-12-23 12:00 UTC: Stock-taking, until Monday"
    assert str(parse_freeze("Stock-taking", None, None, NOW)) == "frozen: Stock-taking"


def test_it_holds_until_its_end() -> None:
    freeze = Freeze("Stock-taking", until=END)
    assert freeze.holds(END - timedelta(seconds=1))
    assert not freeze.holds(END)
    assert Freeze("Stock-taking").holds(END)


def test_one_target_group_that_says_so_is_enough() -> None:
    assert find_freeze([{}, {"bluegreen:frozen": "Stock-taking"}]) == Freeze("Stock-taking")
    assert find_freeze([{}, {}]) is None


@pytest.mark.parametrize("until", [{}, {"bluegreen:frozen-until": END.isoformat()}], ids=["without an end", "later"])
@pytest.mark.parametrize("order", [1, -1])
def test_one_that_is_over_hides_no_other(until: dict[str, str], order: int) -> None:
    over = {"bluegreen:frozen": "Stock-taking", "bluegreen:frozen-until": (NOW - timedelta(days=1)).isoformat()}
    found = find_freeze([over, {"bluegreen:frozen": "A leak", **until}][::order])
    assert found
    assert found.reason == "A leak"
    assert found.holds(NOW)


@pytest.mark.parametrize("until", ["soon", "2026-12-23T12:00:00"])
def test_an_end_that_is_no_moment_ends_nothing(until: str) -> None:
    """A person wrote the tags."""
    assert Freeze.read({"bluegreen:frozen": "", "bluegreen:frozen-until": until}) == Freeze("")


@pytest.mark.parametrize(
    ("reason", "until", "said"),
    [
        (" ", None, "A freeze needs a reason"),
        ("!" * 86, None, "takes 258"),
        ("Stock-taking", "tomorrow", "given: tomorrow"),
        ("Stock-taking", "2026-12-23T12:00:00", "with its offset from UTC"),
        ("Stock-taking", NOW.isoformat(), "over already"),
    ],
)
def test_what_is_no_freeze_is_refused(reason: str, until: str | None, said: str) -> None:
    with pytest.raises(BluegreenError, match=said):
        parse_freeze(reason, None, until, NOW)
