# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One wait for a group's instances, which ends with the reason as soon as there is evidence that it cannot succeed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

from ..._aws.group.parts import describe_hooks
from ..._aws.targets.activities import describe_activities
from ..._core.base.arns import target_group_name
from ..._core.base.errors import BluegreenError, InVainError
from ..._core.targets.activities import Activity
from ..._core.targets.hook_wait import waiting_members, waiting_message
from ..._core.targets.launch_failures import PATIENT, LaunchFailures, Patience
from ..._core.targets.members import Members
from ..._core.targets.registration import Look, targets_as_data
from ..._core.targets.sight import Sight
from ..base.run import Run, together
from .health import read_targets
from .members import read_members

CLOCKS_APART = timedelta(seconds=60)  # AWS's and this machine's, at most


class InstanceWait:
    """What was seen is remembered from look to look: the health of an instance that is gone is reported by nobody.

    ``members`` is the group as it was at the last look.
    """

    def __init__(self, run: Run, group: str, target_group_arn: str, patience: Patience = PATIENT) -> None:
        self._run = run
        self._group = group
        self._target_group = target_group_arn
        self._began = run.now
        self._failures = LaunchFailures(patience)
        self._activities: Sequence[Activity] = ()
        self.members: Members | None = None

    def read(self, members: Members | None = None) -> Sight:
        """``members``: the group, if it was read just now."""
        return self._with_targets(members or read_members(self._run, self._group))

    def look(self, sight: Sight | None = None) -> Look:
        """The group as it is now: an instance that is replaced is waited for no longer, but its successor is.

        ``sight``: what was read of it just now.
        """
        sight = sight or self.read()
        before, self.members, look = self.members, sight.members, sight.look()
        if not look.reached:
            if sight.members.is_short or sight.members.members != (before and before.members):
                self._activities = self._read_activities(sight.members)
            self._weigh(sight, look)
        return replace(look, remark=self._failures.remark())

    def confirm(self) -> Look:
        """A fraction of a second after a good look the same instances should still be healthy; one that leaves drains.
        Otherwise it is checked as a whole."""
        if self.members and (look := self._with_targets(self.members).look()).reached:
            return look
        return self.look()

    def explain(self) -> str:
        """Which lifecycle hook is not completed, once the time has ended. Nothing without the right to read hooks."""
        if self.members is None or not (waiting := waiting_members(self.members)):
            return ""
        with suppress(BluegreenError):
            return waiting_message(self._group, waiting, describe_hooks(self._run.client("autoscaling"), self._group))
        return ""

    def _with_targets(self, members: Members) -> Sight:
        arns = list(dict.fromkeys([self._target_group, *members.target_groups]))
        found = together(*[partial(read_targets, self._run, arn) for arn in arns])
        return Sight(members, dict(zip(arns, found, strict=True)))

    def _read_activities(self, members: Members) -> Sequence[Activity]:
        """Those since the group exists, or since the wait began: what went wrong before that was dealt with.

        A launch that fails leaves the group short of an instance, and one that is lost shows in its instances; as long
        as neither is so, as while they boot, there is nothing new to read.
        """
        page = describe_activities(self._run.client("autoscaling"), self._group)
        oldest = max(members.created, self._began - CLOCKS_APART)
        return [each for each in map(Activity.read, page) if each.started >= oldest]

    def _weigh(self, sight: Sight, look: Look) -> None:
        now, members = self._run.clock.monotonic(), sight.members
        targets = {target_group_name(arn): each for arn, each in sight.targets.items()}
        self._failures = self._failures.seen(now, members, targets, self._activities)
        if verdict := self._failures.verdict(now, members):
            name = target_group_name(self._target_group)
            raise InVainError(
                f"{self._group} does not come up in target group {name}. {verdict.sentence}",
                targets=targets_as_data(look.targets),
                activities=[each.as_data() for each in verdict.activities],
            )
