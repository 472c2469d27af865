# SPDX-License-Identifier: GPL-3.0-or-later
"""A rollback while a run has the lease and its candidate has no traffic: whether that run lives decides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import CLOCKS_APART, Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError, hold
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.release.traffic_return import traffic_return

from .account import BLUE, GREEN, LISTENERS, Account, claim, lease, refuse

TAKE = {"reason": "The job hangs.", "allow": ["lease"]}


@pytest.fixture
def account() -> Account:
    """Blue has all traffic and its five instances."""
    account = Account(boot=0)
    account.grown_at = 0
    account.weights[LISTENERS[0]] = {BLUE: 100, GREEN: 0}
    return account


@pytest.fixture
def mine(account: Account) -> Claim:
    mine = claim("mine", account)
    account.tags[mine.key] = mine.text()
    return mine


def rollback(account: Account, **options: Any) -> dict[str, Any]:
    return traffic_return(account.options(previous=True, doing="rollback", **options), account.run)


def test_the_candidate_of_a_run_that_was_killed_is_rejected_once_its_lease_has_ended(
    account: Account, mine: Claim
) -> None:
    found = rollback(account)
    assert (found["waiting"], found["left_to"]) == ("web-green", None)
    assert mine.until <= account.clock.now() <= mine.until + CLOCKS_APART + 2


@pytest.mark.parametrize("answered", [0, 1], ids=["the last look", "the look after it"])
def test_routes_that_cannot_be_read_for_a_moment_when_the_lease_ends_are_no_error(
    account: Account, mine: Claim, answered: int
) -> None:
    reads = list[float]()

    def hiccup(call: str, _asked: Any) -> None:
        if call == "describe_listeners" and not mine.lives(account.clock.now()):
            reads.append(account.clock.now())
            if len(reads) > answered and reads[-1] < reads[0] + 0.9:
                refuse(call, "ServiceUnavailable")

    account.before = hiccup
    assert rollback(account)["waiting"] == "web-green"
    assert len(reads) > answered


def test_a_run_that_renews_its_lease_keeps_its_candidate(account: Account, mine: Claim) -> None:
    account.schedules = {"of its first step": {}}

    def renewed(_call: str, _asked: Any) -> None:
        if 30 < account.clock.now() < 60:
            account.tags[mine.key] = mine.renewed_at(account.clock.now(), 90).text()

    account.before = renewed
    found = rollback(account, return_role="arn:aws:iam::123456789012:role/return")
    assert (found["waiting"], found["left_to"], found["changed"]) == (None, "mine", False)
    assert list(account.schedules) == ["of its first step"]
    assert account.clock.now() < 60
    (warning,) = found["warnings"]
    assert warning.startswith("job mine is changing web (rollback, since")
    assert "green has no traffic to return, so that run continues. To stop it, cancel it" in warning
    assert "{reason: why, allow: [lease]}" in warning
    assert mine.key in account.tags


def test_a_run_that_gives_its_lease_back_is_not_waited_for(account: Account, mine: Claim) -> None:
    """As another rollback does, which was a second earlier."""

    def given_back(call: str, _asked: Any) -> None:
        if call == "describe_tags" and account.clock.now() > 5:
            account.tags.pop(mine.key, None)

    account.before = given_back
    assert rollback(account)["left_to"] is None
    assert account.clock.now() < 15


def test_traffic_that_the_candidate_gets_meanwhile_is_returned(account: Account, mine: Claim) -> None:
    def shifted(_call: str, _asked: Any) -> None:
        if account.clock.now() > 10 and not account.sent:
            account.weights[LISTENERS[0]] = {BLUE: 90, GREEN: 10}

    account.before = shifted
    found = rollback(account)
    assert account.sent == [100]
    assert (found["left_to"], found["changed"]) == (None, True)
    assert mine.key not in account.tags


def test_a_person_may_take_the_lease_and_the_run_that_lives_notices(account: Account, mine: Claim) -> None:
    """What that run has begun to shift arrives right after it, and is returned as well."""
    run = account.run
    began = account.clock.now()

    def seized(call: str, _asked: Any) -> None:
        if call == "remove_tags":
            account.weights[LISTENERS[0]] = {BLUE: 90, GREEN: 10}

    account.before = seized
    found = rollback(account, override=TAKE)
    assert (found["waiting"], found["left_to"]) == ("web-green", None)
    assert account.sent == [100]
    assert account.clock.now() - began < 10
    with pytest.raises(LostLeaseError):
        hold(account.options(lease=lease(mine)), run)


def test_check_mode_waits_for_nothing(account: Account, mine: Claim) -> None:
    began = account.clock.now()
    found = traffic_return(account.options(previous=True), replace(account.run, check_mode=True))
    assert (found["left_to"], account.clock.now()) == (mine.run, began)
