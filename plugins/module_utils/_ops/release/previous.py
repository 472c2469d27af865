# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the environment that is retained the stable one again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

from ..._args.base.options import Color
from ..._args.release.traffic_return import ReturnOptions
from ..._args.service.settle import SettleOptions
from ..._core.base.findings import Report
from ..._core.lease.claim import CLOCKS_APART, Claim
from ..._core.release.previous import find_previous, find_waiting, left_to, none_retained
from ..._core.service.environments import Service
from ..._core.service.override import Override
from ..._core.service.place import Place
from ..base.run import Run
from ..base.wait import UNREAD_PAUSE, poll, rest
from ..lease.beside import Beside
from ..lease.holder import at_work
from ..service.found import find_service
from ..service.settle import settle
from ..targets.health import LONGEST_PAUSE


@dataclass(frozen=True)
class Declared:
    """``declared``: whether another environment is stable now. ``in_place``: the only group, which may have been rolled
    to another image, where there is no environment to return to. ``or_else``: what to say if it was not. ``waiting``:
    the candidate that had no traffic yet, and has to be rejected instead. ``left_to``: the run that is at work on such
    a candidate, and keeps it."""

    declared: bool = False
    in_place: str | None = None
    or_else: str = ""
    waiting: str | None = None
    left_to: str | None = None
    warnings: Sequence[str] = ()

    def as_data(self) -> dict[str, Any]:
        """For the tasks that follow."""
        return {key: getattr(self, key) for key in ("in_place", "or_else", "waiting", "left_to")}


def declare_previous(options: ReturnOptions, run: Run, place: Place, beside: Beside) -> Declared:
    """First it is declared stable, then it gets the traffic: a run that dies in between leaves a shift to return from,
    in the same direction. The lease is taken before the first write."""
    service = _find(options, run, place)
    if not service.is_settled:
        return _without_traffic(options, run, place, service, beside)
    previous = find_previous(service, Override.parse(options.override), options.deploy_command)
    present = service.stable_environment
    if previous is None:
        in_place = present.group.name if present.group else None
        return Declared(in_place=in_place, or_else=none_retained(service, options.deploy_command))
    wanted = SettleOptions(
        service=service.name,
        # By the colors that they really are.
        target_groups={each.color: list(each.target_groups) for each in (previous, present)},
        groups={each.color: each.group.name for each in (previous, present) if each.group},
        stable=cast(Color, previous.color),
        override=options.override,
    )
    if not run.check_mode:
        beside.begin()
    return Declared(bool(settle(wanted, run)["changed"]))


def _find(options: ReturnOptions, run: Run, place: Place) -> Service:
    """Once more where AWS has refused to read it; it may have been a hiccup."""
    find = partial(find_service, run, place, options.stable, groups=True, health=True)
    if found := Report().of(find):
        return found.service
    rest(run, f"reading {place.name} again", UNREAD_PAUSE)
    return find().service


def _without_traffic(options: ReturnOptions, run: Run, place: Place, service: Service, beside: Beside) -> Declared:
    """A candidate without traffic. Nothing of a run that lives is taken away unless ``override`` allows it, since no
    user is in trouble."""
    if Override.parse(options.override).allows("lease"):
        if not run.check_mode:
            beside.begin()
            beside.wait_until_alone()
        return Declared(waiting=find_waiting(service))
    service, others = _await_end(options, run, place, service)
    if others and not service.is_shifting:
        return Declared(left_to=others[0].run, warnings=[left_to(others[0], service, run.clock.now())])
    return Declared(waiting=find_waiting(service))


def _await_end(options: ReturnOptions, run: Run, place: Place, service: Service) -> tuple[Service, list[Claim]]:
    """The service, and the runs that are at work on it. One that was killed has its lease until that ends, so it is
    waited for; one that lives renews its lease, gives it back or moves on, which ends the wait."""
    others = at_work(run, service.holder, options.store, service.name)
    if not others or run.check_mode:
        return service, others

    def look() -> tuple[Service, list[Claim]]:
        found = _find(options, run, place)
        return found, at_work(run, found.holder, options.store, service.name, unread=others)

    def is_decided(seen: tuple[Service, list[Claim]]) -> bool:
        return seen[0].phase != service.phase or seen[1] != others

    doing = f"waiting until the lease of run {others[0].run} ends, or shows that the run is still active"
    run.progress(doing)
    lasts = others[0].until + CLOCKS_APART + 1 - run.clock.now()
    return poll(run, doing, look, is_decided, lasts, LONGEST_PAUSE, first=1.0, times=2)
