# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in short: what was before, what was to be, and why it stopped."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.history.outcome import Outcome, Version
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.release.summary import summarize

A, B = Version("ami-a", "1.0.0"), Version("ami-b", "1.1.0")
CLAIM = {"run": "r", "doing": "rollback", "by": "kim", "fence": 100_000}
PLAN: dict[str, Any] = {
    "run": "p",
    "doing": "deploy",
    "began": 50.5,
    "service": {"stable": "blue", "environments": {"blue": A.as_data()}},
    "wanted": {"image_id": "ami-b", "release": "1.1.0"},
    "definition": {"override": {"reason": "users cannot pay", "allow": ["freeze"]}},
}


def after(stable: Version, other: Version | None, *outcomes: Outcome) -> dict[str, Any]:
    candidate = {"group": "g", **other.as_data()} if other else {"group": None, **Version().as_data()}
    return {
        "stable": "blue",
        "candidate": "green",
        "environments": {"blue": {"group": "b", **stable.as_data()}, "green": candidate},
        "outcomes": [each.as_data() for each in outcomes],
    }


def test_a_release_is_what_its_plan_says() -> None:
    ended = {"end_state": "succeeded", "message": "Done.", "reason": None}
    assert summarize(ended, PLAN, after(B, A), CLAIM, 99.9, None) == Outcome(
        "p", "deploy", "kim", 50, 99, "succeeded", A, B, None, "users cannot pay"
    )


@pytest.mark.parametrize(
    ("ended", "reason"),
    [
        ({"end_state": "rolled_back", "reason": "An alarm."}, "An alarm."),
        ({"end_state": "halted", "reason": None}, "A person is needed."),
        ({"end_state": "paused", "reason": None}, "A person is needed."),
    ],
)
def test_why_it_stopped_goes_before_why_it_was_let_pass(ended: dict[str, Any], reason: str) -> None:
    said = {"message": "A person is needed.", **ended}
    assert summarize(said, PLAN, None, CLAIM, 99.0, None).reason == reason


def test_a_rollback_is_from_what_had_traffic_to_what_has_it() -> None:
    ended = {"end_state": "rolled_back", "message": "Done."}
    outcome = summarize(ended, None, after(A, B), CLAIM, 109.0, 103.4)
    assert (outcome.before, outcome.to, outcome.restored, outcome.began) == (B, A, 3, 100)


def test_a_return_took_no_longer_than_the_run() -> None:
    """Both are in whole seconds."""
    ended = {"end_state": "rolled_back", "message": "Done."}
    outcome = summarize(ended, None, after(A, B), CLAIM, 100.95, 100.9)
    assert (outcome.restored, outcome.ended) == (0, 100)


def test_a_rollback_of_what_had_no_traffic_returned_to_nothing() -> None:
    ended = {"end_state": "rolled_back", "message": "Done."}
    outcome = summarize(ended, None, after(A, B), CLAIM, 109.0, None)
    assert (outcome.before, outcome.to, outcome.switches) == (B, Version(), False)


def test_a_watch_says_what_it_has_found() -> None:
    ended = {"end_state": "rolled_back", "message": "Done.", "reason": None}
    plan = {**PLAN, "doing": "watch", "watch": {"do": "return", "why": "Job 1 has not renewed its lease."}}
    outcome = summarize(ended, plan, after(A, B), CLAIM, 99.0, 55.5)
    assert (outcome.rolled_back, outcome.restored, outcome.reason) == (B, 5, "Job 1 has not renewed its lease.")


def test_a_rollback_in_place_is_from_what_was_rolled() -> None:
    rolled = Outcome("x", "roll", "kim", 1, 2, "succeeded", A, B)
    ended = {"end_state": "rolled_back", "message": "Done."}
    outcome = summarize(ended, None, after(A, None, rolled), CLAIM, 109.0, None)
    assert (outcome.before, outcome.to) == (B, A)


def test_a_rollback_in_place_of_what_was_half_replaced_is_from_that() -> None:
    """The roll has no outcome: its run died while AWS went on."""
    released = Outcome("x", "deploy", "kim", 1, 2, "succeeded", Version("ami-0", "0.9.0"), A)
    ended = {"end_state": "rolled_back", "message": "Done.", "left": B.as_data()}
    outcome = summarize(ended, None, after(A, None, released), CLAIM, 109.0, 105.0)
    assert (outcome.before, outcome.to, outcome.restored) == (B, A, 5)
    assert outcome.rolled_back == B, "the image that users have again is not the bad one"


def test_how_long_a_return_took_begins_with_the_evidence() -> None:
    ended = {"end_state": "rolled_back", "message": "Done.", "reason": "x", "rollback_seconds": 4.4}
    assert summarize(ended, PLAN, None, CLAIM, 99.0, 98.0).restored == 4
