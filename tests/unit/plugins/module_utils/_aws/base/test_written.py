# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.written import SECONDS, Written

from tests.unit.clock import FakeClock

TAG: dict[str, Any] = {"ResourceArns": ["arn:blue"], "Tags": [{"Key": "stable", "Value": "green"}]}
OLD: dict[str, Any] = {"TagDescriptions": [{"ResourceArn": "arn:blue", "Tags": []}]}
NEW: dict[str, Any] = {"TagDescriptions": [{"ResourceArn": "arn:blue", "Tags": TAG["Tags"]}]}
UNKNOWN = {"Error": {"Code": "RuleNotFound", "Message": "One or more rules not found"}}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(params=["one task", "two tasks"])
def tasks(request: pytest.FixtureRequest, clock: FakeClock, tmp_path: Path) -> tuple[Written, Written]:
    """The one that writes and the one that reads."""
    if request.param == "one task":
        task = Written(now=clock.now)
        return task, task
    notes = tmp_path / "run" / "notes"
    notes.parent.mkdir()
    return Written(notes, now=clock.now), Written(notes, now=clock.now)


def test_a_read_that_is_older_is_made_again(tasks: tuple[Written, Written], clock: FakeClock) -> None:
    writer, reader = tasks
    assert reader.pause("DescribeTags", {}, OLD) is None
    assert reader.pause("DescribeRules", {}, UNKNOWN) is None
    writer.note("AddTags", TAG)
    assert reader.pause("DescribeTags", {}, OLD)
    assert reader.pause("DescribeRules", {}, UNKNOWN)
    assert reader.pause("DescribeTags", {}, NEW) is None
    assert reader.pause("ModifyRule", {}, UNKNOWN)
    clock.sleep(SECONDS)
    assert reader.pause("DescribeTags", {}, OLD) is None
    assert reader.pause("DescribeRules", {}, UNKNOWN) is None


def test_other_errors_are_believed(tasks: tuple[Written, Written]) -> None:
    writer, reader = tasks
    writer.note("AddTags", TAG)
    assert reader.pause("DescribeTags", {}, {"Error": {"Code": "AccessDenied", "Message": "no"}}) is None


def test_a_name_that_stays_unknown_is_asked_for_less_and_less_often(tasks: tuple[Written, Written]) -> None:
    writer, reader = tasks
    writer.note("AddTags", TAG)
    pauses = [reader.pause("DescribeRules", {}, UNKNOWN, attempts) or 0 for attempts in range(1, 5)]
    assert pauses == sorted(set(pauses))
    assert reader.pause("DescribeRules", {}, UNKNOWN, 8) == pauses[-1], "attempts may have been throttled before"


def test_a_clock_that_is_set_back_ends_the_memory(tasks: tuple[Written, Written], clock: FakeClock) -> None:
    writer, reader = tasks
    writer.note("AddTags", TAG)
    clock.sleep(-3600)
    assert reader.pause("DescribeTags", {}, OLD) is None


def test_a_write_that_cannot_be_noted_was_made_all_the_same(clock: FakeClock, tmp_path: Path) -> None:
    (tmp_path / "run").touch()
    written = Written(tmp_path / "run" / "notes", now=clock.now)
    written.note("AddTags", TAG)
    assert written.pause("DescribeTags", {}, OLD), "the task itself remembers it"


def test_a_task_that_does_not_know_of_earlier_ones_takes_new_names_to_be_possible(clock: FakeClock) -> None:
    assert Written(unsure=True, now=clock.now).pause("DescribeRules", {}, UNKNOWN)
