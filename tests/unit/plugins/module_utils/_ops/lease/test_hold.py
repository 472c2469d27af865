# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever waits keeps the lease of its run, also where AWS is otherwise not asked for anything."""

from __future__ import annotations

import time
from contextlib import nullcontext
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.base.leased import Leased, LeaseOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.checks.verify import CheckingOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.release.rejection import RejectOptions
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.store.stored import UnreachableError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run, no_aws
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.wait import rest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease import hold as hold_module
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError, hold

from tests.unit.clock import FakeClock

from .tags import ARN, Tags


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def mine(clock: FakeClock) -> Claim:
    return Claim.new("mine", "deploy", "me", "", clock.now())


STAGE = {"number": 7, "of": 11, "title": "shift green to 10 %"}


def checking(claim: Claim) -> CheckingOptions:
    held = LeaseOptions(service="web", target_groups=[ARN], claim=claim.as_data(), seconds=90, stage=STAGE)
    return CheckingOptions(url="http://web.example/", lease=held)


def test_it_is_renewed_as_long_as_a_check_waits(clock: FakeClock, mine: Claim) -> None:
    tags = Tags(mine)
    run = Run(lambda _service: tags, clock=clock)
    hold(checking(mine), run)
    for _minute in range(5):
        rest(run, "asking", 60)
        (claim,) = tags.claims
        assert claim.until > clock.now() + 30
    assert 5 <= tags.written <= 12, "once a third of it is over"


@pytest.mark.parametrize(("pace", "most"), [(5, 21), (15, 21), (30, 11), (60, 11)])
def test_many_services_at_once_renew_it_less_often_and_in_time(
    clock: FakeClock, mine: Claim, pace: float, most: int
) -> None:
    tags = Tags(mine)
    run = Run(lambda _service: tags, clock=clock, pace=pace)
    hold(checking(mine), run)
    rest(run, "asking", 35)
    written = tags.written
    for _look in range(600):
        rest(run, "asking", 1)
        (claim,) = tags.claims
        assert claim.until > clock.now() + 28, "one look may fail, or two"
    assert tags.written - written <= most


def test_a_wait_shows_which_stage_it_is_of(clock: FakeClock, mine: Claim) -> None:
    tags = Tags(mine)
    run = Run(lambda _service: tags, clock=clock)
    hold(checking(mine), run)
    rest(run, "asking", 16)
    (claim,) = tags.claims
    assert claim.doing == "deploy 7/11: shift green to 10 %"
    assert tags.written == 1
    rest(run, "asking", 14)
    assert tags.written == 1, "it is shown already"


def test_a_wait_ends_when_it_is_lost(clock: FakeClock, mine: Claim) -> None:
    tags = Tags(mine, replace(mine, run="other", by="somebody", fence=mine.fence + 1))
    run = Run(lambda _service: tags, clock=clock)
    hold(checking(mine), run)
    with pytest.raises(LostLeaseError, match="somebody is changing web"):
        rest(run, "asking", 60)
    assert tags.written == 0


def test_where_there_is_no_sdk_nobody_is_asked(clock: FakeClock, mine: Claim) -> None:
    """As on a host without boto3, to which a check is delegated."""
    run = Run(no_aws, clock=clock)
    hold(checking(mine), run)
    rest(run, "asking", 60)


def returning(claim: Claim) -> RejectOptions:
    """Of a task that follows a return of traffic."""
    held = LeaseOptions(service="web", target_groups=[ARN], claim=claim.as_data(), seconds=90)
    return RejectOptions(service="web", target_groups={"blue": ARN}, routes=[], lease=held)


def test_a_return_of_traffic_is_not_held_up_by_who_does_not_answer(clock: FakeClock, mine: Claim) -> None:
    ended = Event()

    class Hangs(Tags):
        def describe_tags(self, **asked: Any) -> dict[str, Any]:
            ended.wait(30)
            return super().describe_tags(**asked)

    began = time.monotonic()
    try:
        hold(returning(mine), Run(lambda _service: Hangs(mine), clock=clock))
        assert time.monotonic() - began < 3
    finally:
        ended.set()


def test_a_return_of_traffic_is_left_to_whoever_has_the_lease(clock: FakeClock, mine: Claim) -> None:
    tags = Tags(mine, replace(mine, run="other", by="somebody", fence=mine.fence + 1))
    with pytest.raises(LostLeaseError, match="somebody is changing web"):
        hold(returning(mine), Run(lambda _service: tags, clock=clock))


class Silent:
    """A store that answers from some second on."""

    def __init__(self, clock: FakeClock, claim: Claim, answers_at: float, *, lasts: bool = False) -> None:
        self._clock, self._claim, self._answers_at, self._lasts = clock, claim, answers_at, lasts

    def claims(self) -> list[Claim]:
        if self._clock.time < self._answers_at:
            raise UnreachableError("The store cannot be used.", lasts=self._lasts)
        return [self._claim]


@pytest.mark.parametrize(
    ("answers_at", "lasts", "ends"),
    [
        pytest.param(0, False, (0, 0), id="at once"),
        pytest.param(10, False, (10, 25), id="a little later"),
        pytest.param(1000, False, (30, 31), id="not in time"),
        pytest.param(1000, True, (0, 0), id="a person has to act"),
    ],
)
def test_a_task_waits_for_a_store_that_does_not_answer_for_a_moment(
    monkeypatch: pytest.MonkeyPatch,
    clock: FakeClock,
    mine: Claim,
    answers_at: float,
    lasts: bool,
    ends: tuple[float, float],
) -> None:
    keeper = Silent(clock, mine, answers_at, lasts=lasts)
    monkeypatch.setattr(hold_module, "keeper_of", lambda *_where: keeper)
    held = LeaseOptions(service="web", target_groups=[ARN], claim=mine.as_data(), seconds=90, store="s3://releases")
    with pytest.raises(UnreachableError) if answers_at > 30 else nullcontext():
        hold(Leased(lease=held), Run(lambda _service: None, clock=clock))
    assert ends[0] <= clock.time <= ends[1]
