# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes an environment: announces it, takes the group out of its target groups, drains it, and removes the group.

Nothing that AWS offers here is conditional, so two who act on one environment look at each other. A removal writes the
mark ``leaving`` first, and then reads whether the environment is in use. Who returns to an environment declares it
stable first, and then reads the mark. Whichever is first, at least one of them sees the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import LEAVING, tags_of
from ..._core.group.in_use import Group, InUseError
from ..._core.group.marks import Marks, tag_for
from ..._core.group.removal import check_removable
from ..._core.targets.members import Members
from ..base.retry_in_use import when_free
from ..base.run import Run
from ..targets.attachment import detach
from ..targets.health import DRAIN_MARGIN, find_target_group, read_delay
from ..targets.members import read_members
from .removal import remove
from .removal_guard import Guard


def announce(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """State leaving of module autoscaling_clone."""
    group = _read(run, options["name"])
    if group is None:
        raise BluegreenError(f"There is no Auto Scaling group {options['name']} to be removed.")
    removal = Removal(options, run, group)
    removal.guard()
    if not run.check_mode:
        removal.announce()
        removal.stopping(removal.guard)
    return {
        "changed": not removal.marked,
        "group": None,
        "diff": {"before": {"leaving": removal.marked}, "after": {"leaving": True}},
    }


def remove_environment(options: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """State absent of module autoscaling_clone."""
    group = _read(run, options["name"])
    if group is None:
        return remove(options, run, lambda: None)
    removal = Removal(options, run, group)
    removal.guard()
    if run.check_mode:
        return remove(options, run, removal.guard)
    removal.announce()
    return removal.stopping(removal.finish)


class Removal:
    """One removal of a group. ``marked``: it was announced before this began, by whoever died or runs a hook now."""

    def __init__(self, options: Mapping[str, Any], run: Run, group: Group) -> None:
        check_removable(group, options["service"], force=options["force"])
        self._options, self._run, self._group = options, run, group
        self._client, self._name = run.client("autoscaling"), options["name"]
        self._attached = Members.read(group).target_groups
        self.marked = Marks.read(tags_of(group)).leaving is not None
        self.guard = Guard(run, options, group)

    def announce(self) -> None:
        if not self.marked:
            tags = tag_for("leaving", self._options["reason"], datetime.fromtimestamp(int(self._run.clock.now()), UTC))
            when_free(self._run, partial(autoscaling.tag_group, self._client, self._name, tags))

    def finish(self) -> dict[str, Any]:
        """A group that is shrunk step by step drains by itself, and one that is ended by force has served nobody."""
        if not self._options["force"] and not self._options["spread_seconds"]:
            self._drain()
        return remove(self._options, self._run, self.guard)

    def _drain(self) -> None:
        """Out of its target groups, or, when that fails, back in."""
        try:
            for arn in self.guard.target_groups:
                self._run.progress(f"draining {self._name}")
                waits = {"autoscaling_group": self._name, "wait": True, "wait_timeout": self._drain_seconds(arn)}
                detach(waits, self._run, find_target_group(self._run, arn), self.guard)
        except InUseError:
            raise
        except BluegreenError as error:
            raise BluegreenError(f"{error} {self._put_back()} Run again to go on.", **error.facts) from error

    def stopping(self, work: Any) -> Any:
        """What came to be in use meanwhile is put back, as far as this removal has changed it."""
        try:
            return work()
        except InUseError as error:
            raise InUseError(f"{error} {self._put_back()}", **error.facts) from error

    def _put_back(self) -> str:
        present = read_members(self._run, self._name).target_groups
        detached = [arn for arn in self._attached if arn not in present]
        for arn in detached:
            when_free(self._run, partial(autoscaling.attach_target_group, self._client, self._name, arn))
        if not self.marked:
            when_free(self._run, partial(autoscaling.untag_group, self._client, self._name, [LEAVING]))
        return "It is attached to its target groups again." if detached else "Its instances were left alone."

    def _drain_seconds(self, arn: str) -> int:
        """Never less than AWS reports targets as draining, or the wait would fail for certain."""
        return max(self._options["drain_timeout"] or 0, read_delay(self._run, arn) + DRAIN_MARGIN)


def _read(run: Run, name: str) -> Group | None:
    """None also for a group that is being deleted already."""
    found = autoscaling.describe_groups(run.client("autoscaling"), names=[name])
    return found[0] if found and "Status" not in found[0] else None
