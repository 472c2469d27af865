# SPDX-License-Identifier: GPL-3.0-or-later
"""DORA's figures: releases that users got, those that failed, and how long it took to restore."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.figures import WEEK, figures_of
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version

A, B, C = Version("ami-a", "1.0.0"), Version("ami-b", "1.1.0"), Version("ami-c", "1.2.0")
GOOD = Outcome("run", "deploy", "kim", 100, 200, "succeeded", A, B)
BAD = replace(GOOD, end_state="rolled_back", restored=4)
NEXT = replace(GOOD, before=B, to=C)  # with a fault, after B was released well
BACK = Outcome("back", "rollback", "kim", 0, 0, "rolled_back", C, B, 3)


def at(minute: int, outcome: Outcome, **more: Any) -> Outcome:
    return replace(outcome, **{"began": 60 * minute, "ended": 60 * minute + 30, **more})


def figures(*outcomes: Outcome) -> dict[str, Any]:
    return figures_of(outcomes[::-1], 0, 2 * WEEK).as_data()


def test_of_nothing_there_are_none() -> None:
    found = figures()
    assert (found["deployments"], found["change_failure_percent"], found["restore_seconds"]) == (0, None, None)
    assert figures_of([], 0, WEEK).lines() == ["Users got no release in this time, so there are no figures."]


def test_good_and_bad_releases() -> None:
    found = figures(at(1, GOOD), at(2, BAD), at(3, GOOD, before=B, to=A), at(4, BAD, restored=8))
    assert {key: found[key] for key in ("deployments", "deployments_per_week", "failed")} == {
        "deployments": 4,
        "deployments_per_week": 2.0,
        "failed": 2,
    }
    assert (found["change_failure_percent"], found["restore_seconds"]) == (50.0, 6)
    assert found["lead_time_seconds"] is None


@pytest.mark.parametrize(
    "outcome",
    [
        replace(BAD, restored=None),  # it failed before it had traffic
        replace(GOOD, doing="teardown", to=Version()),
        replace(GOOD, doing="provision", end_state="provisioned"),
        replace(GOOD, doing="provision and verify", end_state="halted"),
        replace(GOOD, end_state="refused"),
        replace(GOOD, end_state="paused"),
        replace(GOOD, to=A),  # only its label was changed
        replace(BAD, doing="watch", restored=None),  # its run died before it had traffic
        replace(GOOD, doing="watch", to=Version()),  # a rejected candidate was removed
        replace(GOOD, doing="watch", end_state="halted"),  # what it could not return is tried again
    ],
)
def test_what_gave_users_no_release_is_no_deployment(outcome: Outcome) -> None:
    assert figures(outcome)["deployments"] == 0


def test_a_release_that_was_rolled_back_by_a_person_has_failed() -> None:
    back = Outcome("back", "rollback", "kim", 0, 0, "rolled_back", B, A, 3)
    found = figures(at(1, GOOD), at(9, back))
    assert (found["deployments"], found["failed"], found["restore_seconds"]) == (1, 1, 3)


def test_a_rollback_of_what_was_turned_back_already_counts_once() -> None:
    back = Outcome("back", "rollback", "kim", 0, 0, "rolled_back", B, A, 3)
    found = figures(at(1, BAD), at(9, back))
    assert (found["deployments"], found["failed"], found["restore_seconds"]) == (1, 1, 4)


@pytest.mark.parametrize(
    "then", [Outcome("back", "rollback", "kim", 0, 0, "rolled_back", B, A, 3), replace(GOOD, run="again")]
)
def test_what_needed_a_person_is_restored_by_what_ends_well(then: Outcome) -> None:
    found = figures(at(1, GOOD, end_state="halted"), at(11, then))
    assert (found["failed"], found["restore_seconds"]) == (1, 600)


def test_a_candidate_that_was_turned_down_is_no_failure_of_the_release_before() -> None:
    denied = Outcome("back", "rollback", "kim", 0, 0, "rolled_back", B, Version(), None)
    assert figures(at(1, GOOD), at(9, denied))["failed"] == 0


def test_a_release_whose_run_died_has_failed_when_a_watch_turns_it_back() -> None:
    died = replace(GOOD, ended=None, end_state="")
    found = figures(at(2, BAD, doing="watch", restored=7), replace(died, began=60))
    assert (found["deployments"], found["failed"], found["restore_seconds"]) == (1, 1, 7)


@pytest.mark.parametrize(
    ("runs", "restored"),
    [
        ((at(11, BACK), at(12, NEXT, began=600, end_state="halted")), 3),  # the run notices the rollback, and ends
        ((at(11, BACK), at(12, NEXT, began=600, end_state="rolled_back", restored=5)), 3),  # both return the traffic
        ((at(11, BACK),), 3),  # the same without a store: who has lost the lease keeps nothing
        ((at(10, NEXT, ended=None, end_state=""), at(11, BACK)), 3),  # the run was killed
        ((at(10, NEXT, end_state="paused"), at(11, BACK)), 3),
        ((at(10, NEXT, end_state="halted"), at(11, NEXT, doing="watch", end_state="rolled_back", restored=3)), 60),
        ((at(10, NEXT, end_state="halted"), at(11, BACK)), 60),
        ((at(10, NEXT, end_state="halted"), at(11, NEXT, end_state="rolled_back", restored=3)), 60),  # run again
    ],
)
def test_a_release_counts_once_and_is_not_taken_for_the_one_before(runs: tuple[Outcome, ...], restored: float) -> None:
    found = figures(at(1, GOOD), *runs)
    assert (found["deployments"], found["failed"], found["restore_seconds"]) == (2, 1, restored)


def test_a_rollback_of_the_release_before_a_bad_one_is_its_own() -> None:
    found = figures(at(1, GOOD), at(2, NEXT, end_state="rolled_back", restored=4), at(9, BACK, before=B, to=A))
    assert (found["deployments"], found["failed"], found["restore_seconds"]) == (2, 2, 3.5)


def test_what_no_rollback_returned_is_not_restored_yet() -> None:
    lines = figures_of([at(1, GOOD, end_state="halted")], 0, WEEK).lines()
    assert lines[1:3] == ["Change failure rate: 100 %, 1 of 1.", "Time to restore: 1 not restored yet."]
    lines = figures_of([at(1, BAD), at(2, NEXT, end_state="halted")], 0, WEEK).lines()
    assert lines[2] == "Time to restore: 4 s, median of 1. 1 not restored yet."


def test_a_return_that_nobody_has_timed_is_not_known() -> None:
    lines = figures_of([at(1, BAD, doing="roll", restored=None)], 0, WEEK).lines()
    assert lines[2] == "Time to restore: not known."


def test_what_was_released_before_the_time_is_no_deployment_of_it() -> None:
    found = figures_of([at(20, replace(BACK, before=B, to=A)), at(1, GOOD)], 600, WEEK).as_data()
    assert (found["deployments"], found["failed"]) == (0, 0)


def test_a_roll_always_gives_users_the_release() -> None:
    assert figures(at(1, BAD, doing="roll", restored=None))["failed"] == 1


def test_the_figures_as_a_person_reads_them() -> None:
    lines = figures_of([at(2, BAD), at(1, GOOD)], 0, WEEK).lines()
    assert lines == [
        "Deployment frequency: 2 in 7 d, 2 a week.",
        "Change failure rate: 50 %, 1 of 2.",
        "Time to restore: 4 s, median of 1.",
        "Lead time: not known, as records do not say when a change was committed.",
    ]


@pytest.mark.parametrize(
    ("then", "shown"),
    [
        ([], (2, 1, None)),
        ([at(11, NEXT, doing="watch", end_state="rolled_back")], (2, 1, None)),  # AWS had returned the traffic before
        ([at(11, NEXT, doing="watch", end_state="rolled_back", restored=3)], (2, 1, 3)),
        ([at(11, BACK)], (2, 1, 3)),
        ([at(11, NEXT)], (2, 0, None)),  # another run continues it
        ([at(11, NEXT, end_state="rolled_back", restored=3)], (2, 1, 3)),
        ([at(11, NEXT, to=A)], (3, 1, None)),
    ],
)
def test_a_run_that_died_when_users_had_its_release_has_failed(
    then: list[Outcome], shown: tuple[int, int, float | None]
) -> None:
    died = at(10, NEXT, run="died", ended=None, end_state="")
    found = figures_of([at(1, GOOD), died, *then], 0, WEEK, ["died"]).as_data()
    assert (found["deployments"], found["failed"], found["restore_seconds"]) == shown
