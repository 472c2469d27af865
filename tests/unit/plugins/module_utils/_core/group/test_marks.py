# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.marks import Marks, Remark, tag_for

NOW = datetime(2026, 11, 28, 5, 30, tzinfo=UTC)


def test_tags_hold_all_marks() -> None:
    tags = tag_for("run", "r-1", NOW) | tag_for("rejected", "Alarm rang, twice.", NOW) | tag_for("leaving", "hook", NOW)
    assert Marks.read(tags) == Marks("r-1", Remark("Alarm rang, twice.", NOW), Remark("hook", NOW))
    assert Marks.read({}) == Marks()


def test_a_reason_that_is_too_long_is_cut_to_what_a_tag_holds() -> None:
    tags = tag_for("rejected", "ä, " * 200, NOW)
    (value,) = tags.values()
    assert len(value) <= 256
    rejected = Marks.read(tags).rejected
    assert rejected is not None
    assert ("ä, " * 200).startswith(rejected.reason)


def test_a_mark_written_by_hand_counts() -> None:
    assert Marks.read({"bluegreen:rejected": "too slow"}).rejected == Remark("too slow")
    assert Marks.read({"bluegreen:leaving": ""}).leaving == Remark("")


@pytest.mark.parametrize("mark", ["run", "rejected", "leaving"])
def test_a_mark_without_a_value_is_refused(mark: str) -> None:
    with pytest.raises(BluegreenError, match=f"A mark {mark} needs a value"):
        tag_for(mark, "  ", NOW)
