# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes what is planned for routes of either kind, and sees that it holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from ..._core.base.errors import BluegreenError
from ..._core.traffic.record_sets import SYNC_SECONDS, RecordChange, by_zone, shares_of
from ..._core.traffic.weights import Change, Route, describe
from ..base.run import Run
from ..base.wait import poll
from ..base.writes import Write, write_all
from .record import await_sync, read_back_records, write_records
from .routes import read_routes, write_actions

READ_BACK_SECONDS = 10.0


class RouteWrites:
    """Changes of listeners and rules, and of records."""

    def __init__(self, run: Run, changes: Sequence[Change], record_changes: Sequence[RecordChange]) -> None:
        self._run = run
        self._changes = [change for change in changes if change.needed]
        self._zones = by_zone(change for change in record_changes if change.needed)
        self._pending: list[str] = []

    @property
    def needed(self) -> bool:
        return bool(self._changes or self._zones)

    def write(self, make: Callable[[Sequence[Write]], list[Any]] = write_all) -> None:
        """Load balancers first: what is written there can be put back at once; a zone's batch is whole by itself."""
        answers = make([*map(self._route, self._changes), *map(self._zone, self._zones)])
        self._pending = answers[len(self._changes) :]

    def confirm(self, sync_seconds: float = SYNC_SECONDS) -> None:
        """Wait until AWS tells what was written, and say so when it tells otherwise."""
        if self._changes:
            _read_back(self._run, self._changes)
        for change_id in self._pending:
            await_sync(self._run, change_id, sync_seconds)
        read_back_records(self._run, [change for zone in self._zones for change in zone])

    def _route(self, change: Change) -> Write:
        arn = change.route.arn
        return Write(
            make=partial(write_actions, self._run, arn, change.actions()),
            put_back=partial(write_actions, self._run, arn, change.undone()),
            done=f"{arn} splits {describe(change.forward.shares())}",
        )

    def _zone(self, changes: Sequence[RecordChange]) -> Write:
        told = [f"{change.records.title} splits {describe(shares_of(change.after))}" for change in changes]
        return Write(
            make=partial(write_records, self._run, changes),
            put_back=partial(write_records, self._run, [change.undone() for change in changes]),
            done="; ".join(told),
        )


def _read_back(run: Run, changes: Sequence[Change]) -> None:
    """ELBv2 is eventually consistent."""
    wanted = {change.route.arn: change.forward.shares() for change in changes}

    def as_written(routes: Sequence[Route]) -> bool:
        return all(route.forward.shares() == wanted[route.arn] for route in routes)

    routes = poll(partial(read_routes, run, list(wanted)), as_written, run.clock, READ_BACK_SECONDS)
    for route in routes:
        if route.forward.shares() != wanted[route.arn]:
            raise BluegreenError(
                f"{route.arn} was given {describe(wanted[route.arn])} but splits {describe(route.shares())}; "
                "somebody else changed it at the same time."
            )
