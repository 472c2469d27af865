# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the environment that is retained the stable one again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ..._args.base.options import Color
from ..._args.release.traffic_return import ReturnOptions
from ..._args.service.settle import SettleOptions
from ..._core.release.previous import find_previous, find_waiting, none_retained
from ..._core.service.environments import Service
from ..._core.service.override import Override
from ..._core.service.place import Place
from ..base.run import Run
from ..lease.holder import at_work
from ..service.found import find_service
from ..service.settle import settle


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


def declare_previous(options: ReturnOptions, run: Run, place: Place, begin: Callable[[], None]) -> Declared:
    """First it is declared stable, then it gets the traffic: a run that dies in between leaves a shift to return from,
    in the same direction. ``begin`` comes before the first write."""
    service = find_service(run, place, ["groups", "targets"], options.stable).service
    if service.phase != "settled":
        return _left(options, run, service)
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
        begin()
    return Declared(bool(settle(wanted, run)["changed"]))


def _left(options: ReturnOptions, run: Run, service: Service) -> Declared:
    """A candidate without traffic. Nothing of a run that lives is taken away, since no user is in trouble."""
    if others := at_work(run, service.holder, options.store, service.name):
        who = others[0].message(service.name, run.clock.now())
        warning = f"{who}. {service.candidate} has no traffic to return, so that run continues. To stop it, cancel it."
        return Declared(left_to=others[0].run, warnings=[warning])
    return Declared(waiting=find_waiting(service))
