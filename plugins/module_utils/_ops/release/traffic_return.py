# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Returns the traffic to stable, as fast as stable can take it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from ..._args.release.traffic_return import ReturnOptions
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError, OverwrittenError, StoppedError, UnconfirmedError
from ..._core.base.findings import Report
from ..._core.base.groups import is_being_deleted
from ..._core.base.tags import SERVICE
from ..._core.release.previous import check_released
from ..._core.release.traffic_return import Facts, Plan, decide, plan_routes
from ..._core.safety.schedules import RETURN_AFTER, SafetyNet
from ..._core.service.environments import Service
from ..._core.service.place import Place
from ..._core.targets.everywhere import everywhere
from ..._core.targets.launch_failures import HURRIED
from ..._core.targets.members import Members
from ..._core.targets.serving_capacity import ServingCapacity, serving
from ..._core.traffic.route import diff_of
from ..base.run import Run, together
from ..base.wait import UNREAD_PAUSE, poll, rest
from ..group.capacity import hold
from ..lease.beside import Beside
from ..lease.holder import at_work
from ..safety.schedules import Postponement, disarm_later
from ..service.found import ServiceAsFound, find_service
from ..targets.health import LONGEST_PAUSE
from ..targets.instance_wait import InstanceWait
from ..traffic.kinds import read_routes
from ..traffic.route_writes import RouteWrites
from .previous import Declared, declare_previous

Find = Callable[[], ServiceAsFound]


class StableShortError(BluegreenError):
    """Stable cannot take the traffic."""


def traffic_return(options: ReturnOptions, run: Run) -> dict[str, Any]:
    """The work of module traffic_return. Two rounds of reads come before the first write, for users are in trouble.

    What cannot be read of the groups does not keep the traffic from its return: then nothing is known of capacity. A
    route that is broken does not keep the others from it, and is an error at the end, also where there is nothing to
    return on the others.
    """
    place = Place.parse(options.service, options.routes, options.target_groups)
    if options.only_image is not None:
        found = find_service(run, place, ["groups"], options.stable)
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
    left = disarm_later(run, place.name) if options.return_role and not run.check_mode else []
    result = returning.result()
    changed, warnings = result["changed"] or before.declared, [*result["warnings"], *before.warnings, *left]
    return beside.end({**result, **before.as_data(), "changed": changed, "warnings": warnings})


