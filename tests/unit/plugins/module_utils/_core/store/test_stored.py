# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import (
    ABSENT,
    ANY,
    check_key,
    holds,
    key_of,
)
from hypothesis import given
from hypothesis import strategies as st

PARTS = st.lists(st.text(min_size=1), min_size=1, max_size=3)


@given(PARTS, PARTS)
def test_each_path_has_a_key_of_its_own(one: list[str], other: list[str]) -> None:
    check_key(key_of(*one))
    assert (key_of(*one) == key_of(*other)) is (one == other)


def test_a_key_is_what_it_says_where_it_can_be() -> None:
    assert key_of("web", "records", "20260101T000000Z-1a2b.json") == "web/records/20260101T000000Z-1a2b.json"
    assert key_of("team/web", "lease.json") == "team%2Fweb/lease.json"
    assert key_of("..", ".lock") == "%2E./%2Elock"


@pytest.mark.parametrize("key", ["", "/", "/web", "web/", "..", "web/../x", ".lock", "web/.x", "web\0", "a b", "ä"])
def test_what_might_leave_the_store_is_no_key(key: str) -> None:
    with pytest.raises(BluegreenError, match="is no key of a store"):
        check_key(key)


def test_what_is_expected_holds_or_does_not() -> None:
    assert [holds(ANY, version) for version in (None, "1")] == [True, True]
    assert [holds(ABSENT, version) for version in (None, "1")] == [True, False]
    assert [holds("1", version) for version in (None, "1", "2")] == [False, True, False]
