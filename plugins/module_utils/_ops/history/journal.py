# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record of a run in a store, written as it happens.

It never keeps a task waiting for long: the store is asked next to the task's own work, and given up after a while. A
task that failed waits for nothing at all, for a return of traffic follows; what it saw is written when the run ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from threading import Thread
from typing import Any

from ..._args.base.leased import Leased, LeaseOptions
from ..._core.base.unforeseen import as_ours
from ..._core.base.verdicts import PASS
from ..._core.history.record import Record
from ..._core.history.record_keys import record_key
from ..._core.service.override import Override
from ..._core.store.stored import ABSENT, ConflictError, Expected
from ..base.run import Run
from ..store.kinds import open_store

PATIENCE = 3.0  # seconds that a task waits for the store at its end
Change = Callable[[Record], Record]


class Journal:
    """The record of one run. ``begin`` makes it where there is none yet."""

    def __init__(self, run: Run, url: str, service: str, begin: Callable[[], Record], name: str) -> None:
        self._run, self._url, self._begin = run, url, begin
        self._key = record_key(service, name)
        self._known: tuple[Record, Expected] | None = None
        self._thread: Thread | None = None
        self._problem = ""

    def change(self, *changes: Change) -> None:
        """While the task does its work, after the earlier changes."""
        before, self._problem = self._thread, ""
        self._thread = Thread(target=self._write, args=[before, changes], daemon=True)
        self._thread.start()

    def wait(self, patience: float = PATIENCE) -> list[str]:
        """Why it is not written, as a warning."""
        if self._thread:
            self._thread.join(patience)
            if self._thread.is_alive():
                self._problem = f"The store {self._url} did not answer within {patience:g} seconds."
        return [f"The history of this run has gaps. {self._problem}"] if self._problem else []

    def _write(self, before: Thread | None, changes: tuple[Change, ...]) -> None:
        if before:
            before.join()
        try:
            try:
                self._apply(changes)
            except ConflictError:  # an answer that was lost, or a task that was given up and wrote after all
                self._known = None
                self._apply(changes)
        except Exception as error:  # a thread would end without a word
            self._problem = str(as_ours(error))

    def _apply(self, changes: tuple[Change, ...]) -> None:
        store = open_store(self._run, self._url)
        if self._known is None:
            stored = store.read(self._key)
            record = Record.read(stored.text) if stored else None
            self._known = record or self._begin(), stored.version if stored else ABSENT
        record, version = self._known
        for change in changes:
            record = change(record)
        self._known = record, store.write(self._key, record.text(), version)


def journal_of(run: Run, lease: LeaseOptions, begin: Callable[[], Record] | None = None) -> Journal:
    """For a lease that is kept in a store."""
    of_claim = partial(Record.of_claim, lease.service, lease.claim)
    return Journal(run, str(lease.store), lease.service, begin or of_claim, lease.claim["run"])


class Entry:
    """What one task of a run adds to its record. What began is written again when it has ended, for the store may not
    have answered; for a return of traffic, which has nothing next to it, only then."""

    def __init__(self, options: Any, run: Run) -> None:
        self._options, self._run = options, run
        self._journal: Journal | None = None
        self._began: list[Change] = []
        lease = options.lease if isinstance(options, Leased) else None
        if lease and lease.store and lease.stage and not run.check_mode:
            self._begin(lease, lease.stage)

    def _begin(self, lease: LeaseOptions, stage: Mapping[str, Any]) -> None:
        began = partial(Record.begin, title=stage["title"], number=stage.get("number"), now=self._run.clock.now())
        self._began = [began]
        self._journal = journal_of(self._run, lease)
        if not self._options.returns_traffic:
            self._journal.change(began)

    def end(self, result: dict[str, Any]) -> dict[str, Any]:
        """The result, with a warning where the record has a gap."""
        if self._run.check_mode or result.get("verdict", PASS) != PASS:
            return result
        if self._journal is None:
            return self._first(result)
        if not self._options.lease.unattended:  # what ends with the hook that follows
            closes = self._options.lease.stage.get("closes", True)
            ended = partial(Record.end, result=result, now=self._run.clock.now(), closes=closes)
            self._journal.change(*self._began, ended)
        return self._warned(result)

    def _first(self, result: dict[str, Any]) -> dict[str, Any]:
        """What is done for the task that has taken the lease: the record begins with it."""
        taken = result.get("lease")
        if not taken or not taken.get("store"):
            return result
        lease = LeaseOptions.read(taken)
        if title := self._options.title:
            self._journal = journal_of(self._run, lease)
            began = partial(Record.begin, title=title, number=None, now=lease.claim["fence"] / 1000)
            self._journal.change(began, partial(Record.end, result=result, now=self._run.clock.now()))
        elif plan := self._options.plan:
            why = Override.parse(self._options.override).reason
            self._journal = journal_of(self._run, lease, partial(Record.of_plan, plan, lease.claim["by"], why))
            self._journal.change()
        return self._warned(result)

    def _warned(self, result: dict[str, Any]) -> dict[str, Any]:
        problems = self._journal.wait() if self._journal else []
        return {**result, "warnings": [*result.get("warnings", []), *problems]} if problems else result
