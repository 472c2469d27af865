# SPDX-License-Identifier: GPL-3.0-or-later
"""A return of traffic beside other hands: what is sent to stable, and what is looked at after that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import hold
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.release.traffic_return import traffic_return

from .account import BLUE, GREEN, LISTENERS, Account, claim, lease, refuse

# -- stable is short of instances: nothing but time, or evidence, sends it more than it carries


def test_it_gets_what_it_carries_until_its_instances_are_up() -> None:
    account = Account()
    returned = traffic_return(account.options(), account.run)
    assert account.sent == [20, 100]
    assert [move["weight"] for move in returned["moves"]] == [20, 100]
    assert returned["serving"] == 5


def test_aws_does_not_send_it_everything_meanwhile() -> None:
    """The run that died had armed its call for now."""
    account = Account()
    account.schedules = {"one": {"Name": "one", "ScheduleExpression": "at(1970-01-01T00:00:00)"}}
    calls: list[tuple[str, float]] = []
    account.before = lambda call, _asked: calls.append((call, account.clock.now()))
    traffic_return(account.options(return_role="arn:aws:iam::123456789012:role/return"), account.run)
    written = [(call, at) for call, at in calls if call in ("modify_listener", "update_schedule")]
    assert [call for call, _at in written[:2]] == ["modify_listener", "update_schedule"]
    assert written[1][1] < 1
    assert (account.sent, account.schedules) == ([20, 100], {})


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
        traffic_return(options, run)
    assert caught.value.facts["other_run"] == "other"
    assert account.sent == [20]


def test_a_lease_that_could_not_be_written_ends_no_wait() -> None:
    account = Account()
    account.before = lambda call, _asked: refuse(call) if call == "add_tags" else None
    returned = traffic_return(account.options(doing="rollback"), account.run)
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
    assert traffic_return(account.options(), account.run)["serving"] == 5
    assert account.sent == [20, 100]


@pytest.mark.parametrize("code", ["ServiceUnavailable", "Throttling"])
def test_writes_that_are_refused_in_a_row_are_tried_again(code: str) -> None:
    account = Account()
    writes = 0

    def hiccup(call: str, _asked: Any) -> None:
        nonlocal writes
        writes += call == "modify_listener"
        if call == "modify_listener" and writes <= 3:
            refuse(call, code)

    account.before = hiccup
    returned = traffic_return(account.options(), account.run)
    assert account.sent == [20, 100]
    assert returned["serving"] == 5
    (warning,) = returned["warnings"]
    assert warning.startswith("No route of web could be given other weights. AWS refused")


def test_whoever_waits_is_told_why_no_traffic_returns() -> None:
    account = Account()
    account.before = lambda call, _asked: refuse(call) if call == "modify_listener" else None
    said: list[str] = []
    with pytest.raises(BluegreenError, match=r"No route of web could be given other weights\. AWS refused"):
        traffic_return(account.options(), replace(account.run, report=said.append))
    assert any("blue has 0 % of the traffic. AWS refused" in sentence for sentence in said)


def test_routes_that_cannot_be_read_once_the_capacity_is_there_are_written_as_they_were_found() -> None:
    account = Account()
    refused: list[bool] = []

    def hiccup(call: str, _asked: Any) -> None:
        if call == "describe_tags" and account.clock.now() >= account.boot and not refused:
            refused.append(True)
            refuse(call)

    account.before = hiccup
    assert traffic_return(account.options(), account.run)["serving"] == 5
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
    assert traffic_return(account.options(), account.run)["serving"] == 5
    assert account.sent == [20, 20, 100]


# -- a run that is at work, and has read its lease before it was taken from it


def at_work(account: Account) -> None:
    other = claim("other", account)
    account.tags[other.key] = other.text()


def firm(listeners: int = 1) -> Account:
    """Stable can take everything at once."""
    account = Account(boot=0, listeners=listeners)
    account.grown_at = 0
    return account


def test_its_last_write_is_looked_for_once_it_has_lost_the_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    account = firm()
    at_work(account)

    def late(seconds: float) -> None:
        account.clock.time += seconds
        account.weights[LISTENERS[0]] = {BLUE: 50, GREEN: 50}

    monkeypatch.setattr(account.clock, "sleep", late)
    returned = traffic_return(account.options(doing="rollback"), account.run)
    assert account.weights[LISTENERS[0]] == {BLUE: 100, GREEN: 0}
    assert [move["weight"] for move in returned["moves"]] == [100, 100]


def test_its_last_write_to_a_route_that_had_none_is_taken_back_as_well() -> None:
    """It was between the writes of two routes."""
    account = firm(listeners=2)
    at_work(account)
    account.weights[LISTENERS[1]] = {BLUE: 100, GREEN: 0}

    def late(call: str, asked: Any) -> None:
        if call == "modify_listener" and asked["ListenerArn"] == LISTENERS[0]:
            account.weights[LISTENERS[1]] = {BLUE: 90, GREEN: 10}

    account.before = late
    traffic_return(account.options(doing="rollback"), account.run)
    assert list(account.weights.values()) == [{BLUE: 100, GREEN: 0}] * 2


def test_what_it_overwrites_at_the_same_time_is_no_failure() -> None:
    account = firm()
    at_work(account)
    overwritten: list[bool] = []

    def overwrites(call: str, _asked: Any) -> None:
        if call == "describe_listeners" and account.sent and not overwritten:
            overwritten.append(True)
            account.weights[LISTENERS[0]] = {BLUE: 50, GREEN: 50}

    account.before = overwrites
    traffic_return(account.options(doing="rollback"), account.run)
    assert account.weights[LISTENERS[0]] == {BLUE: 100, GREEN: 0}


def test_its_last_write_is_taken_back_where_another_route_was_refused() -> None:
    account = firm(listeners=2)
    at_work(account)
    overwritten: list[bool] = []

    def overwrites(call: str, asked: Any) -> None:
        if call == "modify_listener" and asked["ListenerArn"] == LISTENERS[0]:
            refuse(call)
        if call == "describe_listeners" and account.sent and not overwritten:
            overwritten.append(True)
            account.weights[LISTENERS[1]] = {BLUE: 50, GREEN: 50}

    account.before = overwrites
    with pytest.raises(BluegreenError, match="The traffic of web has returned to blue, but not on every route: AWS"):
        traffic_return(account.options(doing="rollback"), account.run)
    assert account.weights[LISTENERS[1]] == {BLUE: 100, GREEN: 0}


def test_a_route_that_is_refused_once_is_tried_again_after_the_others() -> None:
    account = firm(listeners=2)
    refused: list[bool] = []

    def hiccup(call: str, _asked: Any) -> None:
        if call == "modify_listener" and not refused:
            refused.append(True)
            refuse(call)

    account.before = hiccup
    traffic_return(account.options(), account.run)
    assert list(account.weights.values()) == [{BLUE: 100, GREEN: 0}] * 2


def test_a_route_that_stays_refused_is_no_second_move() -> None:
    account = firm(listeners=2)

    def refuses(call: str, asked: Any) -> None:
        if call == "modify_listener" and asked["ListenerArn"] == LISTENERS[0]:
            refuse(call)

    account.before = refuses
    with pytest.raises(BluegreenError, match="but not on every route") as caught:
        traffic_return(account.options(), account.run)
    assert [move["weight"] for move in caught.value.facts["moves"]] == [100]


def test_where_nobody_was_at_work_nobody_is_waited_for() -> None:
    account = firm()
    traffic_return(account.options(doing="rollback"), account.run)
    assert account.clock.now() == 0


# -- nothing has to return, as far as it can be read


def settled(listeners: int) -> Account:
    account = firm(listeners)
    account.weights = {arn: {BLUE: 100, GREEN: 0} for arn in account.weights}
    return account


@pytest.mark.parametrize("listeners", [1, 2])
def test_a_route_that_cannot_be_read_for_a_moment_is_no_error(listeners: int) -> None:
    account = settled(listeners)

    def hiccup(call: str, asked: Any) -> None:
        if call == "describe_listeners" and LISTENERS[0] in asked["ListenerArns"] and account.clock.now() < 1:
            refuse(call, "ServiceUnavailable")

    account.before = hiccup
    returned = traffic_return(account.options(), account.run)
    assert (returned["changed"], account.sent) == (False, [])


def test_what_could_not_be_read_for_a_moment_returns_as_well() -> None:
    account = settled(listeners=2)
    account.weights[LISTENERS[0]] = {BLUE: 90, GREEN: 10}

    def hiccup(call: str, asked: Any) -> None:
        if call == "describe_listeners" and LISTENERS[0] in asked["ListenerArns"] and account.clock.now() < 1:
            refuse(call, "ServiceUnavailable")

    account.before = hiccup
    assert traffic_return(account.options(), account.run)["changed"]
    assert list(account.weights.values()) == [{BLUE: 100, GREEN: 0}] * 2


def test_a_route_that_stays_unread_is_an_error() -> None:
    account = settled(listeners=2)

    def refuses(call: str, asked: Any) -> None:
        if call == "describe_listeners" and LISTENERS[0] in asked["ListenerArns"]:
            refuse(call)

    account.before = refuses
    with pytest.raises(BluegreenError, match="not every route can be read"):
        traffic_return(account.options(), account.run)
