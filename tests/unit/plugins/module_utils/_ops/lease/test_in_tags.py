# SPDX-License-Identifier: GPL-3.0-or-later
"""Who asks for the lease while AWS throttles."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from ansible_collections.switchyard.bluegreen.plugins.module_utils._aws.base.errors import AwsError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.base.errors import BluegreenError
from ansible_collections.switchyard.bluegreen.plugins.module_utils._core.lease.claim import Claim
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.base.run import Run
from ansible_collections.switchyard.bluegreen.plugins.module_utils._ops.lease.in_tags import TagKeeper

from tests.unit.clock import FakeClock

from .tags import ARN, Tags


class Throttled(Tags):
    """Each call takes as many seconds as is said; none left: it takes none."""

    def __init__(self, clock: FakeClock, *, writes: Iterable[float] = (), reads: Iterable[float] = ()) -> None:
        super().__init__()
        self._clock, self._writes, self._reads = clock, iter(writes), iter(reads)

    def add_tags(self, **asked: Any) -> None:
        self._clock.sleep(next(self._writes, 0))
        super().add_tags(**asked)

    def describe_tags(self, **asked: Any) -> dict[str, Any]:
        self._clock.sleep(next(self._reads, 0))
        return super().describe_tags(**asked)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def mine(clock: FakeClock) -> Claim:
    return Claim.new("mine", "deploy", "me", "", clock.now())


def take(clock: FakeClock, tags: Tags, claim: Claim) -> Claim | None:
    return TagKeeper(Run(lambda _service: tags, clock=clock), [ARN]).take(claim)


@pytest.mark.parametrize(
    "slow", [{"writes": [20]}, {"writes": [30, 30, 1]}, {"reads": [30]}, {"writes": [0, 30]}], ids=str
)
def test_a_claim_that_was_throttled_is_held_and_lasts_as_long_as_any(
    clock: FakeClock, mine: Claim, slow: dict[str, list[float]]
) -> None:
    tags = Throttled(clock, **slow)
    assert take(clock, tags, mine) is None
    (claim,) = tags.claims
    assert claim.held
    assert claim.until >= clock.now() + 90 - 31, "it began with its last write"


@pytest.mark.parametrize("slow", [{"writes": [20] * 9}, {"reads": [20] * 9}], ids=str)
def test_whoever_is_throttled_all_the_time_hears_why_and_leaves_no_claim(
    clock: FakeClock, mine: Claim, slow: dict[str, list[float]]
) -> None:
    tags = Throttled(clock, **slow)
    with pytest.raises(BluegreenError, match="AWS did not write and read the claim"):
        take(clock, tags, mine)
    assert tags.claims == []


def test_others_that_ask_and_never_continue_are_waited_for_once(clock: FakeClock, mine: Claim) -> None:
    behind = replace(mine, run="behind", held=False, fence=mine.fence + 1, until=1000)
    tags = Tags(behind)
    with pytest.raises(BluegreenError, match="Other runs ask for the lease"):
        take(clock, tags, mine)
    assert tags.claims == [behind]
    assert clock.now() < 20


def test_a_claim_whose_reading_aws_refuses_does_not_stay(clock: FakeClock, mine: Claim) -> None:
    class Refuses(Tags):
        def describe_tags(self, **_asked: Any) -> dict[str, Any]:
            raise AwsError("AWS refused reading tags.", "Throttling")

    tags = Refuses()
    with pytest.raises(AwsError, match="refused"):
        take(clock, tags, mine)
    assert tags.claims == []
