# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removes an environment: announces it, takes its group out of its target groups, drains it, and removes the group.

Nothing that AWS offers here is conditional, so two who act on one environment look at each other. A removal writes the
mark ``leaving`` first, and then reads whether the environment is in use. Who returns to an environment declares it
stable first, and then reads the mark. Whichever is first, at least one of them sees the other.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from ..._aws.bake import cloudwatch
from ..._aws.group import autoscaling
from ..._core.base.errors import BluegreenError
from ..._core.base.findings import Report
from ..._core.base.timestamps import utc
from ..._core.group.capacity import originals_of
from ..._core.group.in_use import InUseError
from ..._core.group.marks import tag_for
from ..._core.group.removal import Announcement, Removal
from ..._core.group.removal_plan import Leaving, RemovalPlan, decide, leave
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..launch.template_versions import prune_versions
from .deletion import end, wait_until_gone
from .drain import drain, put_back
from .removal_facts import find_left_alarms, read_facts
from .removal_guard import Guard
from .warm_pool import put_pool_back


def announce(asked: Announcement, run: Run) -> dict[str, Any]:
    """State leaving of module autoscaling_clone."""
    facts = read_facts(run, asked)
    if facts.use is None:
        raise BluegreenError(f"There is no Auto Scaling group {asked.name} to be removed.")
    leaving = leave(facts.use, facts.target_groups, asked)
    if not run.check_mode:
        guard = Guard(run, leaving)
        _mark(run, leaving)
        _back_out(run, leaving, guard)
    return leaving.as_data()


def remove(asked: Removal, run: Run) -> dict[str, Any]:
    """State absent of module autoscaling_clone.

    The alarms are found without the group, by their tags, so a run that died after the group was gone is completed.
    """
    asked.check()
    facts, alarms = together(partial(read_facts, run, asked), partial(find_left_alarms, run, asked))
    plan = decide(facts, alarms, asked)
    if not run.check_mode:
        apply(run, plan)
    return plan.as_data(*_prune(run, plan))


def apply(run: Run, plan: RemovalPlan) -> None:
    if plan.leaving:
        guard = Guard(run, plan.leaving)
        _mark(run, plan.leaving)
        _back_out(run, plan.leaving, partial(_end, run, plan, plan.leaving, guard))
    if plan.group and plan.asked.wait and not plan.empties:
        wait_until_gone(run, plan.asked)
    if plan.alarms:
        cloudwatch.delete_alarms(run.client("cloudwatch"), list(plan.alarms))


def _mark(run: Run, leaving: Leaving) -> None:
    """The removal changes the bounds of a pinned group, so its tags say what to restore whatever they are."""
    if not leaving.marked:
        own = originals_of(leaving.group)
        tags = (own.tags() if own else {}) | tag_for("leaving", leaving.asked.reason, utc(int(run.clock.now())))
        when_free(run, partial(autoscaling.tag_group, run.client("autoscaling"), leaving.name, tags))


def _end(run: Run, plan: RemovalPlan, leaving: Leaving, guard: Guard) -> None:
    if plan.drains:
        drain(run, leaving, guard, plan.asked.drain_timeout)
    end(run, plan, leaving, guard)


def _back_out(run: Run, leaving: Leaving, work: Callable[[], Any]) -> None:
    """What came to be in use meanwhile is put back, as far as this removal has changed it. The warm pool, which takes
    longest, comes after the mark, for which a return waits."""
    try:
        work()
    except InUseError as error:
        free, report = run.without_beats(), Report()
        said = [report.of(put_back, free, leaving), report.of(put_pool_back, free, leaving.group)]
        raise InUseError(" ".join([str(error), *filter(None, said), *report.findings]), **error.facts) from error


def _prune(run: Run, plan: RemovalPlan) -> tuple[list[str], list[str]]:
    if plan.group is None or plan.asked.keep_versions is None:
        return [], []
    return prune_versions(run, plan.group, plan.asked.service, plan.asked.keep_versions)
