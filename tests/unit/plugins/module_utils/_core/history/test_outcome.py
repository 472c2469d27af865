# SPDX-License-Identifier: GPL-3.0-or-later
"""What a run did, in a tag: nothing is lost but what is too long, and what ran before stays known."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.tag_text import NOT_ALLOWED
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.tags import OUTCOME
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import (
    KEPT,
    Outcome,
    Version,
    find_previous_version,
    find_rolled_back,
    read_outcomes,
    tags_with,
    was_left,
)
from hypothesis import given
from hypothesis import strategies as st

A, B, C = (Version(f"ami-{letter * 17}", f"1.{number}.0") for number, letter in enumerate("abc"))
DEPLOY = Outcome("20260106T031002Z-1f3a", "deploy", "AWX job 4711 (kim)", 1767668402, 1767669002, "succeeded", A, B)


def ended(number: int, **more: object) -> Outcome:
    return replace(DEPLOY, run=f"run-{number}", began=number, ended=number + 9, **more)  # type: ignore[arg-type]


def history(*outcomes: Outcome) -> list[Outcome]:
    """As it is known after them, one after the other."""
    tags: dict[str, str] = {}
    for each in outcomes:
        tags |= tags_with(each, read_outcomes([tags]))
    return read_outcomes([tags])


words = st.text(max_size=60)


@given(by=words, reason=words, release=st.text(max_size=60), restored=st.none() | st.integers(0, 99999))
def test_it_fits_into_a_tag_whatever_a_person_writes(by: str, reason: str, release: str, restored: int | None) -> None:
    text = replace(DEPLOY, by=by, reason=reason, to=Version("ami-1", release), restored=restored).text()
    assert len(text) <= 256
    assert not NOT_ALLOWED.search(text.replace("=", ""))
    assert text == text.strip()
    read = Outcome.read(text)
    assert read
    assert (read.run, read.to.image_id, read.restored) == (DEPLOY.run, "ami-1", restored)


@pytest.mark.parametrize(
    "outcome",
    [
        DEPLOY,
        replace(DEPLOY, end_state="rolled_back", restored=3, reason="Alarm demo-5xx, of web, is in ALARM: 12 %."),
        replace(DEPLOY, ended=None, end_state="", by="", before=Version(), to=Version("ami-1", "ami-1")),
        replace(DEPLOY, to=Version("ami-1", "-"), by="Zoë Brown"),
        replace(DEPLOY, doing="provision and verify", to=Version("ami-1", "2.0 = final")),
    ],
)
def test_it_is_read_as_it_was_written(outcome: Outcome) -> None:
    assert Outcome.read(outcome.text()) == outcome
    assert Outcome.from_data(outcome.as_data()) == outcome


@pytest.mark.parametrize("text", ["", "x", "succeeded soon", "a b c d e f g h i j k l"])
def test_a_text_that_is_none_is_passed_over(text: str) -> None:
    assert read_outcomes([{f"{OUTCOME}1": text, f"{OUTCOME}2": DEPLOY.text()}]) == [DEPLOY]


def test_the_last_few_are_kept_in_the_same_tags_and_the_latest_is_first() -> None:
    known = history(*(ended(number) for number in range(9)))
    assert [each.run for each in known] == [f"run-{number}" for number in (8, 7, 6, 5, 4)]
    assert len(tags_with(ended(9), known)) == KEPT
    assert Outcome.read(tags_with(ended(9), known)[f"{OUTCOME}1"]) == ended(9)


def test_a_run_is_in_it_once() -> None:
    paused = ended(1, end_state="paused")
    assert history(paused, ended(1)) == [ended(1)]


def test_what_ran_before_is_known_after_many_runs_that_changed_nothing_stable() -> None:
    failed = [ended(number, before=B, to=C, end_state="rolled_back") for number in range(2, 20)]
    known = history(ended(1), *failed)
    assert len(known) == KEPT
    assert find_previous_version(known, B) == A


def test_what_was_turned_back_is_not_what_to_return_to() -> None:
    back = ended(3, doing="rollback", before=C, to=B, end_state="rolled_back")
    known = history(ended(1), ended(2, before=B, to=C), back)
    assert find_previous_version(known, B) == A
    assert find_previous_version(history(ended(2, before=B, to=C), back), B) is None


def test_what_was_turned_back_once_and_mended_since_is() -> None:
    back = ended(2, doing="rollback", before=B, to=A, end_state="rolled_back")
    known = history(ended(1), back, ended(3), ended(4, before=B, to=C))
    assert find_previous_version(known, C) == B


def test_a_first_release_has_nothing_before_it() -> None:
    assert find_previous_version(history(ended(1, before=Version())), B) is None
    assert find_previous_version([], B) is None


RETURNED = ended(3, before=A, to=B, end_state="rolled_back", restored=4)


@pytest.mark.parametrize(
    "bad",
    [
        RETURNED,
        ended(3, before=A, to=B, end_state="halted"),
        ended(3, doing="roll", before=A, to=B, end_state="rolled_back"),
        ended(3, doing="rollback", before=B, to=A, end_state="rolled_back", restored=2),
    ],
    ids=["alarm", "halted", "roll", "by a person"],
)
def test_an_image_is_bad_that_was_returned_from_until_it_is_released_again(bad: Outcome) -> None:
    assert find_rolled_back(history(ended(1), bad), B.image_id) == bad
    assert find_rolled_back(history(ended(1), bad), C.image_id) is None
    assert find_rolled_back(history(ended(1), bad, ended(4, before=A, to=B)), B.image_id) is None


def test_an_image_that_no_user_has_had_and_what_a_dead_run_has_left_are_not_bad() -> None:
    never_up = ended(3, before=A, to=B, end_state="rolled_back")
    left = ended(3, doing="watch", before=A, to=B, end_state="rolled_back", restored=5)
    assert find_rolled_back(history(never_up), B.image_id) is None
    assert find_rolled_back(history(left), B.image_id) is None
    assert was_left(history(left), B.image_id)
    assert not was_left(history(left, replace(RETURNED, run="run-4", began=4)), B.image_id)


def test_a_watch_that_fails_again_and_again_takes_the_room_of_one() -> None:
    failed = [ended(number, doing="watch", end_state="halted", before=B, to=Version()) for number in range(3, 9)]
    known = history(ended(1), ended(2, before=B, to=C), *failed)
    assert [each.run for each in known] == [failed[-1].run, ended(2).run, ended(1).run]
