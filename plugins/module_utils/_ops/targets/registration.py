# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registers and deregisters targets by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._args.base.options import given
from ..._args.targets.registration import RegistrationOptions
from ..._aws.traffic import elbv2
from ..._core.base.errors import BluegreenError
from ..._core.targets.registration import (
    Look,
    Registration,
    Target,
    TargetGroup,
    complete_registrations,
    health_of,
    missing,
    present,
    strangers,
)
from ..base.run import Run
from .attachment import attach, detach
from .health import DRAIN_MARGIN, Waiting, await_drained, read_delay, read_targets, require_in_use, result_of, watch
from .target_groups import require_target_group

READY_SECONDS = 600


def target_registration(options: RegistrationOptions, run: Run) -> dict[str, Any]:
    """The work of module target_registration."""
    absent = options.state == "absent"
    if absent and options.purge:
        raise BluegreenError("purge deregisters what is not named, so it goes with state present only.")
    if options.healthy_reads < 1:
        raise BluegreenError(f"healthy_reads is 1 or more; given: {options.healthy_reads}.")
    if options.autoscaling_group and not absent:
        waiting = Waiting(_ready_seconds(options), options.healthy_reads) if options.wait else None
        return attach(run, options.autoscaling_group, options.target_group, waiting)
    group = require_target_group(run, options.target_group)
    waiting = _waiting(options, run, group) if options.wait else None
    if options.autoscaling_group:
        return detach(run, options.autoscaling_group, group, waiting)
    asked = [Registration(each.id, each.port, each.availability_zone) for each in given(options.targets)]
    named = complete_registrations(asked, group)
    if absent:
        return _deregister(run, group, named, waiting)
    return _register(run, group, named, waiting, purge=options.purge)


def _ready_seconds(options: RegistrationOptions) -> int:
    return READY_SECONDS if options.wait_timeout is None else options.wait_timeout


def _waiting(options: RegistrationOptions, run: Run, group: TargetGroup) -> Waiting:
    """As long as is asked for, unless a wait for targets to drain would fail for certain."""
    seconds = _ready_seconds(options)
    if not group.in_use or not (options.state == "absent" or options.purge):
        return Waiting(seconds, options.healthy_reads)
    delay = read_delay(run, group.arn)
    if options.wait_timeout is None:
        return Waiting(max(seconds, delay + DRAIN_MARGIN), options.healthy_reads, delay)
    if seconds < delay and options.state == "absent":
        raise BluegreenError(
            f"wait_timeout is {seconds} s, and targets that leave {group.name} drain for {delay} s, its deregistration "
            "delay. Leave wait_timeout out, or give more than that."
        )
    return Waiting(seconds, options.healthy_reads, delay)


def _register(
    run: Run, group: TargetGroup, named: Sequence[Registration], waiting: Waiting | None, *, purge: bool
) -> dict[str, Any]:
    """Strangers leave only once the named are healthy, so that the target group is not emptied on the way."""
    before = after = read_targets(run, group.arn)
    joining = missing(named, before)
    leaving = strangers(named, before) if purge else []
    if not run.check_mode:
        after = _join(run, group, named, joining, waiting)
        if leaving:
            after = _leave(run, group, leaving, [target.registration for target in leaving], waiting)
    return result_of(before, after, joining, leaving)


def _deregister(run: Run, group: TargetGroup, named: Sequence[Registration], waiting: Waiting | None) -> dict[str, Any]:
    """Waits also for named targets that are on their way out already."""
    before = after = read_targets(run, group.arn)
    leaving = present(named, before)
    if not run.check_mode:
        after = _leave(run, group, leaving, named, waiting)
    return result_of(before, after, [], leaving)


def _join(
    run: Run,
    group: TargetGroup,
    named: Sequence[Registration],
    joining: Sequence[Registration],
    waiting: Waiting | None,
) -> Sequence[Target]:
    if waiting:
        require_in_use([group])
    if joining:
        run.before_write()
    elbv2.register_targets(run.client("elbv2"), group.arn, list(map(_request, joining)))
    if waiting is None:
        return read_targets(run, group.arn)

    def look() -> Look:
        targets = read_targets(run, group.arn)
        return Look([health_of(named, targets, group.name)], targets)

    return watch(run, "healthy", look, waiting).targets


def _leave(
    run: Run,
    group: TargetGroup,
    leaving: Sequence[Target],
    awaited: Sequence[Registration],
    waiting: Waiting | None,
) -> Sequence[Target]:
    """Each leaves as it was registered: AWS wants the port, and the zone of an address outside the VPC, again."""
    if leaving:
        run.before_write()
    elbv2.deregister_targets(run.client("elbv2"), group.arn, [_request(target.registration) for target in leaving])
    if waiting is None:
        return read_targets(run, group.arn)
    return await_drained(run, group, awaited, waiting)


def _request(target: Registration) -> dict[str, Any]:
    """A TargetDescription; what is not known is left to AWS."""
    wanted = {"Id": target.id, "Port": target.port, "AvailabilityZone": target.availability_zone}
    return {key: value for key, value in wanted.items() if value is not None}
