# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from collections.abc import Callable

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError, StoppedError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.writes import Write, write_all


def nothing() -> None:
    """Nobody has to be asked before a write."""


class Journal:
    """What was made and put back; refuses the names that it is given."""

    def __init__(self, *refused: str) -> None:
        self.refused = refused
        self.deeds: list[str] = []

    def deed(self, name: str) -> Callable[[], str]:
        def do() -> str:
            if name in self.refused:
                raise BluegreenError(f"{name} is refused.")
            self.deeds.append(name)
            return name

        return do

    def writes(self, *names: str) -> list[Write]:
        return [Write(self.deed(name), self.deed(f"-{name}"), f"{name} is new") for name in names]


def test_all_are_made_in_turn() -> None:
    journal = Journal()
    assert write_all(journal.writes("a", "b"), nothing) == ["a", "b"]
    assert journal.deeds == ["a", "b"]


def test_those_before_one_that_is_refused_are_put_back_last_first() -> None:
    journal = Journal("c")
    with pytest.raises(BluegreenError, match=r"c is refused. Every route changed before it was put back\."):
        write_all(journal.writes("a", "b", "c", "d"), nothing)
    assert journal.deeds == ["a", "b", "-b", "-a"]


def test_one_that_cannot_be_put_back_is_told_and_keeps_none_from_it() -> None:
    journal = Journal("c", "-b")
    with pytest.raises(BluegreenError, match=r"could be put back: b is new now \(-b is refused\.\)\."):
        write_all(journal.writes("a", "b", "c"), nothing)
    assert journal.deeds == ["a", "b", "-a"]


def test_a_run_that_has_to_stop_neither_writes_nor_puts_back() -> None:
    journal = Journal()

    def stop() -> None:
        raise StoppedError("Another run has begun.")

    with pytest.raises(StoppedError):
        write_all([*journal.writes("a"), Write(stop, stop, "b is new"), *journal.writes("c")], nothing)
    assert journal.deeds == ["a"]


def test_a_run_that_may_not_write_any_more_makes_no_further_write() -> None:
    journal = Journal()

    def allow() -> None:
        if journal.deeds:
            raise StoppedError("Another run has begun.")

    with pytest.raises(StoppedError):
        write_all(journal.writes("a", "b", "c"), allow)
    assert journal.deeds == ["a"]
