# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Holds the lease of a release while one of its tasks works."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from threading import Thread
from typing import Any

from ..._args.base.leased import Leased, LeaseOptions
from ..._aws.base.errors import AwsError
from ..._core.base.errors import BluegreenError, StoppedError
from ..._core.base.works import ROLLBACK
from ..._core.lease.claim import Claim
from ..._core.lease.contest import taken_by
from ..._core.store.stored import UnreachableError
from ..base.run import Run, no_aws
from ..base.wait import poll
from .in_store import StoreKeeper
from .in_tags import TagKeeper
from .keeper import Keeper
from .process import dead

EVERY, LONGEST = 15.0, 30.0  # seconds between two looks while a task waits
LOOKS = 4  # that a lease outlasts: at least every other one finds that there is nothing to renew
PATIENCE = 1.0  # seconds that a return of traffic waits for a read
UNREAD_SECONDS = 30.0  # that any other task waits for it. A lease that is kept lasts longer
UNKNOWN = "unknown"


class LostLeaseError(StoppedError):
    """Another run may change the service now, so this one must not. Fact ``other_run`` says which, as far as known.
    ``to_return``: it is a rollback."""

    def __init__(self, message: str, *, other_run: str, to_return: bool = False) -> None:
        super().__init__(message, other_run=other_run)
        self.to_return = to_return


def hold(options: Any, run: Run) -> None:
    """Before a task works or writes: look whether the lease is still this run's, and keep it in every wait of the
    task."""
    if not isinstance(options, Leased) or options.lease is None or run.check_mode or run.client is no_aws:
        return
    beat = LeaseBeat(run, options.lease, options.hook_timeout)
    match options.checks_lease:
        case "first":
            beat.look_until_read()
        case "before_write":
            run.guard_writes(beat.look_until_read)
        case "right_before_write":
            # A record or schedules come before the write that it is about.
            if options.lease.store or options.lease.return_role:
                beat.look_until_read()
            run.guard_writes(beat.look_until_read)
        case "if_read":
            beat.look_if_it_can()
    run.keep(beat)


def controller_lives(options: Any) -> Callable[[], bool]:
    """Whether the run's process lives, as far as its lease says which that is and it can be seen from here: the parent
    of a module in a process of its own is the task's process, which lives on."""
    if not isinstance(options, Leased) or options.lease is None:
        return lambda: True
    mine = Claim.from_data(options.lease.claim)
    return lambda: not dead([mine])


def keeper_of(run: Run, service: str, target_groups: Sequence[str], store: str | None = None) -> Keeper:
    return StoreKeeper(run, store, service) if store else TagKeeper(run, target_groups)


def _keeper(run: Run, lease: LeaseOptions) -> Keeper:
    return keeper_of(run, lease.service, lease.target_groups, lease.store)


def lease_of(service: str, target_groups: Sequence[str], claim: Claim, **more: Any) -> dict[str, Any]:
    """What tasks are handed that work under it."""
    seconds = claim.until - claim.renewed
    return {
        "service": service,
        "target_groups": list(target_groups),
        "claim": claim.as_data(),
        "seconds": seconds,
        **more,
    }


def give_back(run: Run, lease: LeaseOptions) -> None:
    _keeper(run, lease).drop([Claim.from_data(lease.claim)])


def still_held(run: Run, lease: LeaseOptions) -> bool:
    """A store that does not answer takes no lease away."""
    try:
        LeaseBeat(run, lease).look_if_it_can()
    except LostLeaseError:
        return False
    return True


class LeaseBeat:
    """Looks whether the lease is still this run's, and renews it once a third of it is over, and no more than that of a
    lease that is as long as a hook may take."""

    def __init__(self, run: Run, lease: LeaseOptions, hook_timeout: int = 0) -> None:
        self.every = max(EVERY, min(LONGEST, run.pace))
        self._run, self._lease = run, lease
        self._mine = Claim.from_data(lease.claim)
        lasts = max(lease.seconds, int(LOOKS * self.every))
        self._third = lasts / 3
        self._seconds = max(lasts, hook_timeout)

    @cached_property
    def _keeper(self) -> Keeper:
        return _keeper(self._run, self._lease)

    def beat(self) -> None:
        """For who waits: others are shown for what."""
        with suppress(AwsError, UnreachableError):
            self.look(shows=True)

    def look_until_read(self) -> None:
        """A store that does not answer for a moment turns no release back: nobody takes the lease meanwhile."""
        doing = "reading who has the lease"
        unread = poll(self._run, doing, self._unread, lambda error: error is None, UNREAD_SECONDS, first=1.0)
        if unread:
            raise unread

    def _unread(self) -> UnreachableError | None:
        try:
            self.look()
        except UnreachableError as error:
            if error.lasts:
                raise
            return error
        return None

    def look_if_it_can(self) -> None:
        """AWS or a store that does not answer takes no lease away, nor does it hold up a return of traffic."""
        problems: list[BluegreenError] = []
        looking = Thread(target=self._look_for, args=[problems], daemon=True)
        looking.start()
        looking.join(PATIENCE)
        for problem in problems:
            raise problem

    def _look_for(self, problems: list[BluegreenError]) -> None:
        try:
            self.look()
        except (AwsError, UnreachableError):
            return
        except BluegreenError as error:
            problems.append(error)

    def look(self, *, shows: bool = False) -> None:
        """``shows``: what the run does is written down, also where there is time left."""
        found = self._keeper.claims()
        standing = taken_by(self._mine, found)
        if standing.lost or standing.gone:
            raise lost(self._lease.service, standing.lost, self._run.clock.now())
        (mine,) = (claim for claim in found if claim.run == self._mine.run)
        now = self._run.clock.now()
        lasts = now + self._seconds - self._third < mine.until <= now + self._seconds
        claim = replace(self._mine, doing=self._doing)
        if not lasts or (shows and mine.doing != claim.doing):
            self._renew(claim.renewed_at(now, self._seconds))

    @property
    def _doing(self) -> str:
        """With the stage of the plan, if the task is of one."""
        doing, stage = self._mine.doing, self._lease.stage or {}
        return f"{doing} {stage['number']}/{stage['of']}: {stage['title']}" if "of" in stage else doing

    def _renew(self, claim: Claim) -> None:
        if not self._keeper.renew(claim):
            self.look()


def lost(service: str, winner: Claim | None, now: float) -> LostLeaseError:
    if winner is None:
        return LostLeaseError(
            f"The lease of {service} was taken from this run and given back since, so somebody else may have changed "
            f"the service. This run stops here. Check it with status.yml, then run again.",
            other_run=UNKNOWN,
        )
    return LostLeaseError(
        f"The lease of {service} was taken from this run: {winner.message(service, now)}. This run stops here.",
        other_run=winner.run,
        to_return=winner.doing == ROLLBACK,
    )
