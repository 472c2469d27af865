# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Creates, postpones and removes the schedules with which AWS returns the traffic of a service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from ..._args.base.leased import Leased, LeaseOptions
from ..._aws.base.errors import AwsError
from ..._aws.safety import scheduler
from ..._core.safety.schedules import GROUP, ReturnSchedule, SafetyNet, prefix_of
from ..base.retry_in_use import when_accepted
from ..base.run import Run, no_aws, together

PATIENCE = 5.0  # seconds for which a write is tried again


def net_of(lease: LeaseOptions | None) -> SafetyNet | None:
    """None where AWS is not to return the traffic."""
    if lease is None or not lease.return_role:
        return None
    return SafetyNet(lease.service, lease.return_role, lease.return_after + lease.unattended)


def arm(run: Run, net: SafetyNet, schedules: Sequence[ReturnSchedule]) -> None:
    """Before the routes are written: should the controller die right after that, AWS returns the traffic."""
    _forget(run)
    due = net.due(run.clock.now())
    for each in schedules:
        _when_settled(run, partial(_put, run, each, due))


def disarm(run: Run, service: str) -> None:
    _forget(run)
    _when_settled(run, partial(_delete, run, service))


def disarm_later(run: Run, service: str) -> list[str]:
    """As ``disarm``, where it may not fail what was done before: a warning says what is left."""
    try:
        disarm(run, service)
    except AwsError as error:
        return [
            f"The schedules by which AWS returns the traffic of {service} may still be there: {error} Delete those of "
            f"group {GROUP} whose names begin with {prefix_of(service)}, or AWS may return the traffic once more."
        ]
    return []


class Postponement:
    """A beat: as long as the run lives, AWS does not return the traffic.

    ``every`` is how often it is looked whether another minute is due; AWS is asked at most once a minute. What AWS
    answers fails no task: a schedule that cannot be postponed returns the traffic, which is safe. ``patience``: for how
    many seconds it is tried again at once, where no other beat follows soon.
    """

    every = 15.0

    def __init__(self, run: Run, net: SafetyNet, patience: float = 0.0) -> None:
        self._run, self._net, self._patience = run, net, patience
        self._schedules: list[ReturnSchedule] | None = None
        self._due: datetime | None = None
        self._warned = False

    def forget(self) -> None:
        """What was read before the task creates or removes any."""
        self._schedules = None

    def beat(self) -> None:
        self.postpone(self._net.due(self._run.clock.now()))

    def postpone(self, due: datetime) -> None:
        if due == self._due:
            return
        try:
            _when_settled(self._run, partial(self._postpone, due), self._patience)
        except AwsError as error:
            self._warn(str(error))

    def _postpone(self, due: datetime) -> None:
        if self._schedules is None:
            self._schedules = _read(self._run, self._net.service)
        if self._schedules:
            standing = together(*[partial(self._update, each, due) for each in self._schedules])
            self._schedules = [each for each in standing if each]
        self._due = due

    def _update(self, schedule: ReturnSchedule, due: datetime) -> ReturnSchedule | None:
        """None for one that is gone."""
        if scheduler.update_schedule(self._run.client("scheduler"), schedule.at(due)):
            return schedule
        self._run.progress(
            f"AWS has returned the traffic of {self._net.service} by schedule {schedule.name}, or somebody has "
            "deleted it; the next step will find which"
        )
        return None

    def _warn(self, why: str) -> None:
        """Once: what is missed now is tried again a moment later."""
        if not self._warned:
            self._warned = True
            self._run.progress(
                f"AWS returns the traffic of {self._net.service} within {self._net.seconds} s unless this gets better: "
                f"its schedules cannot be postponed. {why}"
            )


def postpone_in_waits(options: Any, run: Run) -> None:
    """In each wait of a task: as long as it lives, AWS does not return the traffic. At once where nothing that follows
    postpones it."""
    if not isinstance(options, Leased) or run.check_mode or run.client is no_aws:
        return
    if options.lease and (net := net_of(options.lease)):
        beat = Postponement(run, net, PATIENCE if options.lease.unattended else 0.0)
        run.keep(beat)
        if options.lease.unattended:
            beat.beat()


def _forget(run: Run) -> None:
    for beat in run.beats:
        if isinstance(beat, Postponement):
            beat.forget()


def _put(run: Run, schedule: ReturnSchedule, due: datetime) -> None:
    """One that calls, and so vanishes, before it is replaced is created after all."""
    client, request = run.client("scheduler"), schedule.at(due)
    try:
        scheduler.create_schedule(client, request)
    except AwsError as error:
        if error.code != scheduler.CONFLICT:
            raise
        if not scheduler.update_schedule(client, request):
            scheduler.create_schedule(client, request)


def _delete(run: Run, service: str) -> None:
    client = run.client("scheduler")
    if names := scheduler.list_schedules(client, GROUP, prefix_of(service)):
        together(*[partial(scheduler.delete_schedule, client, GROUP, name) for name in names])


def _when_settled(run: Run, write: Callable[[], None], patience: float = PATIENCE) -> None:
    """Again and again while Scheduler is at work on another write. No beat runs meanwhile: a lease that was lost must
    not keep the schedules of traffic that has returned."""
    when_accepted(run.without_beats(), "waiting until Scheduler takes the change", write, _is_unsettled, patience)


def _is_unsettled(refused: AwsError) -> bool:
    return refused.code == scheduler.CONFLICT


def _read(run: Run, service: str) -> list[ReturnSchedule]:
    client = run.client("scheduler")
    names = scheduler.list_schedules(client, GROUP, prefix_of(service))
    found = together(*[partial(scheduler.get_schedule, client, GROUP, name) for name in names]) if names else []
    return [ReturnSchedule.read(each) for each in found if each]
