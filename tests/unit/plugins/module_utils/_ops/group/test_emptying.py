# SPDX-License-Identifier: GPL-3.0-or-later
"""A group that shrinks step by step, and what ends that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.group.in_use import InUseError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.group.emptying import Emptying
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError, lost

from tests.unit.clock import FakeClock
from tests.unit.plugins.module_utils._core.group.groups import group

GROUP = group(Instances=[])
SIZES = {key: GROUP[key] for key in ("MinSize", "MaxSize", "DesiredCapacity")}
RETURNED_AT = 100.0


class Account:
    """EC2 Auto Scaling; what each update has set."""

    def __init__(self) -> None:
        self.clock, self.updates = FakeClock(), list[dict[str, Any]]()

    def get_paginator(self, _operation: str) -> Account:
        return self

    def paginate(self, **_asked: Any) -> list[dict[str, Any]]:
        return [{"AutoScalingGroups": [GROUP]}]

    def update_auto_scaling_group(self, **asked: Any) -> None:
        self.updates.append(asked)

    @property
    def restored(self) -> bool:
        return SIZES.items() <= self.updates[-1].items()


class Guard:
    """Somebody declares the environment stable at ``RETURNED_AT``."""

    def __init__(self, clock: FakeClock, returned: bool = True) -> None:
        self.clock, self.returned = clock, returned

    def __call__(self) -> None:
        self.look()

    def look(self) -> None:
        if self.returned and self.clock.now() >= RETURNED_AT:
            raise InUseError("It is stable.")


def scale_in(account: Account, guard: Any, pace: float = 5.0, keep: Callable[[Run], None] = lambda _run: None) -> None:
    run = Run(lambda _service: account, clock=account.clock, pace=pace)
    keep(run)
    Emptying(run, GROUP, scheduled=False).scale_in(600, guard)


@pytest.mark.parametrize("pace", [5.0, 60.0])
def test_a_return_is_noticed_within_seconds_at_any_pace(pace: float) -> None:
    account = Account()
    with pytest.raises(InUseError, match="It is stable"):
        scale_in(account, Guard(account.clock), pace)
    assert account.clock.now() - RETURNED_AT <= 5
    assert account.restored


class Lost:
    """The beat of a run whose lease another one has from ``RETURNED_AT`` on."""

    every = 5.0

    def __init__(self, clock: FakeClock, doing: str) -> None:
        self.clock, self.winner = clock, Claim.new("other", doing, "job 2", "", RETURNED_AT)

    def beat(self) -> None:
        if self.clock.now() >= RETURNED_AT:
            raise lost("web", self.winner, self.clock.now())


def test_a_rollback_that_takes_the_lease_gets_the_group_back() -> None:
    """Also before it has declared the environment stable."""
    account = Account()
    with pytest.raises(InUseError, match="job 2 is changing web"):
        scale_in(account, Guard(account.clock, False), keep=lambda run: run.keep(Lost(account.clock, "rollback")))
    assert account.restored


def test_another_removal_that_takes_the_lease_is_not_worked_against() -> None:
    account = Account()
    with pytest.raises(LostLeaseError, match="job 2 is changing web"):
        scale_in(account, Guard(account.clock, False), keep=lambda run: run.keep(Lost(account.clock, "teardown")))
    assert [update["MaxSize"] for update in account.updates] == [4], "nothing is written any more"


def test_what_is_in_use_is_restored_whoever_has_the_lease() -> None:
    account = Account()
    with pytest.raises(InUseError, match="It is stable"):
        scale_in(account, Guard(account.clock), keep=lambda run: run.keep(Lost(account.clock, "watch")))
    assert account.restored
