# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a watch has to do for a service: to end what a run has left, or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from ..base.durations import elapsed, spoken
from ..base.end_states import HALTED, PAUSED
from ..base.errors import BluegreenError
from ..base.timestamps import to_the_minute
from ..definition.service import WatchSettings
from ..lease.claim import Claim
from ..lease.contest import Holder
from ..service.environments import Service
from ..service.group import Group
from .bring_up import Asked
from .parts import ReleaseParts
from .stages import Stage

# What a watch does: with what was left, and with a release after which an alarm goes off.
RETURN, RESUME, REMOVE, ROLL_BACK = "return", "resume", "remove", "roll_back"


@dataclass(frozen=True)
class Due:
    """``do`` is empty where there is nothing to be done. ``why`` is a sentence; ``parts``: of a release to take on.
    ``alarm``: the alarm that must be in state ALARM for it."""

    do: str = ""
    why: str = ""
    parts: ReleaseParts | None = None
    alarm: str = ""

    def instead(self, service: Service, error: BluegreenError) -> Due:
        """What to do with a release that cannot be continued. Users are not left with a split that nobody watches;
        without traffic it may wait, as for the hours in which it may be released."""
        why = f"{self.why} It cannot be taken on: {error}"
        return Due(RETURN if service.is_shifting else "", why)

    def as_data(self) -> dict[str, str]:
        return {"do": self.do, "why": self.why}


def find_due(service: Service, holders: Iterable[Holder | None], watch: WatchSettings, now: datetime) -> Due:
    """``holders``: who has the lease, or had it and died, by each place where it is kept."""
    known = [each for each in holders if each]
    if alive := [each.claim for each in known if each.alive]:
        return Due(why=f"{alive[0].message(service.name, now.timestamp())}.")
    dead = [each.claim for each in known if not _is_over(service, each.claim)]
    if not service.is_settled and dead:
        claim = max(dead, key=lambda each: each.fence)
        if not _is_closed(service):
            return _abandoned(service, claim, watch, now)
    if service.is_shifting:
        return _unwatched(service, watch)
    if watch.alarm:
        return _find_young(service, watch, now)
    return _find_rejected(service, watch, now)


def stage_of_return(service: Service, why: str) -> Stage:
    """``run`` is the one that left the candidate: another one that has taken it up meanwhile keeps its traffic. The
    candidate is rejected, so it is removed later."""
    candidate = service.candidate_environment.group
    run = candidate.marks.run if candidate else None
    return _return(f"return the traffic to {service.stable}", why, run=run or "")


def stage_of_rollback(service: Service, why: str) -> Stage:
    return _return(f"return to the release before, in {service.candidate}", why, previous=True)


def _return(title: str, why: str, *, run: str = "", previous: bool = False) -> Stage:
    given = {"run": run, "reason": why, "previous": previous, "waited": {}, "failed_candidate": "keep"}
    return Stage("return", title, given)


def wanted_of(service: Service, due: Due) -> Asked:
    """What the run is about, in the color that is not stable: the release that is rolled back, or the one that it
    returns to. Nothing where something is removed."""
    returns = due.do in (RETURN, ROLL_BACK)
    return Asked().of(service.candidate_environment.group) if returns else Asked()


def _is_over(service: Service, claim: Claim) -> bool:
    """It has ended, and could not give the lease back; or another run has ended since, and left what is there."""
    ended = [each for each in service.outcomes if each.ended is not None]
    return any(each.run == claim.run or each.began > claim.fence // 1000 for each in ended)


def _is_closed(service: Service) -> bool:
    """The run that died had turned its release back."""
    candidate = service.candidate_environment.group
    groups = [each.group for each in service.environments.values() if each.group]
    rolled_back = service.is_provisioned and candidate is not None and candidate.marks.rejected is not None
    return rolled_back and not any(each.pinned or each.approval for each in groups)


def _abandoned(service: Service, claim: Claim, watch: WatchSettings, now: datetime) -> Due:
    """What a person was returning is never taken on, nor is what was returned, nor the candidate of another run: it may
    wait for an approval."""
    silent = elapsed(claim.silence(now.timestamp()))
    why = f"{claim.by} has not renewed its lease for {silent} ({claim.doing}, run {claim.run})."
    candidate, parts = service.candidate_environment.group, ReleaseParts.of_lease(claim.doing)
    if candidate and parts and _waits_for_another(service, candidate, claim):
        return Due(why=f"{why} It had not begun with {candidate.name}, which still waits for traffic.")
    if watch.resumes and parts and candidate and not candidate.marks.rejected and candidate.marks.run == claim.run:
        return Due(RESUME, why, parts)
    return Due(RETURN, why)


def _waits_for_another(service: Service, candidate: Group, claim: Claim) -> bool:
    """The candidate of a run that ended well: the one that died had not taken it up yet, nor begun to remove it."""
    run = candidate.marks.run
    ended = any(each.run == run and each.ended is not None for each in service.outcomes)
    return service.is_provisioned and run != claim.run and ended and not candidate.marks.leaving


def _unwatched(service: Service, watch: WatchSettings) -> Due:
    """The traffic is split and no run is at work. What ``halted`` could not be returned, so that is tried again. Only
    alarms watch what is paused."""
    last = next(iter(service.outcomes), None)
    if last and last.end_state == HALTED:
        return Due(RETURN, f"The last run needed a person: {last.reason or last.doing}")
    if last and last.end_state == PAUSED and watch.alarm:
        return Due(RETURN, f"Alarm {watch.alarm} went into ALARM while the release is paused.", alarm=watch.alarm)
    if last and last.end_state == PAUSED:
        return Due(why="The release is paused, so a person decides how it continues.")
    return Due(why="The traffic is split, and no run of this collection has left it so.")


def _find_young(service: Service, watch: WatchSettings, now: datetime) -> Due:
    """What was released last, for an alarm. A release that was itself a return stays."""
    last = next((each for each in service.outcomes if each.to.image_id and each.ended is not None), None)
    stable = service.stable_environment.group
    if last is None or not last.switches or last.is_rollback:
        return Due(why=f"Alarm {watch.alarm} went into ALARM, and the last run released nothing.")
    age = now.timestamp() - (last.ended or 0)
    said = f"Alarm {watch.alarm} went into ALARM {elapsed(age)} after the release of {last.to}"
    if stable is None or stable.image_id != last.to.image_id:
        return Due(why=f"{said}, which does not run any more.")
    if age > watch.period:
        return Due(why=f"{said}; its watch period of {spoken(watch.period)} is over.")
    return Due(ROLL_BACK, f"{said}.", alarm=watch.alarm)


def _find_rejected(service: Service, watch: WatchSettings, now: datetime) -> Due:
    candidate = service.candidate_environment
    if not service.is_provisioned or not candidate.group or not (rejected := candidate.group.marks.rejected):
        return Due()
    stays = f"{candidate.group.name} was rejected"
    if service.freeze and service.freeze.holds(now):
        return Due(why=f"{stays}, and stays: {service.name} is {service.freeze}.")
    if candidate.group.marks.leaving:
        return Due(REMOVE, f"{stays}, and its removal had begun.")
    if rejected.at is None:
        return Due(why=f"{stays} by hand at a time that nobody has written down, so it stays.")
    until = rejected.at + timedelta(seconds=watch.keep_failed)
    if now < until:
        return Due(why=f"{stays}, and stays until {to_the_minute(until)}.")
    return Due(REMOVE, f"{stays} at {to_the_minute(rejected.at)}: {rejected.reason.rstrip('.')}.")
