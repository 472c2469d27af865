# SPDX-License-Identifier: GPL-3.0-or-later
"""Stable is short of instances: nothing but time, or evidence, sends it more than it carries."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import hold
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.release.return_traffic import return_traffic

from .account import BLUE, GREEN, LISTENERS, Account, claim, lease, refuse


def test_it_gets_what_it_carries_until_its_instances_are_up() -> None:
    account = Account()
    returned = return_traffic(account.options(), account.run)
    assert account.sent == [20, 100]
    assert [move["weight"] for move in returned["moves"]] == [20, 100]
    assert returned["serving"] == 5


def test_whoever_has_lost_the_lease_sends_nothing_more() -> None:
    account = Account()
    mine = claim("mine", account)
    account.tags[mine.key] = mine.text()
    options, run = account.options(lease=lease(mine)), account.run
    other = replace(claim("other", account), fence=mine.fence + 1)

    def seized(call: str, _asked: Any) -> None:
        if call == "modify_listener":
            account.tags[other.key] = other.text()

    account.before = seized
    hold(options, run)
    with pytest.raises(BluegreenError, match="job other is changing web") as caught:
        return_traffic(options, run)
    assert caught.value.facts["other_run"] == "other"
    assert account.sent == [20]


def test_a_lease_that_could_not_be_written_ends_no_wait() -> None:
    account = Account()
    account.before = lambda call, _asked: refuse(call) if call == "add_tags" else None
    returned = return_traffic(account.options(doing="rollback"), account.run)
    assert account.sent == [20, 100]
    assert returned["serving"] == 5
    (warning,) = returned["warnings"]
    assert warning.startswith("The lease was not taken, so others may continue. ")


def test_routes_that_cannot_be_read_once_are_read_again() -> None:
    account = Account()
    reads = 0

    def hiccup(call: str, _asked: Any) -> None:
        nonlocal reads
        reads += call == "describe_tags"
        if call == "describe_tags" and reads == 2:  # the first time was before the wait
            refuse(call)

    account.before = hiccup
    assert return_traffic(account.options(), account.run)["serving"] == 5
    assert account.sent == [20, 100]


def test_what_somebody_else_has_written_meanwhile_is_written_again() -> None:
    """Two that return the traffic at the same time."""
    account = Account()
    other: list[int] = []

    def overtaken(call: str, _asked: Any) -> None:
        if call == "describe_listeners" and account.sent and not other:
            other.append(10)
            account.weights[LISTENERS[0]] = {BLUE: 10, GREEN: 90}

    account.before = overtaken
    assert return_traffic(account.options(), account.run)["serving"] == 5
    assert account.sent == [20, 20, 100]
