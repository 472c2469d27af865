# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The routes of a service, while their traffic returns to stable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..._core.base.errors import BluegreenError, OverwrittenError
from ..._core.base.findings import Report
from ..._core.release.traffic_return import Plan, plan_routes
from ..._core.service.environments import Service
from ..base.run import Run
from ..service.found import ServiceAsFound
from ..traffic.kinds import read_routes
from ..traffic.route_writes import RouteWrites

Find = Callable[[], ServiceAsFound]


class ReturnedRoutes:
    """A route that cannot be read or written does not keep the traffic of the others from its return.

    ``weight`` is what stable has now. ``moves`` lists each weight that it was given, and after how many seconds;
    ``returned_at`` is when it was given the last one.
    """

    def __init__(self, run: Run, plan: Plan, find: Find, report: Report) -> None:
        self._run, self._find, self._report = run, find, report
        self._stable = plan.stable
        self._unread, self._refused = list(plan.broken), list[str]()
        self._began = run.clock.monotonic()
        self.weight = plan.stable.weight
        self.moves: list[dict[str, Any]] = []
        self.returned_at: float | None = None

    @property
    def broken(self) -> list[str]:
        """Why routes are not returned."""
        return list(dict.fromkeys([*self._unread, *self._refused]))

    def with_broken(self, error: BluegreenError) -> str:
        return " ".join([str(error), *self.broken])

    def read(self) -> Service:
        """The service with its routes as they stand now."""
        found = self._find()
        self._unread = list(found.broken)
        return replace(found.service, stable=self._stable.color)

    def send(self, service: Service, weight: int) -> None:
        """Give stable ``weight`` percent on every route."""
        changes, broken = plan_routes(service, weight)
        writes = RouteWrites(self._run, changes)
        made, refused = writes.write_each(self._report.note)
        self._refused = [*broken, *refused]
        if refused and not made and all(change.needed for change in changes):
            raise BluegreenError(f"No route of {service.name} could be given other weights.")
        if not made and weight == self.weight:
            return
        self.returned_at = self._run.clock.now()
        but = ", but not on every route" if self.broken else ""
        self._run.progress(f"{self._stable.color} has {weight} % of the traffic of {service.name}{but}")
        self.moves.append({"weight": weight, "seconds": round(self._run.clock.monotonic() - self._began, 2)})
        writes.confirm()
        self.weight = weight

    def send_everything(self, service: Service, wait_until_alone: Callable[[], None]) -> None:
        """Once more, where the candidate has traffic after that: a run that had the lease may have given it some, just
        before it noticed, also on routes that had none. What AWS has refused is tried again with it.

        ``wait_until_alone``: until no other run can write any more.
        """
        overwritten: OverwrittenError | None = None
        try:
            self.send(service, 100)
        except OverwrittenError as error:
            overwritten = error
        wait_until_alone()
        present = self._report.of(self._look_again, service)
        if present is None and overwritten:
            raise overwritten
        if present and present.is_shifting:
            self.send(present, 100)

    def _look_again(self, service: Service) -> Service:
        found = read_routes(self._run, [each.definition for each in service.routes])
        routes = [replace(its, own=each.own) for each, its in zip(service.routes, found, strict=True)]
        return replace(service, routes=routes)
