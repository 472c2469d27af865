# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes a group that is to be removed out of its target groups, and back in when it comes to be in use."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError, StoppedError
from ..._core.base.findings import Report
from ..._core.base.tags import LEAVING
from ..._core.group.in_use import InUseError
from ..._core.group.removal_plan import Leaving
from ..._core.targets.members import Members
from ..._core.targets.registration import Registration, TargetGroup, drain_of
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..targets.attachment import write_detached
from ..targets.health import DRAIN_MARGIN, Waiting, await_drained, read_delay, read_targets
from ..targets.members import read_members
from .removal_guard import Guard, given_up_for_returns


def drain(run: Run, leaving: Leaving, guard: Guard, timeout: int) -> None:
    """Take the group out of its target groups and wait until it has drained; put it back in when that fails."""
    try:
        with given_up_for_returns(guard):
            _detach(run, leaving, guard, timeout)
    except (InUseError, StoppedError):
        raise
    except BluegreenError as error:
        raise BluegreenError(f"{error} {put_back(run, leaving)} Run again to continue.", **error.facts) from error


def put_back(run: Run, leaving: Leaving) -> str:
    """Put back what this removal has changed so far; a sentence about it.

    AWS attaches nothing during an instance refresh, for example (AttachTrafficSources in the API reference). Then the
    mark stays, and keeps others from returning to the environment.
    """
    client, name, report = run.client("autoscaling"), leaving.name, Report()
    present = read_members(run, name).target_groups
    detached = [arn for arn in leaving.attached if arn not in present]
    for arn in detached:
        report.of(when_free, run, partial(autoscaling.attach_target_group, client, name, arn))
    if report.findings:
        return (
            f"{' '.join(report.findings)} So {name} gets no requests from there. When AWS allows it, attach {name} and "
            f"remove its tag {LEAVING}."
        )
    if not leaving.marked:
        when_free(run, partial(autoscaling.untag_group, client, name, [LEAVING]))
    if absent := [each.name for each in leaving.target_groups if each.arn not in (*present, *detached)]:
        return f"{name} is not attached to {' and '.join(absent)}, so it gets no requests from there."
    return "It is attached to its target groups again." if detached else "It is still attached to its target groups."


def _detach(run: Run, leaving: Leaving, guard: Guard, timeout: int) -> None:
    run.progress(f"draining {leaving.name}")
    if (group := guard()) is None:
        return
    members = Members.read(group)
    attached = [each for each in leaving.target_groups if each.arn in members.target_groups]
    for target_group in attached:
        write_detached(run, leaving.name, target_group.arn)
    instances = members.everyone
    if attached:  # an instance that came up between the read and the detachment leaves with the others
        instances = list({*instances, *read_members(run, leaving.name).everyone})
    for target_group in leaving.target_groups:
        _await_drained(run, target_group, instances, timeout, guard)


def _await_drained(
    run: Run, target_group: TargetGroup, instances: Sequence[Registration], timeout: int, guard: Guard
) -> None:
    """Never less than AWS reports targets as draining, or the wait would fail for certain."""
    seen = read_targets(run, target_group.arn)
    if drain_of(instances, seen, target_group.name).reached:
        return
    delay = read_delay(run, target_group.arn)
    waiting = Waiting(max(timeout, delay + DRAIN_MARGIN), delay=delay)
    await_drained(run, target_group, instances, waiting, guard.look, seen)
