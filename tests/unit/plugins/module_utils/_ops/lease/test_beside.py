# SPDX-License-Identifier: GPL-3.0-or-later
"""A lease that is taken with the first write of a return is kept as any other."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._args.base.leased import Claimant
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.wait import rest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.beside import Beside
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.hold import LostLeaseError

from tests.unit.clock import FakeClock

from .tags import ARN, Tags


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


def taken(run: Run) -> dict[str, Any]:
    """The result of a return that has taken the lease, as far as it could."""
    beside = Beside(run, Claimant(doing="rollback", by="me"), "web", [ARN], 0)
    beside.begin()
    return beside.end({})


def test_it_is_renewed_in_each_wait(clock: FakeClock) -> None:
    tags = Tags()
    run = Run(lambda _service: tags, clock=clock)
    assert taken(run)["lease"]["claim"]["by"] == "me"
    rest(run, "waiting", 300)
    (claim,) = tags.claims
    assert claim.until > clock.now() + 30


def test_a_wait_ends_when_it_is_lost(clock: FakeClock) -> None:
    tags = Tags()
    run = Run(lambda _service: tags, clock=clock)
    taken(run)
    (mine,) = tags.claims
    other = replace(mine, run="other", by="somebody", fence=mine.fence + 1)
    tags.tags[other.key] = other.text()
    with pytest.raises(LostLeaseError, match="somebody is changing web"):
        rest(run, "waiting", 60)


def test_one_that_could_not_be_written_ends_no_wait(clock: FakeClock) -> None:
    class Denied(Tags):
        def add_tags(self, **_asked: Any) -> None:
            raise BluegreenError("AWS refused it.")

    tags = Denied()
    run = Run(lambda _service: tags, clock=clock)
    assert taken(run) == {
        "lease": None,
        "warnings": ["The lease was not taken, so others may continue. AWS refused it."],
    }
    rest(run, "waiting", 60)
    assert tags.claims == []
