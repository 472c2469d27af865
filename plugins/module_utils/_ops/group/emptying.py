# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scales a group in to nothing: its instances drain and run their termination hooks, as in any scale-in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.group import parts as group_parts
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report
from ..._core.base.groups import suspended_on
from ..._core.group.clone_parts import warm_pool_of
from ..._core.group.in_use import InUseError
from ..._core.group.removal import is_empty, left_message, members, protected, shrinking_sizes, standing_by
from ..._core.group.removal_protection import guards_of, lifted_guards
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..base.wait import poll, rest
from ..targets.health import LONGEST_PAUSE
from .removal_guard import Guard, given_up_for_returns

Group = Mapping[str, Any]

ACTS_ON_SCALE_IN = "Terminate"
FIRST_PAUSE = 0.5  # seconds; no instance ends sooner
BOUNDS = ("MinSize", "MaxSize", "DesiredCapacity")


class Emptying:
    """How one group, as it was read just now, is scaled to zero. ``scheduled``: whether it has scheduled actions,
    which would scale it out again."""

    def __init__(self, run: Run, group: Group, scheduled: bool) -> None:
        self._run, self._group = run, group
        self._client, self._name = run.client("autoscaling"), str(group["AutoScalingGroupName"])
        suspended = suspended_on(group)
        self._suspends = ["ScheduledActions"] if scheduled and "ScheduledActions" not in suspended else []
        self._resumes = [ACTS_ON_SCALE_IN] if ACTS_ON_SCALE_IN in suspended else []

    def scale_in(self, spread_seconds: int, guard: Guard) -> None:
        """At once, or step by step, with ``guard`` asked before each further step, and looking in between.

        What came to be in use meanwhile gets back what was taken from it, but for its warm pool.
        """
        desired = self._group["DesiredCapacity"]
        sizes = shrinking_sizes(desired) if spread_seconds and desired else [0]
        lifted = lifted_guards(self._group)
        try:
            with given_up_for_returns(guard):
                self._prepare()
                for step, size in enumerate(sizes):
                    if step:
                        guard()
                    doing = f"scaling {self._name} in to {size}"
                    self._run.progress(doing)
                    self._update({"MinSize": 0, "MaxSize": size, **lifted})
                    self._watch(doing, spread_seconds / len(sizes), guard)
        except InUseError as error:
            raise InUseError(" ".join([str(error), *self._restore()]), **error.facts) from error

    def _watch(self, doing: str, seconds: float, guard: Guard) -> None:
        """Until the next step is due."""
        if seconds:
            poll(self._run, doing, guard.look, lambda _seen: False, seconds, LONGEST_PAUSE, paced=False)

    def has_ended(self) -> bool:
        """A moment after the scale-in, whether no instance is left."""
        if not is_empty(self._group):
            rest(self._run, f"scaling {self._name} in", FIRST_PAUSE)
        return is_empty(self._look())

    def wait(self, timeout: float) -> None:
        """Until no instance is left. One that comes into service meanwhile may be protected from the scale-in."""
        doing = f"waiting until the instances of {self._name} have drained and run their termination hooks"
        self._run.progress(doing)
        group = poll(self._run, doing, self._look, is_empty, timeout, first=FIRST_PAUSE, standing=left_message)
        if not is_empty(group):
            raise BluegreenError(
                f"{self._name} still has instances {timeout:g} s after it was scaled in: {left_message(group)}. Look "
                "at what their lifecycle hooks wait for, then run again to continue.",
                instances=members(group),
            )

    def _look(self) -> Group:
        group = self._read()
        self._unprotect(group)
        return group

    def _read(self) -> Group:
        """Somebody else may have deleted it."""
        return next(iter(autoscaling.describe_groups(self._client, names=[self._name])), {"Instances": []})

    def _prepare(self) -> None:
        """Away with what keeps instances in a group, or brings new ones."""
        run, client, name = self._run, self._client, self._name
        if self._suspends:
            when_free(run, partial(group_parts.suspend_processes, client, name, self._suspends))
        if self._resumes:
            when_free(run, partial(group_parts.resume_processes, client, name, self._resumes))
        if warm_pool_of(self._group):  # it would launch what the group gives away
            when_free(run, partial(group_parts.delete_warm_pool, client, name))
        self._unprotect(self._group)
        for instance in standing_by(self._group):  # no scale-in takes them
            when_free(run, partial(group_parts.terminate_instance, client, instance))

    def _unprotect(self, group: Group) -> None:
        if instances := protected(group):
            write = partial(group_parts.protect_instances, self._client, self._name, instances, protected=False)
            when_free(self._run, write)

    def _restore(self) -> list[str]:
        """Each part by itself, its size first. What AWS refuses, as sentences."""
        self._run = self._run.without_beats()
        client, name, group, report = self._client, self._name, self._group, Report()
        report.of(self._update, {field: group[field] for field in BOUNDS} | guards_of(group))
        if self._suspends:
            report.of(when_free, self._run, partial(group_parts.resume_processes, client, name, self._suspends))
        if self._resumes:
            report.of(when_free, self._run, partial(group_parts.suspend_processes, client, name, self._resumes))
        report.of(self._protect_again)
        return report.findings

    def _protect_again(self) -> None:
        left = members(self._read())
        if kept := [each for each in protected(self._group) if each in left]:
            write = partial(group_parts.protect_instances, self._client, self._name, kept, protected=True)
            when_free(self._run, write)

    def _update(self, fields: Mapping[str, Any]) -> None:
        when_free(self._run, partial(autoscaling.update_group, self._client, self._name, fields))
