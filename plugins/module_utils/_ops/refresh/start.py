# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts an instance refresh to an image, unless the group and its instances have it already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from ..._aws.group import autoscaling
from ..._aws.refresh import rolling
from ..._core.bake.alarms import QUIET
from ..._core.base.errors import BluegreenError
from ..._core.base.tags import RELEASE, SERVICE, tags_of
from ..._core.launch.sources import LaunchPlan
from ..._core.refresh.history import Rolled
from ..._core.refresh.preferences import Preferences
from ..._core.refresh.result import RefreshResult
from ..._core.refresh.state import (
    Refresh,
    check_alone,
    doubts,
    find_refused,
    find_suspended,
    find_unbounded,
    launches,
    outdated,
    under_way,
)
from ..bake.alarms import read_alarms
from ..base.lost_answers import unless_done
from ..base.retry_in_use import when_free
from ..base.run import Run, together
from ..launch.templates import make_launch, plan_launch, read_images
from .wait import read_refreshes

Group = Mapping[str, Any]
Begin = Callable[[], None]


@dataclass(frozen=True)
class Goal:
    """``ends``: this run waits until the group has the image, and labels it then. ``journal``: what the group leaves is
    written down, so that there is a way back."""

    service: str
    image_id: str
    release: str | None
    preferences: Preferences
    ends: bool = False
    journal: bool = True


def roll_to(run: Run, group: Group, goal: Goal, begin: Begin = lambda: None) -> RefreshResult:
    """The result has the refresh that was started; none in check mode, or when there is nothing to replace. ``begin``
    comes before the first write."""
    name, rolled = group["AutoScalingGroupName"], Rolled.read(tags_of(group))
    plan, images = together(
        partial(plan_launch, run, group, goal.service, goal.image_id, None), partial(read_images, run, [group])
    )
    plan = replace(plan, numbered=True)
    old = outdated(group, plan, goal.preferences)
    if launches(group, plan) and not old:
        # A run that died while it waited has left the release before on the group.
        label = end_tags(goal, rolled) if goal.journal else rolled.label(goal.image_id, goal.release)
        if label and not run.check_mode:
            begin()
        write_tags(run, name, label)
        before = {RELEASE: rolled.release} if label else {}
        called = rolled.called(goal.image_id, goal.release)
        return RefreshResult(changed=bool(label), before=before, after=label, release=called, warnings=[])
    _check(run, group, goal)
    former = images[name] if goal.journal and images[name] != goal.image_id else None
    journal = rolled.journal(former) if former else {}
    result = RefreshResult(
        changed=True,
        before={"image_id": images[name], "outdated": old},
        after={"image_id": goal.image_id, "outdated": []},
        release=Rolled.read({**tags_of(group), **journal}).called(goal.image_id, goal.release),
        warnings=[*plan.warnings(), *doubts(group), *find_unbounded(group), *goal.preferences.warnings()],
    )
    if run.check_mode:
        return result
    begin()
    write_tags(run, name, {**journal, **rolled.begun(goal.image_id)})
    started, remarks = _start(run, plan, goal)
    return replace(result, refresh=started, warnings=[*(result.warnings or []), *remarks])


def _check(run: Run, group: Group, goal: Goal) -> None:
    """On the way back, that AWS may replace all instances at the same time is worth a warning only."""
    unbounded = find_unbounded(group) if goal.journal else []
    if hindrances := [*find_refused(group), *find_suspended(group), *unbounded]:
        raise BluegreenError(" ".join(hindrances))
    if goal.journal:
        groups = autoscaling.describe_groups(run.client("autoscaling"), tags={SERVICE: goal.service})
        check_alone(group, goal.service, groups)
    _require_quiet(run, goal.preferences.alarms)


def end_tags(goal: Goal, rolled: Rolled) -> dict[str, str]:
    """What is written at the end of a roll that was waited for, as far as it is not there yet."""
    if not goal.ends:
        return {}
    return rolled.label(goal.image_id, goal.release) | rolled.finished(goal.image_id)


def write_tags(run: Run, group: str, tags: Mapping[str, str]) -> None:
    if tags and not run.check_mode:
        when_free(run, partial(autoscaling.tag_group, run.client("autoscaling"), group, tags))


def _start(run: Run, plan: LaunchPlan, goal: Goal) -> tuple[Refresh, list[str]]:
    """A run that dies before the last call leaves a version of the launch template, which the next one finds."""
    client, name = run.client("autoscaling"), plan.source["AutoScalingGroupName"]
    plan, remarks = make_launch(run, plan, goal.service, goal.release or goal.image_id)
    run.progress(f"rolling {name} to {goal.image_id}")
    begin = partial(rolling.start_refresh, client, name, plan.fields(), goal.preferences.request())

    def started() -> Refresh | None:
        active = under_way(read_refreshes(run, name))
        return active if active and active.forward and active.configuration == plan.fields() else None

    def start() -> Refresh:
        return Refresh.begun(when_free(run, begin), name, plan.fields())

    return unless_done(start, "InstanceRefreshInProgress", started), remarks


def _require_quiet(run: Run, alarms: Sequence[str]) -> None:
    """AWS starts no refresh with an alarm that is in state ALARM or has no data (user guide, "Start with auto
    rollback")."""
    if loud := [alarm for alarm in read_alarms(run, alarms) if alarm.state != QUIET]:
        raise BluegreenError(
            "AWS starts an instance refresh only while all its alarms are OK. "
            f"{' '.join(map(str, loud))} Wait until they are, let them treat missing data as not breaching, or leave "
            "them out.",
            alarms=[alarm.name for alarm in loud],
        )
