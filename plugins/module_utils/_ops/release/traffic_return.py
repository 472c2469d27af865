# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the traffic to stable, as fast as stable can take it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..._args.release.traffic_return import ReturnOptions
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import SERVICE
from ..._core.release.previous import check_released
from ..._core.release.traffic_return import Facts, Plan, decide, plan_routes
from ..._core.safety.schedules import RETURN_AFTER, SafetyNet
from ..._core.service.place import Place
from ..._core.traffic.route import diff_of
from ..base.run import Run, together
from ..base.wait import UNREAD_PAUSE, rest
from ..lease.beside import Beside
from ..lease.holder import at_work
from ..safety.schedules import Postponement, disarm_later
from ..service.found import find_service
from .previous import Declared, declare_previous
from .restored_capacity import RestoredCapacity, StableShortError
from .returned_routes import Find, ReturnedRoutes


def traffic_return(options: ReturnOptions, run: Run) -> dict[str, Any]:
    """The work of module traffic_return. Two rounds of reads come before the first write, for users are in trouble.

    What cannot be read of the groups does not keep the traffic from its return: then nothing is known of capacity. A
    route that is broken does not keep the others from it, and is an error at the end, also where there is nothing to
    return on the others.
    """
    place = Place.parse(options.service, options.routes, options.target_groups)
    if options.only_image is not None:
        found = find_service(run, place, options.stable, groups=True)
        others = at_work(run, found.service.holder, options.store, place.name) if options.spare_others else []
        check_released(found.service, options.only_image, others, found.warnings)
    returning, before = _planned_patiently(options, run, place), Declared()
    beside = Beside(run, options, place.name, returning.target_groups, options.hook_timeout)
    with beside.in_facts():
        if options.previous and not returning.due:
            before = declare_previous(options, run, place, beside)
            if not (run.check_mode or before.in_place or before.left_to):
                returning = _planned_patiently(options, run, place)
        if returning.due and not run.check_mode:
            beside.begin()
            _apply(options, run, returning, beside)
        if not (returning.due or before.declared or before.in_place):
            returning.require(len(place.routes))
    leaves = run.check_mode or before.left_to  # a run that is at work may have armed its first step by now
    left = disarm_later(run, place.name) if options.return_role and not leaves else []
    result = returning.result()
    changed, warnings = result["changed"] or before.declared, [*result["warnings"], *before.warnings, *left]
    return beside.end({**result, **before.as_data(), "changed": changed, "warnings": warnings})


def _apply(options: ReturnOptions, run: Run, returning: Returning, beside: Beside) -> None:
    """While stable's capacity is restored, AWS does not send it everything, also where its call is due in a moment.
    Where stable cannot take the traffic, it must not either; where AWS has refused a route, it may later."""
    if options.return_role and options.lease is None and returning.waits:
        run.keep(Postponement(run, SafetyNet(options.service, options.return_role, RETURN_AFTER)), soon=True)
    try:
        returning.apply(options.wait_timeout, beside.wait_until_alone)
    except StableShortError as error:
        error.facts["warnings"] += disarm_later(run, options.service) if options.return_role else []
        raise


def _planned_patiently(options: ReturnOptions, run: Run, place: Place) -> Returning:
    """Once more where AWS has refused to read a route and nothing is due on the others; it may have been a hiccup."""
    returning = Report().of(_planned, options, run, place)
    if returning and (returning.due or returning.knows(len(place.routes))):
        return returning
    rest(run, f"reading the routes of {place.name} again", UNREAD_PAUSE)
    return _planned(options, run, place)


def _planned(options: ReturnOptions, run: Run, place: Place) -> Returning:
    report = Report()
    find = partial(find_service, run, place, options.stable, health=True)
    plan = decide(_read(run, find, report, options.service), options.headroom_percent, options.run)
    return Returning(run, plan, find, report)


def _read(run: Run, find: Find, report: Report, service: str) -> Facts:
    client = run.client("autoscaling")
    found, groups = together(find, partial(report.of, autoscaling.describe_groups, client, tags={SERVICE: service}))
    for warning in found.warnings:
        report.note(warning)
    living = [group for group in groups or [] if not is_being_deleted(group)]
    return Facts(found.service, living, found.targets, found.broken)


class Returning:
    """One return: where stable is short, its capacity first."""

    def __init__(self, run: Run, plan: Plan, find: Find, report: Report) -> None:
        self._run, self._service, self._report = run, plan.service, report
        self.due = plan.due
        self._routes = ReturnedRoutes(run, plan, find, report)
        self._capacity = RestoredCapacity(run, plan, self._routes, report)

    @property
    def target_groups(self) -> list[str]:
        return self._service.target_groups

    @property
    def waits(self) -> bool:
        """Whether stable cannot take everything yet."""
        return not self._capacity.now.firm

    def apply(self, timeout: float, wait_until_alone: Callable[[], None]) -> None:
        """``wait_until_alone``: until no other run can write any more."""
        service = self._service
        try:
            if self.waits:
                self._capacity.restore(timeout)
                service = self._report.of(self._routes.read) or service
            self._routes.send_everything(service, wait_until_alone)
        except BluegreenError as error:
            kind = StableShortError if isinstance(error, StableShortError) else BluegreenError
            raise kind(self._routes.with_broken(error), **error.facts) from error
        if broken := self._routes.broken:
            raise BluegreenError(
                f"The traffic of {service.name} has returned to {service.stable}, but not on every route: "
                f"{' '.join(broken)} Correct these by hand.",
                **self.result(),
            )

    def knows(self, routes: int) -> bool:
        """Whether that many could be read."""
        return len(self._service.routes) >= routes

    def require(self, routes: int) -> None:
        """An error where nothing is due, and users may have nobody: for routes that cannot be read, and so may still
        lead to the candidate, and for those whose weights are all 0."""
        service = self._service
        if weightless := service.weightless_routes:
            raise BluegreenError(
                f"All weights of {' and '.join(weightless)} are 0, as somebody else has set them, so they stay. Run "
                f"rollback.yml to give all traffic of {service.name} to {service.stable}.",
                **self.result(),
            )
        if not self.knows(routes):
            raise BluegreenError(
                f"It is not known whether {service.candidate} has traffic of {service.name}, because not every route "
                f"can be read: {' '.join(self._routes.broken)} Correct these by hand, then run again.",
                **self.result(),
            )

    def result(self) -> dict[str, Any]:
        changes, _broken = plan_routes(self._service, 100)
        return {
            "changed": self.due and any(change.needed for change in changes),
            "service": self._service.as_data(self._run.now),
            "serving": self._capacity.now.serving,
            "needed": self._capacity.now.needed,
            "moves": self._routes.moves,
            "returned_at": self._routes.returned_at,
            "warnings": self._report.findings,
            "diff": diff_of(changes),
        }
