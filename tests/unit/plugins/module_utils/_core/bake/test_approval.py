# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.bake.approval import Approval
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.contest import Holder

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
ASKED = Approval(10, NOW + timedelta(hours=1))


RUN = replace(ASKED, run="20261123T115900Z-1f3a")
BY_HAND = replace(ASKED, run="of Anna, by hand")


@pytest.mark.parametrize("asked", [ASKED, RUN, BY_HAND])
@pytest.mark.parametrize("by", [None, "Anna of the platform team"])
def test_a_tag_tells_it_all(asked: Approval, by: str | None) -> None:
    approval = asked.given("web-green-v002", by, NOW) if by else asked
    assert Approval.read(approval.tag()) == approval


@pytest.mark.parametrize("value", ["", "yes", "10", "10 soon", "10 2026-11-23T12:00:00", "ten 2026-11-23T12:00:00Z"])
def test_a_tag_that_nobody_asked_with_approves_nothing(value: str) -> None:
    assert Approval.read({"bluegreen:approval": value}) is None
    assert Approval.read({}) is None


def test_the_first_who_approves_is_named() -> None:
    given = ASKED.given("web-green-v002", "anna", NOW)
    assert given.given("web-green-v002", "bert", NOW).by == "anna"


def test_nobody_approves_what_waits_no_longer() -> None:
    with pytest.raises(BluegreenError, match="waited for approval at 10 % until 2026-11-23 13:00 UTC"):
        ASKED.given("web-green-v002", "anna", ASKED.until)


def holder(run: str, *, alive: bool) -> Holder:
    began = NOW.timestamp() - 240
    return Holder(Claim.new(run, "deploy", "bert", "", began), alive)


ASKS, OTHER = str(RUN.run), "20261123T115930Z-0b0b"


@pytest.mark.parametrize(
    ("found", "waits"),
    [
        (None, False),
        (holder(ASKS, alive=True), True),
        (holder(ASKS, alive=False), False),
        (holder(OTHER, alive=True), False),
    ],
)
def test_the_run_that_asks_waits_while_it_has_the_lease(found: Holder | None, waits: bool) -> None:
    assert RUN.waits(found) is waits


@pytest.mark.parametrize(
    ("asked", "found", "awaited"),
    [
        (RUN, holder(ASKS, alive=True), True),
        (RUN, holder(ASKS, alive=False), False),
        (RUN, holder(OTHER, alive=True), False),
        (RUN, None, True),
        (ASKED, holder(OTHER, alive=True), True),
    ],
)
def test_nobody_waits_after_the_run_that_asked_has_died_or_the_time_is_over(
    asked: Approval, found: Holder | None, awaited: bool
) -> None:
    assert asked.awaited(found, NOW) is awaited
    assert not asked.awaited(found, asked.until)


@pytest.mark.parametrize(
    ("holders", "said"),
    [
        ([None], f"Run {ASKS}, which asked for it at 10 %, has the lease no longer. Run deploy.yml"),
        ([None, holder(ASKS, alive=False)], "died: it renewed its lease 4 min 0 s ago. Run deploy.yml"),
        ([holder(OTHER, alive=True)], f"has the lease no longer: bert is changing web .*run {OTHER}.. Approve what"),
    ],
)
def test_who_approves_what_a_dead_run_asked_for_reads_what_to_do(holders: list[Holder | None], said: str) -> None:
    with pytest.raises(BluegreenError, match=f"web-green-v002 waits for no approval.*{said}"):
        raise RUN.gone("web-green-v002", "web", holders, NOW)
