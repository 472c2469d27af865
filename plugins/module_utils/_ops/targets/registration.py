# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Registers and deregisters targets by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..._aws.traffic import elbv2
from ..._core.base.errors import BluegreenError
from ..._core.targets.registration import (
    Look,
    Registration,
    Target,
    TargetGroup,
    health_of,
    missing,
    parse_registrations,
    present,
    strangers,
)
from ..base.run import Run
from .attachment import attach, detach
from .health import (
    DRAIN_MARGIN,
    await_drained,
    find_target_group,
    read_delay,
    read_targets,
    require_in_use,
    result_of,
    watch,
)

READY_SECONDS = 600

Options = Mapping[str, Any]


def register_targets(options: Options, run: Run) -> dict[str, Any]:
    """The work of module target_registration."""
    absent = options["state"] == "absent"
    if absent and options["purge"]:
        raise BluegreenError("purge deregisters what is not named, so it goes with state present only.")
    if options["healthy_reads"] < 1:
        raise BluegreenError(f"healthy_reads is 1 or more; given: {options['healthy_reads']}.")
    group = find_target_group(run, options["target_group"])
    options = {**options, "wait_timeout": _wait_seconds(options, run, group)}
    if options["autoscaling_group"]:
        return (detach if absent else attach)(options, run, group)
    named = parse_registrations(options["targets"], group)
    return (_deregister if absent else _register)(options, run, group, named)


def _wait_seconds(options: Options, run: Run, group: TargetGroup) -> int:
    """What is asked for, unless a wait for targets to drain would fail for certain."""
    asked: int | None = options["wait_timeout"]
    if not options["wait"] or not group.in_use or not (options["state"] == "absent" or options["purge"]):
        return READY_SECONDS if asked is None else asked
    delay = read_delay(run, group.arn)
    if asked is None:
        return max(READY_SECONDS, delay + DRAIN_MARGIN)
    if asked < delay and options["state"] == "absent":
        raise BluegreenError(
            f"wait_timeout is {asked} s, and targets that leave {group.name} drain for {delay} s, its deregistration "
            "delay. Leave wait_timeout out, or give more than that."
        )
    return asked


def _register(options: Options, run: Run, group: TargetGroup, named: Sequence[Registration]) -> dict[str, Any]:
    """Strangers leave only once the named are healthy, so that the target group is not emptied on the way."""
    before = after = read_targets(run, group.arn)
    joining = missing(named, before)
    leaving = strangers(named, before) if options["purge"] else []
    if not run.check_mode:
        after = _join(options, run, group, named, joining)
        if leaving:
            after = _leave(options, run, group, leaving, awaited=[target.registration for target in leaving])
    return result_of(before, after, joining, leaving)


def _deregister(options: Options, run: Run, group: TargetGroup, named: Sequence[Registration]) -> dict[str, Any]:
    """Waits also for named targets that are on their way out already."""
    before = after = read_targets(run, group.arn)
    leaving = present(named, before)
    if not run.check_mode:
        after = _leave(options, run, group, leaving, awaited=named)
    return result_of(before, after, [], leaving)


def _join(
    options: Options, run: Run, group: TargetGroup, named: Sequence[Registration], joining: Sequence[Registration]
) -> Sequence[Target]:
    if options["wait"]:
        require_in_use([group])
    elbv2.register_targets(run.client("elbv2"), group.arn, list(map(_request, joining)))
    if not options["wait"]:
        return read_targets(run, group.arn)

    def look() -> Look:
        targets = read_targets(run, group.arn)
        return Look([health_of(named, targets, group.name)], targets)

    return watch(run, "healthy", look, options["wait_timeout"], times=options["healthy_reads"]).targets


def _leave(
    options: Options, run: Run, group: TargetGroup, leaving: Sequence[Target], awaited: Sequence[Registration]
) -> Sequence[Target]:
    """Each leaves as it was registered: AWS wants the port, and the zone of an address outside the VPC, again."""
    elbv2.deregister_targets(run.client("elbv2"), group.arn, [_request(target.registration) for target in leaving])
    return await_drained(options, run, group, awaited) if options["wait"] else read_targets(run, group.arn)


def _request(target: Registration) -> dict[str, Any]:
    """A TargetDescription; what is not known is left to AWS."""
    wanted = {"Id": target.id, "Port": target.port, "AvailabilityZone": target.availability_zone}
    return {key: value for key, value in wanted.items() if value is not None}
