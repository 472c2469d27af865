# SPDX-License-Identifier: GPL-3.0-or-later
"""What people and programs are sent when a run begins, waits, is approved and ends, and of a freeze."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.notify.notice import Notice
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.notify.notices import (
    approved,
    ended,
    frozen,
    started,
    waiting,
)

RUN = {"run": "r-1", "doing": "deploy", "by": "kim"}
CLAIM = {**RUN, "fence": 1000}
LIVE = {"stable": "blue", "environments": {"blue": {"image_id": "ami-1", "release": "1.0"}}}
APPROVAL = {"weight": 10, "until": "2026-01-30T12:00:00+00:00", "by": "anna"}
ASKED = {"release": "2.0", "weight": 10, "until": APPROVAL["until"]}
BEGUN = "kim has begun to work on web (deploy)."


def test_a_run_that_begins_is_announced_with_both_versions() -> None:
    plan = {"service": LIVE, "wanted": {"image_id": "ami-2", "release": "2.0"}}
    facts = {
        **RUN,
        "from": {"image_id": "ami-1", "release": "1.0"},
        "to": {"image_id": "ami-2", "release": "2.0"},
    }
    message = f"{BEGUN} It runs 1.0 (ami-1), and is to run 2.0 (ami-2)."
    assert started("web", CLAIM, plan) == Notice("started", "web", message, facts)


def test_a_run_without_a_plan_or_an_image_says_what_it_does() -> None:
    assert started("web", CLAIM, None) == Notice("started", "web", BEGUN, RUN)
    assert started("web", CLAIM, {"service": LIVE, "wanted": {}}).message == BEGUN


def outcome(end_state: str) -> dict[str, Any]:
    return {"end_state": end_state, "service": "web", "message": "Done.", "seconds": 60, "changed": True}


@pytest.mark.parametrize("end_state", ["refused", "succeeded", "rolled_back", "halted"])
def test_an_end_is_announced_with_what_is_known_of_it(end_state: str) -> None:
    unknown = dict.fromkeys(("from", "to", "reason", "stable", "weights", "undo_until"))
    facts = {**RUN, "seconds": 60, **unknown}
    assert ended(outcome(end_state), CLAIM) == Notice(end_state, "web", "Done.", facts)


@pytest.mark.parametrize("end_state", ["unchanged", "checked"])
def test_where_nothing_was_done_nobody_is_notified(end_state: str) -> None:
    assert ended(outcome(end_state), CLAIM) is None


def test_who_waits_for_approval_says_until_when_and_how_to_give_it() -> None:
    message = (
        "2.0 of web has 10 % of the traffic and waits for approval until 2026-01-30 12:00 UTC. Run approve.yml with "
        "bluegreen_approve_weight=10."
    )
    assert waiting("web", "2.0", APPROVAL, CLAIM) == Notice("waiting", "web", message, RUN | ASKED)


def test_an_approval_is_by_whoever_gave_it() -> None:
    unknown = {"run": None, "doing": None, "by": "anna"}  # approve.yml has no lease
    message = "anna has approved 2.0 of web at 10 %."
    assert approved("web", "2.0", APPROVAL, {}) == Notice("approved", "web", message, unknown | ASKED)


def test_a_freeze_is_announced_and_its_end() -> None:
    freeze = {"reason": "Stock-taking", "by": None, "until": None}
    assert frozen("web", freeze) == Notice("frozen", "web", "web is frozen: Stock-taking.", {"frozen": freeze})
    assert frozen("web", None) == Notice("unfrozen", "web", "The freeze of web is lifted.")
