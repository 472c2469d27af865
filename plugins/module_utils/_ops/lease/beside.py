# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes the lease with the first write of a return of traffic, which waits for nothing and asks nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

from ..._args.base.leased import Claimant, LeaseOptions
from ..._core.base.errors import BluegreenError
from ..._core.base.unforeseen import as_ours
from ..._core.lease.claim import SECONDS, Claim
from ..._core.lease.contest import living
from ..base.run import Run
from .hold import EVERY, LeaseBeat, keeper_of, lease_of
from .process import dead
from .run_id import new_run

# Seconds that a return of traffic waits at its end, once the traffic is back: longer than the SDK waits for an answer
# that never comes, and asks again. Without it nobody would give back a lease that was taken.
PATIENCE = 8.0
# Seconds from the moment that the lease is taken from a run that lives until it is seen what that run has written last.
# It reads its lease right before it moves traffic; until all read a new tag (SETTLING_SECONDS), it may find it its own,
# and counts on that for as long again (FRESH). Its call may then last as long as the SDK waits for it (READ_SECONDS).
LAST_WRITE = 6.0


class Beside:
    """``begin`` comes with the first write; a return that writes nothing takes nothing from anybody who lives.

    The claim is kept in each wait of the task. One that could not be written ends none.
    """

    every = EVERY

    def __init__(
        self, run: Run, options: Claimant, service: str, target_groups: Sequence[str], hook_timeout: int
    ) -> None:
        self._run, self._options, self._hook_timeout = run, options, hook_timeout
        self._service, self._target_groups = service, target_groups
        self._claim: Claim | None = None
        self._beat: LeaseBeat | None = None  # once the claim is written
        self._alone_at = 0.0
        self._thread: Thread | None = None
        self._problem = f"There was no answer within {PATIENCE:g} seconds."

    def begin(self) -> None:
        if self._claim or not self._options.doing:
            return
        options, now = self._options, self._run.clock.now()
        seconds = max(SECONDS, self._hook_timeout)
        self._claim = Claim.new(new_run(now), str(options.doing), options.by, options.process, now, seconds)
        self._thread = Thread(target=self._seize, args=[self._claim], daemon=True)
        self._thread.start()
        self._run.keep(self)

    def beat(self) -> None:
        if self._beat:
            self._beat.beat()

    def wait_until_alone(self) -> None:
        """Until whoever had the lease has written what it had begun to write. Not for long, also where that is not
        known."""
        self._await_answer()
        self._run.clock.sleep(max(0.0, self._alone_at - self._run.clock.monotonic()))

    def _await_answer(self) -> None:
        """Once."""
        if self._thread:
            self._thread.join(PATIENCE)
            self._thread = None

    def _seize(self, claim: Claim) -> None:
        try:
            keeper = keeper_of(self._run, self._service, self._target_groups, self._options.store)
            self._claim, others = keeper.seize(claim)
            if living(others, self._run.clock.now(), dead(others)):
                self._alone_at = self._run.clock.monotonic() + LAST_WRITE
            self._beat = LeaseBeat(self._run, LeaseOptions.read(self._lease(self._claim)), self._hook_timeout)
        except Exception as error:  # a thread would end without a word
            self._problem = str(as_ours(error))
        else:
            self._problem = ""

    def end(self, result: Mapping[str, Any]) -> dict[str, Any]:
        """The result with the lease, for the tasks that follow, and why it could not be taken."""
        if self._claim is None:
            self._sweep()
            return {**result, "lease": None}
        self._await_answer()
        if self._problem:
            why = f"The lease was not taken, so others may continue. {self._problem}"
            return {**result, "lease": None, "warnings": [*result.get("warnings", []), why]}
        return {**result, "lease": self._lease(self._claim)}

    @contextmanager
    def in_facts(self) -> Iterator[None]:
        """Add the lease to what a return says when it fails, so that it is recorded and others can follow at once."""
        try:
            yield
        except BluegreenError as error:
            if self._claim:
                error.facts = self.end(error.facts)
            raise

    def _sweep(self) -> None:
        """Claims of runs that died: the release is looked after, and status.yml is not to call it abandoned."""
        if not self._options.doing or self._run.check_mode:
            return
        with suppress(BluegreenError):  # whoever takes the lease next does it as well
            keeper = keeper_of(self._run, self._service, self._target_groups, self._options.store)
            found = keeper.claims()
            left = living(found, self._run.clock.now(), dead(found))
            keeper.drop([claim for claim in found if claim not in left])

    def _lease(self, claim: Claim) -> dict[str, Any]:
        return lease_of(self._service, self._target_groups, claim, store=self._options.store, seconds=SECONDS)
