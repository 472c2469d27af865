# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs as a person reads them, and which of them are asked for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.choice import Choice
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.record import Record
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.table import record_lines, run_lines

A, B = Version("ami-a", "1.0.0"), Version("ami-b", "1.1.0")
RUN = Outcome("20260106T031002Z-1f3a", "deploy", "AWX job 4711", 1767669002, 1767669602, "succeeded", A, B)
OPEN = replace(RUN, run="open", ended=None, end_state="")


def test_the_runs_as_a_table() -> None:
    assert run_lines([RUN]) == [
        "began (UTC)          took        what    from   to     end        run                    by",
        "2026-01-06 03:10:02  10 min 0 s  deploy  1.0.0  1.1.0  succeeded  20260106T031002Z-1f3a  AWX job 4711",
    ]
    assert run_lines([]) == []


@pytest.mark.parametrize(("alive", "said"), [("open", "active"), (None, "died"), ("another", "died")])
def test_a_run_without_an_end_works_or_has_died(alive: str | None, said: str) -> None:
    assert f"  {said}  open " in run_lines([OPEN], alive)[1]


def test_one_run_in_full() -> None:
    record = Record("web", RUN, why="users cannot pay", plan=("build green", "shift green to 10 %"))
    record = record.begin("build green", 1, 1767669002).end({"msg": "3/3 healthy"}, 1767669062)
    record = record.begin("shift green to 10 %", 2, 1767669062).end({"verdict": "pass", "msg": "alarms ok"}, 1767669602)
    moved = {"moves": [{"weight": 33, "seconds": 0.2}, {"weight": 100, "seconds": 41}]}
    record = record.begin("Return the traffic", None, 1767669602).end(moved, 1767669643)
    assert record_lines(record.over(RUN, "web is released.")) == [
        "web: deploy, run 20260106T031002Z-1f3a, by AWX job 4711",
        "from 1.0.0 (ami-a) to 1.1.0 (ami-b)",
        "why: users cannot pay",
        "     began     took       stage                what was seen",
        "1/2  03:10:02  1 min 0 s  build green          3/3 healthy",
        "2/2  03:11:02  9 min 0 s  shift green to 10 %  pass: alarms ok",
        "     03:20:02  41 s       Return the traffic   33 % after 0.2 s, 100 % after 41 s",
        "web is released.",
    ]


def test_a_run_that_died_says_how_far_it_came() -> None:
    record = Record("web", OPEN, plan=("build green", "shift green to 10 %"))
    assert record_lines(record)[-1] == "The run has ended without an outcome; it has begun no stage."
    record = record.begin("build green", 1, 10.0).end({}, 20.0).begin("shift green to 10 %", 2, 20.0)
    assert record_lines(record)[-1] == (
        "The run has ended without an outcome: stage 2 of 2, shift green to 10 %, has begun and has not ended."
    )
    assert record_lines(record, "open")[-1].startswith("The run is active: stage 2 of 2")


@pytest.mark.parametrize(
    ("choice", "taken"),
    [
        (Choice(), True),
        (Choice(end_states=["succeeded"]), True),
        (Choice(end_states=["halted", "unended"]), False),
        (Choice(image="ami-a"), True),
        (Choice(image="1.1.0"), True),
        (Choice(image="1.2.0"), False),
    ],
)
def test_what_is_asked_for(choice: Choice, taken: bool) -> None:
    assert choice.takes(RUN) is taken


def test_runs_without_an_end_can_be_asked_for() -> None:
    assert Choice(end_states=["unended"]).takes(OPEN)


@pytest.mark.parametrize(
    ("outcome", "since", "alive", "listed"),
    [
        (RUN, 1767669602, None, True),
        (RUN, 1767669603, None, False),
        (OPEN, OPEN.began + 7200, OPEN.run, True),  # it is active, so it has not ended before that
        (OPEN, OPEN.began + 7200, None, False),
    ],
)
def test_a_time_is_that_in_which_a_run_ended(outcome: Outcome, since: int, alive: str | None, listed: bool) -> None:
    assert Choice(since=since).in_time(outcome, alive) is listed
