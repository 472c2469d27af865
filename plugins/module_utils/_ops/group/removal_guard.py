# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads, right before each call that ends instances, whether their environment may still be removed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from ..._aws.base.errors import AwsError
from ..._aws.traffic import elbv2
from ..._core.base.groups import is_being_deleted
from ..._core.group.in_use import Group, InUseError, Use, refuse_use
from ..._core.group.removal_plan import Leaving
from ..._core.targets.registration import TargetGroup
from ..base.run import Run, together
from ..lease.hold import LostLeaseError
from ..targets.members import find_group
from .use import read_declared, read_use

WHOLE_LOOK_SECONDS = 15.0
EVERY_RULE_SECONDS = 60.0
LOOK_SECONDS = 2.0
RULE_GONE = "RuleNotFound"  # DescribeRules in the API reference


@contextmanager
def given_up_for_returns(guard: Callable[[], Any]) -> Iterator[None]:
    """A rollback that has taken the lease needs the group back, so it is in use. Any other run decides about the group
    itself: what this removal has taken from it stays so, unless ``guard`` finds it in use."""
    try:
        yield
    except LostLeaseError as error:
        if error.to_return:
            raise InUseError(str(error), **error.facts) from error
        with suppress(AwsError):
            guard()
        raise


class Guard:
    """Guards one removal. Called right before each write that somebody would miss, it reads what speaks against it.

    That is the group, the tags, and the weights of all listeners, of the routes, and of the rules that name the target
    groups. Rules that did not name them are read again after ``WHOLE_LOOK_SECONDS``.

    While the group drains, its targets are unharmed but get no new requests, so whoever returns to them needs them back
    soon. ``look`` is for that wait. One call shows whether the environment was declared stable again: that is what
    every return of this collection does first, and it gives the removal seconds to back out (``_ops/service/settle``).
    So it is asked at each look that is not just after another. What somebody else may do (weights by hand, another
    deadline) is read every ``WHOLE_LOOK_SECONDS``, or at the pace of the run, and again before the next such write. To
    read every rule takes a call for each listener, and an account has few calls, so that ``look`` reads them every
    ``EVERY_RULE_SECONDS``.
    """

    def __init__(self, run: Run, leaving: Leaving) -> None:
        """Right after ``leaving`` was decided: what was read for that is as recent."""
        self._run, self._leaving = run, leaving
        self._target_groups, self._rules = leaving.target_groups, leaving.use.rules(leaving.asked.around)
        self._looked_at = self._seen_whole_at = self._every_rule_at = run.clock.monotonic()

    def __call__(self, rules_seconds: float = WHOLE_LOOK_SECONDS) -> Group | None:
        """The group as it is now; None when it is gone, or being deleted by somebody else. ``rules_seconds``: how long
        ago all rules may have been read."""
        run, began = self._run, self._run.clock.monotonic()
        group, self._target_groups = together(partial(find_group, run, self._leaving.name), self._reread)
        if group is None or is_being_deleted(group):
            return None
        refuse_use(self._read_use(group, began - self._every_rule_at < rules_seconds), self._leaving.decided)
        self._looked_at, self._seen_whole_at = run.clock.monotonic(), began
        return group

    def look(self) -> None:
        now = self._run.clock.monotonic()
        if now - self._seen_whole_at >= max(WHOLE_LOOK_SECONDS, self._run.pace):
            self(EVERY_RULE_SECONDS)
        elif now - self._looked_at >= LOOK_SECONDS:
            refuse_use(read_declared(self._run, self._leaving.group, self._target_groups), self._leaving.decided)
            self._looked_at = now

    def _read_use(self, group: Group, known: bool) -> Use:
        """``known``: of the rules only those that are known to name the target groups."""
        read = partial(read_use, self._run, self._leaving.asked.around, group, self._target_groups)
        if known:
            try:
                return read(self._rules)
            except AwsError as error:
                if error.code != RULE_GONE:
                    raise
        began = self._run.clock.monotonic()
        use = read()
        self._rules, self._every_rule_at = use.rules(self._leaving.asked.around), began
        return use

    def _reread(self) -> list[TargetGroup]:
        """A target group that no route referred to may have come into one. One that is in a route stays with its load
        balancer ("You can't share a target group between load balancers", target groups in the user guide)."""
        loose = [each.arn for each in self._target_groups if not each.in_use]
        found = elbv2.describe_target_groups_by_arn(self._run.client("elbv2"), loose) if loose else []
        return [*(each for each in self._target_groups if each.in_use), *map(TargetGroup.read, found)]
