# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Claims kept in tags of a service's target groups.

Elastic Load Balancing has no conditional write, and does not say after which time a tag can be read that was written
(API reference, AddTags). So each run writes a tag of its own, waits, and reads back what others wrote meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from ..._aws.base.errors import AwsError
from ..._aws.traffic import elbv2
from ..._core.base.errors import BluegreenError
from ..._core.lease.claim import ASKING_SECONDS, Claim, read_claims
from ..._core.lease.contest import Contest, living, stand
from ..base.run import Run
from .process import dead

TOO_MANY = "TooManyTags"  # a resource has 50 at most, and each of many who ask writes one
TIMES = 3  # that a claim is asked for
SETTLING_SECONDS = 0.5  # from the write of a tag until all read it


class TagKeeper:
    """In the tags of these target groups, by ARN; the same in all of them, for a definition may leave some out."""

    def __init__(self, run: Run, target_groups: Sequence[str]) -> None:
        self._run, self._arns = run, target_groups
        self._client = run.client("elbv2")

    def claims(self) -> list[Claim]:
        return read_claims(elbv2.describe_tags(self._client, self._arns).values())

    def take(self, claim: Claim) -> Claim | None:
        """A claim that ended before it was read back, because AWS throttled a call, is asked for again."""
        for _time in range(TIMES):
            asked = replace(self._from_now(claim, ASKING_SECONDS), held=False)
            if rival := self._ask(asked):
                return rival
            try:
                standing = self._settle(asked, claim)
            except AwsError:
                with suppress(AwsError):
                    self.drop([asked])
                raise
            if standing:
                return standing.lost
        self.drop([asked])
        raise BluegreenError(
            f"AWS did not write and read the claim to the lease within {ASKING_SECONDS} s, {TIMES} times in a row. "
            "This run has changed nothing. Run it again, or run fewer services at a time."
        )

    def _ask(self, asked: Claim) -> Claim | None:
        """A rival, where the tags have no room for one more claim."""
        try:
            self._write(asked)
        except AwsError as error:
            if error.code != TOO_MANY or not (rivals := self._rivals()):
                raise
            return rivals[0]
        return None

    def _settle(self, asked: Claim, claim: Claim) -> Contest | None:
        """The contest that ``claim`` has won, and is held then, or lost; None where none was read in time."""
        standing = None
        while self._run.clock.now() < asked.until:
            self._run.clock.sleep(SETTLING_SECONDS)
            found = self.claims()
            if self._run.clock.now() >= asked.until:
                break
            standing = stand(asked, self._living(found))
            if standing.won:
                self._write(self._from_now(claim, claim.until - claim.renewed))
                self._sweep(found, claim)
                return standing
            if standing.gone:  # a return of traffic has taken the lease, and given it back since
                raise BluegreenError(
                    "The claim to the lease was removed by another run. This run has changed nothing. Run it again."
                )
            if standing.lost:
                self.drop([asked])
                return standing
        if standing is None:
            return None
        self.drop([asked])
        raise BluegreenError(
            "Other runs ask for the lease at the same time, and none of them continues. This run has changed nothing. "
            "Run it again."
        )

    def seize(self, claim: Claim) -> tuple[Claim, list[Claim]]:
        """First the claim, which is later than all others and so goes before them, then the others are taken away: one
        that stayed would be held again when this one has been given back."""
        others = self.claims()
        claim = claim.after(others)
        self._write(claim)
        self.drop(others)
        return claim, others

    def renew(self, claim: Claim) -> bool:
        self._write(claim)
        return True

    def drop(self, claims: Sequence[Claim]) -> None:
        if claims:
            elbv2.remove_tags(self._client, self._arns, [claim.key for claim in claims])

    def _from_now(self, claim: Claim, seconds: int) -> Claim:
        return claim.renewed_at(self._run.clock.now(), seconds)

    def _write(self, claim: Claim) -> None:
        elbv2.add_tags(self._client, self._arns, {claim.key: claim.text()})

    def _sweep(self, found: Sequence[Claim], mine: Claim) -> None:
        """Claims that are over would fill up the tags: there may be 50."""
        left = self._living(found)
        self.drop([each for each in found if each not in left and each.run != mine.run])

    def _rivals(self) -> list[Claim]:
        return self._living(self.claims())

    def _living(self, found: Sequence[Claim]) -> list[Claim]:
        return living(found, self._run.clock.now(), dead(found))