def _apply(options: ReturnOptions, run: Run, returning: Returning, beside: Beside) -> None:
    """While stable's capacity is restored, AWS does not send it everything. Where stable cannot take the traffic, it
    must not either; where AWS has refused a route, it may later."""
    if options.return_role and options.lease is None:
        run.keep(Postponement(run, SafetyNet(options.service, options.return_role, RETURN_AFTER)))
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
    find = partial(find_service, run, place, ["targets"], options.stable)
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
    """One return. ``moves`` lists each weight that stable was given on the way, and after how many seconds."""

    def __init__(self, run: Run, plan: Plan, find: Find, report: Report) -> None:
        self._run, self._plan, self._find, self._report = run, plan, find, report
        self.due = plan.due
        self._service, self._stable = plan.service, plan.stable
        self._unread, self._refused = list(plan.broken), list[str]()
        self._capacity, self._weight = plan.capacity, plan.stable.weight
        self._began = run.clock.monotonic()
        self._moves: list[dict[str, Any]] = []
        self._returned_at: float | None = None

    @property
    def _broken(self) -> list[str]:
        """Why routes are not returned."""
        return list(dict.fromkeys([*self._unread, *self._refused]))

    def _with_broken(self, error: BluegreenError) -> str:
        return " ".join([str(error), *self._broken])

    @property
    def target_groups(self) -> list[str]:
        return [arn for each in self._service.environments.values() for arn in each.target_groups]

    def apply(self, timeout: float, wait_until_alone: Callable[[], None]) -> None:
        """``wait_until_alone``: until no other run can write any more."""
        service = self._service
        try:
            if not self._capacity.firm:
                self._restore(self._require_group(), timeout)
                service = self._report.of(self._read_routes) or service
            self._send_everything(service, wait_until_alone)
        except BluegreenError as error:
            kind = StableShortError if isinstance(error, StableShortError) else BluegreenError
            raise kind(self._with_broken(error), **error.facts) from error
        if self._broken:
            raise BluegreenError(
                f"The traffic of {service.name} has returned to {service.stable}, but not on every route: "
                f"{' '.join(self._broken)} Correct these by hand.",
                **self.result(),
            )

    def knows(self, routes: int) -> bool:
        """Whether that many could be read."""
        return len(self._service.routes) >= routes

    def require(self, routes: int) -> None:
        """An error for routes that cannot be read: they may still lead to the candidate, though nothing is due on the
        others."""
        service = self._service
        if not self.knows(routes):
            raise BluegreenError(
                f"It is not known whether {service.candidate} has traffic of {service.name}, because not every route "
                f"can be read: {' '.join(self._broken)} Correct these by hand, then run again.",
                **self.result(),
            )

    def result(self) -> dict[str, Any]:
        changes, _broken = plan_routes(self._service, 100)
        return {
            "changed": any(change.needed for change in changes),
            "service": self._service.as_data(self._run.now),
            "serving": self._capacity.serving,
            "needed": self._capacity.needed,
            "moves": self._moves,
            "returned_at": self._returned_at,
            "warnings": self._report.findings,
            "diff": diff_of(changes),
        }

    # -- where stable is short

    def _require_group(self) -> Members:
        """The group whose capacity can be restored, where stable is short; an error when there is none."""
        if self._plan.group and not self._plan.lack:
            return self._plan.group
        if self._has_grown:
            self._send(self._service, self._capacity.share(self._weight))
        raise StableShortError(
            f"{self._stable.color}, which is stable, has {self._capacity} in {self._stable.name}, and "
            f"{self._plan.lack}, so no more of the traffic returns to it. Attach a group with healthy instances, then "
            "run again.",
            warnings=self._report.findings,
        )

    def _restore(self, group: Members, timeout: float) -> None:
        """Restore the capacity of stable, which its own scaling or a person has made smaller, so that all traffic does
        not overload what is left.

        What it can carry it gets at once, the rest as its instances become healthy. When the time has ended, or AWS
        cannot launch them, it gets everything all the same, because the candidate is not better, unless none of its
        targets is healthy.
        """
        self._run.progress(f"{group.group} has {self._capacity}; its capacity is restored first")
        self._report.of(self._follow, group, timeout)  # whoever has lost the lease sends nothing more
        if not self._capacity.serving:
            raise StableShortError(
                f"No instance of {group.group}, which is stable, is healthy, so the traffic stays where it is. Look at "
                f"the targets of {self._stable.name}, then run again.",
                warnings=self._report.findings,
            )
        if not self._capacity.firm:
            self._report.note(f"{group.group} takes all traffic with {self._capacity}.")

    def _follow(self, group: Members, timeout: float) -> None:
        """Until it can carry everything, or the time has ended."""
        wait = InstanceWait(self._run, group.group, self._service.reached(self._stable.color)[0], HURRIED)
        deadline = self._run.clock.monotonic() + timeout
        look = partial(self._look, wait)
        self._report.of(look)
        hold(self._run, group.group, self._capacity.needed)
        doing = f"waiting until {group.group} can carry all traffic"
        if not self._capacity.firm and (left := deadline - self._run.clock.monotonic()) > 0:
            poll(self._run, doing, look, self._is_firm, left, LONGEST_PAUSE, standing=self._stands)

    def _look(self, wait: InstanceWait) -> None:
        """All traffic is sent at the end. What cannot be read, written or confirmed now is tried again after the next
        look."""
        self._see(wait)
        if self._capacity.firm or not self._has_grown:
            return
        try:
            self._send(self._read_routes(), self._capacity.share(self._weight))
        except StoppedError:
            raise
        except UnconfirmedError:
            return
        except BluegreenError as error:
            self._report.note(self._with_broken(error))

    def _see(self, wait: InstanceWait) -> None:
        sight = wait.read()
        wait.look(sight)
        targets = everywhere([sight.targets[arn] for arn in self._service.reached(self._stable.color)])
        healthy = [target.id for target in targets if target.healthy]
        self._capacity = ServingCapacity(serving(sight.members, healthy), self._capacity.needed)

    def _is_firm(self, _seen: None) -> bool:
        return self._capacity.firm

    @property
    def _has_grown(self) -> bool:
        return self._capacity.share(self._weight) > self._weight

    def _stands(self, _seen: None) -> str:
        has = f"it has {self._capacity}, and {self._stable.color} has {self._weight} % of the traffic."
        return " ".join([has, *self._broken])

    # -- weights

    def _read_routes(self) -> Service:
        """The service with its routes as they stand now."""
        found = self._find()
        self._unread = list(found.broken)
        return replace(found.service, stable=self._service.stable)

    def _send_everything(self, service: Service, wait_until_alone: Callable[[], None]) -> None:
        """Once more, where the candidate has traffic after that: a run that had the lease may have given it some, just
        before it noticed, also on routes that had none. What AWS has refused is tried again with it."""
        overwritten: OverwrittenError | None = None
        try:
            self._send(service, 100)
        except OverwrittenError as error:
            overwritten = error
        wait_until_alone()
        present = self._report.of(self._look_again, service)
        if present is None and overwritten:
            raise overwritten
        if present and present.phase == "shifting":
            self._send(present, 100)

    def _look_again(self, service: Service) -> Service:
        found = read_routes(self._run, [each.definition for each in service.routes])
        routes = [replace(its, own=each.own) for each, its in zip(service.routes, found, strict=True)]
        return replace(service, routes=routes)

    def _send(self, service: Service, weight: int) -> None:
        """All routes: one that cannot be written does not keep the traffic of the others from its return."""
        changes, broken = plan_routes(service, weight)
        writes = RouteWrites(self._run, changes)
        made, refused = writes.write_each(self._report.note)
        self._refused = [*broken, *refused]
        if refused and not made and all(change.needed for change in changes):
            raise BluegreenError(f"No route of {service.name} could be given other weights.")
        if not made and weight == self._weight:
            return
        self._returned_at = self._run.clock.now()
        but = ", but not on every route" if self._broken else ""
        self._run.progress(f"{self._stable.color} has {weight} % of the traffic of {service.name}{but}")
        self._moves.append({"weight": weight, "seconds": round(self._run.clock.monotonic() - self._began, 2)})
        writes.confirm()
        self._weight = weight
